export { agentFacts, knownAgentFacts } from "./agents.js";
export { askedIn, draftRow, findDraft } from "./draft.js";
export { findEntry } from "./find-entry.js";
export { type InboxRow, inboxRow } from "./message.js";
export { requestRow } from "./pairing.js";
export { type NamedPerson, personFacts, personNamed } from "./person.js";
export { cancelSchedule, goesAt, scheduleRow } from "./schedule.js";
export { replyFacts, type Story, storyFacts, storyOf } from "./story.js";
export { iso } from "./time.js";
