export type { AccountStatus, GatewayStatus } from "../health/index.js";
export { AccountRuntime } from "./account/account.js";
export { idleStatus } from "./account/idle-status.js";
export { macOf } from "./account/mac.js";
export { hopStage, probeAccount, probeMac } from "./account/probe.js";
export { wayTo } from "./account/remote-mac.js";
export type { Gateway, OutgoingMessage } from "./contract.js";
export { askGateway } from "./control/client.js";
export type { ControlMethod, ControlParameters, ControlResult, SentStatus } from "./control/table.js";
export type {
  AccountEvent,
  DecisionEvent,
  EventListener,
  HealthEvent,
  MessageEvent,
  Occasion,
  SentEvent,
  TurnEvent,
} from "./events.js";
export { createGateway, gatewayOf } from "./gateway.js";
export { type GatewayInfo, isWritableByOthers, lockState, readGatewayInfo } from "./lock.js";
export type { GatewayOptions, GatewayParts } from "./options.js";
export { refuseSecondGateway } from "./second-gateway.js";
