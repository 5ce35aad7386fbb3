export type * from "./accounts.js";
export type * from "./actions.js";
export type * from "./allowance.js";
export type * from "./bindings.js";
export { type BlobStore, blobIn, blobPath } from "./blobs.js";
export type * from "./by-hand.js";
export type * from "./changes.js";
export type * from "./claim.js";
export type * from "./drafts.js";
export type * from "./enrolment.js";
export type * from "./errands.js";
export type * from "./events.js";
export type * from "./gate.js";
export type * from "./group-sessions.js";
export type * from "./health.js";
export type * from "./journal.js";
export { isRerun } from "./journal.js";
export { NodeLease } from "./node-lease.js";
export type * from "./nodes.js";
export type * from "./notices.js";
export type * from "./outbox.js";
export type * from "./pairing.js";
export type * from "./people.js";
export {
  copyStateToFile,
  copyStateToServer,
  hasState,
  lockStateAt,
  openExistingStateAt,
  openStateAt,
  type StatePlace,
  stateFile,
  takeStateAt,
  withExistingStateAt,
} from "./place.js";
export type * from "./questions.js";
export type * from "./restored.js";
export { Retention } from "./retention.js";
export { RetryingStore, type StoreTrouble } from "./retrying.js";
export { together } from "./rows/item.js";
export type * from "./schedule.js";
export { copyState } from "./sqlite/copy.js";
export { openExistingStore, openStore, storeOver } from "./sqlite/index.js";
export { openStateDatabase } from "./sqlite/open.js";
export { settleRestored } from "./sqlite/restored.js";
export type { Store } from "./store.js";
export { type Token, type TokenScope, tokenScopes } from "./tokens.js";
export type * from "./turns.js";
export { sumUsage, type Usage } from "./usage.js";
