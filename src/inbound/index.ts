export { chatKeyOf, replyTargetOf, sidOf } from "./envelope.js";
export { type AccountRules, Intake, type IntakeDeps } from "./intake.js";
