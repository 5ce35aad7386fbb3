export type * from "./actions.js";
export type * from "./agents.js";
export type * from "./contract.js";
export type * from "./people.js";
export { openExistingSqliteStore, openSqliteStore } from "./sqlite/index.js";
export type { Store } from "./store.js";
export { sumUsage } from "./usage.js";
