export { configText, type Edit, editFile, replaceFile, writeConfigFile } from "./file.js";
export { parseInput } from "./input.js";
export { setValue, unsetValue } from "./text.js";
