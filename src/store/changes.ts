/** What a hint of a change may be about. */
export type Topic = "journal" | "turns" | "outbox" | "schedule" | "drafts" | "events";
