export { tryAgent } from "./agents/try.js";
export { askGateway } from "./control/client.js";
export { createGateway, type Gateway, type GatewayOptions } from "./gateway.js";
export { idleStatus } from "./idle-status.js";
export { type GatewayInfo, readGatewayInfo } from "./lock.js";
export { createLog, type LogSettings } from "./log.js";
export { probeAccount } from "./probe.js";
export type { AccountStatus, GatewayStatus, Stage } from "./status.js";
