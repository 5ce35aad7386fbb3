import { orNull } from "../rows/columns.js";
import type { Base } from "./statements.js";

/** When turns that only read along were queued; see `TurnStore.listened`. */
export function listenedSince({ sql }: Base, account: string, chatId: number, since: number): number[] {
  return sql(
    `SELECT queued_at FROM turn WHERE account = ? AND queued_at > ? AND envelope ->> '$.listening'
       AND envelope ->> '$.chat.chatId' = ? ORDER BY queued_at`,
  )
    .all(account, since, chatId)
    .map(({ queued_at }) => Number(queued_at));
}

/** How many turns wait and run; see `TurnStore.counts`. */
export function countTurns({ sql }: Base, account?: string): { queued: number; running: number } {
  const rows = sql(
    `SELECT state, count(*) AS count FROM turn
     WHERE state IN ('queued', 'running') AND (? IS NULL OR account = ?) GROUP BY state`,
  ).all(orNull(account), orNull(account));
  const of = (state: string) => Number(rows.find((row) => row.state === state)?.count ?? 0);
  return { queued: of("queued"), running: of("running") };
}
