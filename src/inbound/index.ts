export { chatKeyOf, replyTargetOf, sidOf } from "./envelope.js";
export type { Span } from "./facts.js";
export { Intake, type IntakeDeps } from "./intake.js";
export { ownerNotices } from "./owner-notice.js";
export type { AccountRules, Place } from "./rules.js";
