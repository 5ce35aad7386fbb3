import type { MessageRow } from "../../conversation/index.js";
import { recentRows } from "../rows/entry.js";
import type { Base } from "./statements.js";

/** Keeps the own addresses that rows were sent to, inside a transaction. */
export function rememberOwnAddresses({ sql }: Base, account: string, rows: readonly MessageRow[]): void {
  const insert = sql("INSERT OR IGNORE INTO own_address (account, address) VALUES (?, ?)");
  for (const { destination } of rows) if (destination) insert.run(account, destination);
}

/** Own addresses that the newest rows were sent to, the newest first. */
export function recentOwnAddresses({ sql }: Base, account: string): string[] {
  return sql(
    `SELECT address, max(id) AS newest FROM
       (SELECT id, json_extract(body, '$.destination') AS address FROM journal WHERE +account = ? ORDER BY id DESC LIMIT ?)
     WHERE address IS NOT NULL GROUP BY address ORDER BY newest DESC`,
  )
    .all(account, recentRows)
    .map((row) => String(row.address));
}
