/**
 * What a hint of a change may be about. `journal`: rows wait for their gates again; `rows`: rows came in or were decided, or it was found out
 * where they belong and what they are. `nodes`: a node came or went, or an account is free.
 */
export type Topic =
  | "journal"
  | "rows"
  | "questions"
  | "turns"
  | "outbox"
  | "schedule"
  | "drafts"
  | "events"
  | "nodes"
  | "errands";
