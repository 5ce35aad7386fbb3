export { delayRemedy, delayText, type UsualDelay } from "./arrival-delay.js";
export { CatchUp } from "./catchup.js";
export { cursorPath, importCursor, readCursor, writeCursor } from "./catchup-cursor.js";
export { rulesFor } from "./compile-rules.js";
export { factsOf } from "./facts.js";
export { historySince } from "./history-since.js";
export { Intake, type IntakeTimes } from "./intake.js";
export type {
  Absences,
  IntakeParts,
  Span,
} from "./intake-deps.js";
export { lateJoinWaits } from "./late-join.js";
export { groupQuietMs } from "./listening.js";
export { isTold, MacClock, type Skew, skewText } from "./mac-clock.js";
export { MissedSummary, missedQuietMs } from "./missed-summary.js";
export { Outages } from "./outages.js";
export { type FileStamp, ProgressWatch } from "./progress.js";
export { findAnswer, type GivenAnswer, type PollVote, writtenAt } from "./question.js";
export { ResumePoint } from "./resume-point.js";
export type { AccountRules } from "./rules.js";
export { sameDatabase } from "./same-database.js";
