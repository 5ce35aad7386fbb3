export { ChatReach } from "./chat-reach.js";
export { noteConnection } from "./connections.js";
export { chatOfTurn, meantAmong, meantChat } from "./meant-chat.js";
export { cursorEvent, gapEvent, type ProgramEvent, programEvent, type ReaderNote } from "./program-event.js";
export { keepForPrograms, restWithoutPrograms } from "./programs-reader.js";
export { Sight } from "./sight.js";
