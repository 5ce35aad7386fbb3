export { CatchUp, type CatchUpDeps, type CatchUpSettings, catchUpTimes } from "./catchup.js";
export { type CatchupCursor, cursorPath, readCursor, writeCursor } from "./catchup-cursor.js";
export { chatKeyOf, replyTargetOf, sidOf } from "./envelope.js";
export type { Span } from "./facts.js";
export { Intake } from "./intake.js";
export type { IntakeDeps } from "./intake-deps.js";
export { ownerNotices } from "./owner-notice.js";
export type { AccountRules, Place } from "./rules.js";
