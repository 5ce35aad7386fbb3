export { type ActionName, type ActionToggle, actionNamed, actionNames } from "./catalogue.js";
export type { ActionDeps, ActionSettings, Actor } from "./context.js";
export type { Conversation } from "./conversation.js";
export type { FileRules } from "./files.js";
export { MessageActions } from "./message-actions.js";
export type { Offer } from "./offer.js";
export { Presence, type PresenceDeps } from "./presence.js";
export { queueSend } from "./queue-send.js";
export { StandingBubbles } from "./standing-bubbles.js";
