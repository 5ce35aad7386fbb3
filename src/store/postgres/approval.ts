import { becomesOwner, type Ownership } from "../first-owner.js";
import type { Tx } from "./statements.js";

/**
 * Lets somebody in and decides whether that makes an owner; inside a transaction of the caller. An owner stays one.
 * @returns `isNew` is false for somebody who was let in before
 */
export async function letIn(
  { sql }: Tx,
  { account, handle }: { account: string; handle: string },
  at: number,
  ownership: Ownership,
): Promise<{ owner: boolean; isNew: boolean }> {
  const row = await sql(
    `SELECT (SELECT count(*) FROM approval) AS total, (SELECT count(*) FROM approval WHERE account = ? AND handle = ?) AS before`,
  ).get(account, handle);
  const owner = becomesOwner(ownership, Number(row!.total));
  await sql(
    `INSERT INTO approval AS had (account, handle, approved_at, is_owner) VALUES (?, ?, ?, ?)
     ON CONFLICT (account, handle) DO UPDATE SET is_owner = greatest(had.is_owner, excluded.is_owner)`,
  ).run(account, handle, at, owner ? 1 : 0);
  return { owner, isNew: row!.before === 0 };
}
