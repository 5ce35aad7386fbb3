export { removeVariable, setVariable } from "./edit.js";
export { environmentPath, readEnvironment, readVariables } from "./file.js";
export { isVariableName } from "./text.js";
