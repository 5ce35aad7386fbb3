export type * from "./agents.js";
export type * from "./contract.js";
export { openExistingSqliteStore, openSqliteStore } from "./sqlite/index.js";
export type { Store } from "./store.js";
export { sumUsage, type Usage } from "./usage.js";
