export { type ActionName, type ActionToggle, actionNamed, actionNames } from "./catalogue.js";
export type { Conversation } from "./conversation.js";
export type { FileRules } from "./files.js";
export { type ActionDeps, type ActionSettings, type Actor, MessageActions } from "./message-actions.js";
export type { Offer } from "./offer.js";
export { Presence, type PresenceDeps } from "./presence.js";
export { queueSend } from "./queue-send.js";
