export { CatchUp, type CatchUpDeps, type CatchUpSettings, catchUpTimes } from "./catchup.js";
export { type CatchupCursor, cursorPath, readCursor, writeCursor } from "./catchup-cursor.js";
export { chatKeyOf, replyTargetOf, sidOf } from "./envelope.js";
export type { Span } from "./facts.js";
export { Intake, type IntakeDeps } from "./intake.js";
export { MissedSummary, missedQuietMs } from "./missed-summary.js";
export { ownerNotices } from "./owner-notice.js";
export type { AccountRules, Place } from "./rules.js";
