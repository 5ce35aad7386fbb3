import { limitedByTokens, limitedByTurns, tokensPerTurn } from "../cast.js";
import type { Facts, Invariant } from "./invariant.js";

/** What a person reads whose limit is reached. */
const enough = "That is all that I can answer you today. Write to me again tomorrow.";
/** SQL: what only reads along counts for nobody. */
const isAsked = "turn.envelope ->> '$.listening' IS NULL";
/** What an owner reads then. */
const toOwners = "% (accessGroups.%PerDay%";

/**
 * Nobody who has a limit has more turns of a day than it allows, whatever dies and whatever runs side by side; what is left out
 * has its reason, and is told once a day to the person and to the owner (behaviour 18.3b).
 */
export function limitsHeld(): Invariant {
  const judge = (facts: Facts): string | undefined => {
    const { state, turnsPerDay: most } = facts;
    const days = state
      .prepare(
        // A turn whose agent never heard of it cost no tokens.
        `SELECT p.handle, p.day, count(*) AS turns FROM turn_person p JOIN turn ON turn.id = p.turn_id
         WHERE ${isAsked} AND (p.handle <> ? OR usage IS NULL OR usage <> '[]') GROUP BY p.handle, p.day`,
      )
      .all(limitedByTokens);
    for (const { handle, day, turns } of days) {
      if (handle !== limitedByTurns && handle !== limitedByTokens) continue;
      if (most !== undefined && Number(turns) > most)
        return `${handle} has had ${turns} turns on ${day}, of ${most}`;
    }
    return uncounted(facts);
  };
  return {
    name: "limits hold, and are told once",
    sometimes: judge,
    end(facts: Facts) {
      return judge(facts) ?? leftOut(facts);
    },
  };
}

/** An agent that runs for somebody runs in a turn that is counted. */
function uncounted({ ledger, state }: Facts): string | undefined {
  const find = state.prepare(
    "SELECT day, error, EXISTS (SELECT 1 FROM turn_person WHERE turn_id = turn.id AND handle = ?) AS counts FROM turn WHERE id = ?",
  );
  // A turn whose beginning was on no disk when the power was cut begins anew, where there is still room.
  const isCut = ledger.counts.has("death by power cut");
  for (const { turnId, writers } of ledger.runs)
    for (const who of writers) {
      const turn = find.get(who, turnId);
      if (turn === undefined || turn.counts === 1 || isCut) continue;
      return `an agent ran for ${who} in turn ${turnId}, which is not counted for them`;
    }
  return undefined;
}

function leftOut({ state, ledger, turnsPerDay: most }: Facts): string | undefined {
  const refused = state
    .prepare("SELECT sender, decision, decided_at, turn_id FROM journal WHERE reason = 'limit_reached'")
    .all();
  if (most === undefined)
    return refused.length > 0 ? `${refused.length} messages are left out, and nobody has a limit` : undefined;
  for (const { sender, decision } of refused) {
    ledger.count("message left out by a limit");
    if (decision !== "drop") return `a message of ${sender} is left out, and decided as ${decision}`;
  }
  const told = state.prepare("SELECT handle, day FROM limit_told").all();
  for (const { handle, day } of told) {
    const { turns, tokens, untold } = state
      .prepare(
        `SELECT count(*) AS turns, coalesce(sum((SELECT sum((value ->> '$.inputTokens') + (value ->> '$.outputTokens')) FROM json_each(usage))), 0) AS tokens,
           coalesce(sum(usage IS NULL), 0) AS untold
         FROM turn JOIN turn_person p ON p.turn_id = turn.id AND p.handle = ?1 AND p.day = ?2 WHERE ${isAsked}`,
      )
      .get(String(handle), String(day))!;
    const isReached =
      handle === limitedByTurns
        ? Number(turns) >= most
        : Number(tokens) >= most * tokensPerTurn || Number(untold) > 0;
    if (!isReached)
      return `${handle} was left out on ${day} after ${turns} turns and ${tokens} tokens, of ${most}`;
  }
  const count = (sql: string, value: string) => Number(state.prepare(sql).get(value)?.n);
  const lines = count("SELECT count(*) AS n FROM outbox WHERE text = ?", enough);
  const notices = count("SELECT count(*) AS n FROM outbox WHERE text LIKE ?", toOwners);
  if (lines !== told.length || notices !== told.length)
    return `${told.length} limits were reached; people were told ${lines} times, owners ${notices} times`;
  if (refused.length > 0 && told.length === 0) return "messages are left out, and nobody was told";
  const rows = ledger.own.filter(({ text }) => text === enough).length;
  return rows > told.length
    ? `people read ${rows} times that their limit is reached, which it was ${told.length} times`
    : undefined;
}
