export { type ProgramEvent, programEvent, targetOfChatKey } from "./program-event.js";
