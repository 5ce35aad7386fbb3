export { ChatCommands } from "./chat-commands.js";
export type { GatewayControls, SessionControls } from "./contract.js";
export { commandNames } from "./run.js";
