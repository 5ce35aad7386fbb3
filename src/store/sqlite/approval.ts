import { becomesOwner, type Ownership } from "../first-owner.js";
import type { Base } from "./statements.js";

/**
 * Lets somebody in and decides whether that makes an owner; inside a transaction of the caller. An owner stays one.
 * @returns `isNew` is false for somebody who was let in before
 */
export function letIn(
  { sql }: Base,
  { account, handle }: { account: string; handle: string },
  at: number,
  ownership: Ownership,
): { owner: boolean; isNew: boolean } {
  const approvals = Number(sql("SELECT count(*) AS total FROM approval").get()!.total);
  const owner = becomesOwner(ownership, approvals);
  const before = sql("SELECT 1 FROM approval WHERE account = ? AND handle = ?").get(account, handle);
  sql(
    `INSERT INTO approval (account, handle, approved_at, is_owner) VALUES (?, ?, ?, ?)
     ON CONFLICT (account, handle) DO UPDATE SET is_owner = max(is_owner, excluded.is_owner)`,
  ).run(account, handle, at, owner ? 1 : 0);
  return { owner, isNew: before === undefined };
}
