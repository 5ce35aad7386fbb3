export { type CallDeps, callAll, callManager } from "./call.js";
export { knownManager, serviceManager } from "./find.js";
export type { ServiceManager } from "./manager.js";
export { ownProgram } from "./own-program.js";
export { type ServiceContext, serviceMark } from "./plan.js";
export { shellOnlyRemedy, shellOnlyVariables } from "./shell-only.js";
export { isVersioned } from "./stable-path.js";
export { serviceState } from "./state.js";
