export { type Edit, type Edited, type EditRefused, editFile, replaceFile, writeConfigFile } from "./file.js";
export { parseInput } from "./input.js";
export { setValue, unsetValue } from "./text.js";
