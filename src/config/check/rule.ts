import type { ConfigPath } from "../path.js";
import type { Config } from "../schema/config.js";
import type { SchemaIssue } from "./issues.js";

/** A finding of a rule over several fields. */
export interface RuleFinding extends SchemaIssue {
  severity: "error" | "warning";
  /** Further places that the rule looked at: where one of them is itself wrong, the finding is left out. */
  because?: ConfigPath[];
}

/** A rule over several fields of a configuration whose fields are right, each by itself. */
export type Rule = (config: Config) => Iterable<RuleFinding>;
