export { chatKeysOf } from "./echo.js";
export { chatKeyOf, replyTargetOf, sidOf } from "./envelope.js";
export { Intake, type IntakeDeps } from "./intake.js";
export { openTurn } from "./open-turn.js";
export { findAnswer } from "./question.js";
export type { AccountRules, Place } from "./rules.js";
