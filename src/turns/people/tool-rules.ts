import type { ToolRights } from "../../agents/index.js";

/** Which tools a group of people has. */
export interface ToolRule {
  /** The only ones; absent: all. */
  allow?: readonly string[] | undefined;
  deny?: readonly string[];
}

/** The tools of a turn: what every rule of its people leaves (behaviour 18.3). */
export class ToolRules implements ToolRights {
  /** Rules in one order, whoever of the people wrote first. */
  readonly key: string;

  constructor(private readonly rules: readonly ToolRule[]) {
    this.key = JSON.stringify([...new Set(rules.map((rule) => JSON.stringify(rule)))].sort());
  }

  /** Whether a tool may be used; a name that ends with `*` in a rule stands for all that begin so. */
  mayUse(tool: string): boolean {
    return this.rules.every(
      ({ allow, deny = [] }) =>
        !deny.some((name) => matches(name, tool)) && (allow?.some((name) => matches(name, tool)) ?? true),
    );
  }
}

/** Upper and lower case are the same: a slip of the shift key gives nobody a tool. */
function matches(name: string, tool: string): boolean {
  const [wanted, given] = [name.trim().toLowerCase(), tool.toLowerCase()];
  return wanted.endsWith("*") ? given.startsWith(wanted.slice(0, -1)) : wanted === given;
}
