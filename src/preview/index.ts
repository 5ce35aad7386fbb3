export { type ChangeParts, type ConfigChange, configChange, type PersonChange } from "./change.js";
export { knownPeople } from "./known.js";
export { type History, readHistory } from "./read.js";
export { type KnownPeople, replay, type Verdict } from "./replay.js";
export { type Outcome, type PersonPreview, summarize, totalOf } from "./summary.js";
