export type {
  Bridge,
  BridgeEvents,
  BridgeState,
  HistoryQuery,
  SendFailure,
  SendReceipt,
  SendRequest,
  SendResult,
  SubscriptionStart,
} from "./contract.js";
