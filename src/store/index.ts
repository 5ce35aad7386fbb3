export type * from "./agents.js";
export type * from "./contract.js";
export { openExistingSqliteStore, openSqliteStore } from "./sqlite/index.js";
export { sumUsage } from "./usage.js";
