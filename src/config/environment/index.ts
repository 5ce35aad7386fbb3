export { removeVariable, setVariable } from "./edit.js";
export { type Environment, environmentPath, readEnvironment, readVariables } from "./file.js";
export { isVariableName } from "./text.js";
