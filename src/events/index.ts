export { ChatReach } from "./chat-reach.js";
export { noteConnection } from "./connections.js";
export { cursorEvent, gapEvent, type ProgramEvent, programEvent, type ReaderNote } from "./program-event.js";
export { keepForPrograms, restWithoutPrograms } from "./programs-reader.js";
export { Sight } from "./sight.js";
