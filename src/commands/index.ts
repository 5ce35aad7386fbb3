export { settleQuestion } from "./answer.js";
export { approveRequest } from "./approval/approve.js";
export { denyRequest } from "./approval/deny.js";
export { findRequest } from "./approval/request.js";
export { revokeApproval } from "./approval/revoke.js";
export { ChatCommands } from "./chat-commands.js";
export type { GatewayControls, SessionControls } from "./contract.js";
export { sharedMemoryWarning, sharedSessions } from "./shared-sessions.js";
export { commandRules } from "./table.js";
