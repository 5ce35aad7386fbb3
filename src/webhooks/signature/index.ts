export { isSecret, isSigned } from "../verify.js";
