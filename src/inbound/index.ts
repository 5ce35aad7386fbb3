export { chatKeyOf, replyTargetOf, sidOf } from "./envelope.js";
export { Intake, type IntakeDeps } from "./intake.js";
export type { OpenedTurn } from "./open-turn.js";
export type { AccountRules, Place } from "./rules.js";
