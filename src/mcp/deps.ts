import type { ApiDeps, Gate } from "../api/index.js";

/** What agents of other systems are served with. */
export interface McpDeps {
  /** What they ask is asked as over the API. */
  api: ApiDeps;
  /** That of the API: a token is counted once, wherever it is used. */
  gate: Gate;
}
