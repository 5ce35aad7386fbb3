export { configChange } from "./change.js";
export { knownPeople } from "./known.js";
export { readHistory } from "./read.js";
export { replay } from "./replay.js";
export { type PersonPreview, summarize, totalOf } from "./summary.js";
