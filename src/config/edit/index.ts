export { type Edit, type Edited, type EditRefused, editFile } from "./file.js";
export { parseInput } from "./input.js";
export { setValue, unsetValue } from "./text.js";
