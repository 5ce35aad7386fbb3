export { isSigned } from "../verify.js";
