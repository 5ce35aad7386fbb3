export { noteConnection } from "./connections.js";
export { type ProgramEvent, programEvent } from "./program-event.js";
