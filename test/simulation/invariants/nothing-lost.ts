import type { Facts, Invariant } from "./invariant.js";

/** What is answered by the gateway itself, or waits to be told with the next turn: the decision says it. */
const answeredAtOnce = new Set(["command", "pairing", "context"]);

/** Each message has one turn or one told reason, and the journal explains each row (behaviour 14, 16.4). */
export function nothingLost(): Invariant {
  return {
    name: "each message has one turn or one told reason",
    end({ ledger, state }: Facts) {
      const rows = state.prepare("SELECT guid, state, decision, reason, turn_id FROM journal").all();
      const byGuid = new Map(rows.map((row) => [String(row.guid), row]));
      const turns = new Map(
        state
          .prepare("SELECT id, state, error FROM turn")
          .all()
          .map((turn) => [String(turn.id), turn]),
      );
      for (const said of ledger.said.values()) {
        const row = byGuid.get(said.guid);
        if (row === undefined) return `${said.token} of ${said.who} (row ${said.rowId}) stands in no journal`;
        if (row.state !== "done" && row.state !== "failed")
          return `${said.token} is still ${row.state} (${row.decision}, ${row.reason})`;
        if (row.reason === "echo")
          return `${said.token} of ${said.who} is taken for an echo of our own words`;
        if (row.decision === null) return `${said.token} was never decided`;
        if (row.decision === "dispatch") {
          const turn = turns.get(String(row.turn_id));
          if (turn === undefined && row.reason === null) return `${said.token} was let in and has no turn`;
          if (turn && !["done", "failed", "cancelled"].includes(String(turn.state)))
            return `the turn of ${said.token} is ${turn.state}`;
        } else if (row.reason === null && !answeredAtOnce.has(String(row.decision)))
          return `${said.token} is ${row.decision}, and nothing says why`;
      }
      return undefined;
    },
  };
}
