export { type CallDeps, callAll, callManager } from "./call.js";
export { knownManager, serviceManager } from "./find.js";
export type { ManagerCall, ServiceManager } from "./manager.js";
export type { ServiceContext } from "./plan.js";
