import type { Base } from "./statements.js";

/** Lets somebody in; inside a transaction of the caller. An owner stays one. */
export function insertApproval(
  base: Base,
  account: string,
  handle: string,
  at: number,
  owner: boolean,
): void {
  base
    .sql(
      `INSERT INTO approval (account, handle, approved_at, is_owner) VALUES (?, ?, ?, ?)
       ON CONFLICT (account, handle) DO UPDATE SET is_owner = max(is_owner, excluded.is_owner)`,
    )
    .run(account, handle, at, owner ? 1 : 0);
}
