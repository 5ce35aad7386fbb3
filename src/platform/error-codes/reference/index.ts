export { codeTable } from "./code-table.js";
export { errorsPage } from "./errors-page.js";
