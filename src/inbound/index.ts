export { chatKeyOf, replyTargetOf, sidOf } from "./envelope.js";
export { type AccountRules, Intake, type IntakeDeps, type Place } from "./intake.js";
