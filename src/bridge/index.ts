export {
  type Ability,
  type ActionOutcome,
  type Capabilities,
  type ChatRef,
  chatRefOf,
  type DeliveryFacts,
  type MacAction,
  type MacActionParameters,
  type MacActions,
  type Support,
} from "./abilities.js";
export type {
  Bridge,
  BridgeHealth,
  BridgeIncident,
  BridgeReader,
  BridgeState,
  HistoryQuery,
  MacEvent,
  RecordedFrame,
  RemoteFiles,
  SendRequest,
  SendResult,
} from "./contract.js";
export { BridgeError, type Disposition, notBegun, ofOneChat } from "./error.js";
export { ImsgBridge, type ImsgBridgeOptions } from "./imsg/bridge.js";
export { supports } from "./imsg/capabilities.js";
export { orphanTimes } from "./imsg/child-record.js";
export { type CallOptions, ImsgClient, type ImsgClientOptions } from "./imsg/client.js";
export type { ImsgCommand, StartImsg } from "./imsg/command.js";
export type { FaultCode } from "./imsg/faults.js";
export { ImsgMac } from "./imsg/mac.js";
export {
  type ChatKey,
  type Formatting,
  type ImsgMethods,
  type MethodName,
  methodFacts,
  type Recipient,
} from "./imsg/methods.js";
export { type Malformed, parseChat } from "./imsg/parse-chat.js";
export { parseMessage } from "./imsg/parse-message.js";
export { type Probe, probe, probeRpc, probeStatus, probeVersion } from "./imsg/probe.js";
export { type ImsgStatus, type PrivateApi, parseStatus } from "./imsg/status.js";
export type { WatchEvents } from "./imsg/subscriptions.js";
export { type BridgeTimes, bridgeTimes } from "./imsg/supervisor.js";
export type { WireAttachment, WireChat, WireMessage } from "./imsg/wire.js";
export type {
  MacAccess,
  MacReader,
  ProbedPart,
  SubscriptionOptions,
} from "./mac.js";
export type { MessagesAnswer } from "./self-check/ask-messages.js";
export { findOwnAddress } from "./self-check/own-address.js";
export { type Reach, reachByTcp } from "./self-check/reach.js";
export { type RunTool, toolsOf } from "./self-check/run-tool.js";
export { type DatabaseVerdict, type Reached, type SelfCheck, selfCheck } from "./self-check/self-check.js";
export { checkHop } from "./ssh/check-hop.js";
export { SshFiles } from "./ssh/remote-files.js";
export type { RemoteMac } from "./ssh/remote-mac.js";
export { detectRemoteHost } from "./ssh/wrapper.js";
export { type Way, wayOf } from "./ssh/wrapper-file.js";
