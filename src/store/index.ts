export type * from "./contract.js";
export { openExistingSqliteStore, openSqliteStore } from "./sqlite/index.js";
