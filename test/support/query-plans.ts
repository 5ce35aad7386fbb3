import type { Database } from "../../src/platform/index.js";

/** Tables that grow with every message. */
const growing = ["journal", "outbox", "turn", "event", "action"];
/** Indexes that have only rows that wait, or went wrong: they may be read whole. */
const few = [
  ...["journal_open", "journal_untold", "journal_failed"],
  ...["turn_open", "turn_waiting", "turn_tell_next"],
  ...["outbox_open", "outbox_accepted", "outbox_ended"],
];

/**
 * Tells where a statement reads a growing table, or all of an account in it, however long that is.
 * @returns the steps of its plan that do
 */
export function wholeReads(database: Database, sql: string): string[] {
  const names = new Set(growing);
  for (const [, alias] of sql.matchAll(
    new RegExp(`\\b(?:FROM|JOIN) (?:${growing.join("|")}) (?:AS )?([a-z]+)\\b`, "g"),
  ))
    names.add(alias!);
  return database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => String(detail))
    .filter((detail) => {
      const [, how, table, index, by] =
        /^(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+)(?: \((.*)\))?)?/.exec(detail) ?? [];
      if (table === undefined || !names.has(table) || few.includes(index ?? "")) return false;
      return how === "SCAN" || by === "account=?";
    });
}
