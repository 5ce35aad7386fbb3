import type { StandingStop } from "../gate.js";
import type {
  Approval,
  ApprovalOutcome,
  ApprovalWish,
  NewPairingRequest,
  PairingRequest,
  PairingStore,
} from "../pairing.js";
import { orNull } from "../rows/columns.js";
import { toApproval, toOptOut, toRequest, toStop } from "../rows/request.js";
import { letIn } from "./approval.js";
import { reopenSql } from "./entries.js";
import { insertOutbox } from "./insert-outbox.js";
import type { Base } from "./statements.js";

/** Not settled by anybody; `unsent` while the message with its code surely did not leave. */
const open = "state IN ('pending', 'unsent')";

/** Requests to be let in, and who was. */
export class SqlitePairing implements PairingStore {
  constructor(private readonly base: Base) {}

  async pending(at: number, account?: string): Promise<PairingRequest[]> {
    return pendingRequests(this.base, at, account);
  }

  async findByCode(code: string, account?: string): Promise<PairingRequest | undefined> {
    const row = this.base
      .sql(`${requests} WHERE code = ? AND (? IS NULL OR account = ?) ORDER BY id DESC LIMIT 1`)
      .get(code, orNull(account), orNull(account));
    return row && toRequest(row);
  }

  async isApproved(account: string, handle: string): Promise<boolean> {
    return isApproved(this.base, account, handle);
  }

  async approvedIn(account: string, chatId: number): Promise<string | undefined> {
    const row = this.base
      .sql(
        `SELECT handle FROM approval WHERE account = ?1 AND handle IN
           (SELECT handle FROM pairing WHERE account = ?1 AND chat_id = ?2 AND state = 'approved'
            UNION ALL SELECT handle FROM enrolment WHERE account = ?1 AND chat_id = ?2 AND state = 'used')
         ORDER BY approved_at DESC LIMIT 1`,
      )
      .get(account, chatId);
    return row && String(row.handle);
  }

  async approvals(account?: string): Promise<Approval[]> {
    return this.base
      .sql("SELECT * FROM approval WHERE (? IS NULL OR account = ?) ORDER BY approved_at")
      .all(orNull(account), orNull(account))
      .map(toApproval);
  }

  approve(request: PairingRequest, at: number, wish: ApprovalWish): Promise<ApprovalOutcome> {
    return this.base.writeToDisk(["journal", "outbox"], () => {
      // Somebody else may have settled it since it was read.
      const now = this.#reread(request);
      if (now.state !== "pending") return { state: now.state };
      if (now.expiresAt <= at) return { state: "expired" };
      const { owner, isNew } = letIn(this.base, request, at, wish.ownership);
      this.#close(request, "approved");
      const notice = isNew ? wish.notice?.[owner ? "owner" : "guest"] : undefined;
      if (notice) insertOutbox(this.base, request.account, notice, at);
      const replayed = wish.replay ? this.#replay(request) : 0;
      return { state: "done", owner, told: notice !== undefined, replayed };
    });
  }

  async admit(account: string, handle: string, at: number): Promise<void> {
    await this.base.writeToDisk([], () => letIn(this.base, { account, handle }, at, "guest"));
  }

  deny(request: PairingRequest): Promise<boolean> {
    return this.base.writeToDisk([], () => {
      if (this.#reread(request).state !== "pending") return false;
      this.#close(request, "denied");
      return true;
    });
  }

  revoke(account: string, handle: string): Promise<boolean> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk(
      [],
      () =>
        Number(sql("DELETE FROM approval WHERE account = ? AND handle = ?").run(account, handle).changes) > 0,
    );
  }

  async hasOptedOut(account: string, handle: string): Promise<boolean> {
    return standingStop(this.base, account, handle) !== undefined;
  }

  async optedOut(account?: string): Promise<{ account: string; handle: string; since: number }[]> {
    return this.base
      .sql("SELECT * FROM opt_out WHERE (? IS NULL OR account = ?) ORDER BY since")
      .all(orNull(account), orNull(account))
      .map(toOptOut);
  }

  async owners(account: string): Promise<string[]> {
    return approvedOwners(this.base, account);
  }

  /** What became of a request since it was read. */
  #reread({ account, handle, code }: PairingRequest): PairingRequest {
    const row = this.base
      .sql(`${requests} WHERE account = ? AND handle = ? AND code = ? ORDER BY id DESC LIMIT 1`)
      .get(account, handle, code);
    return toRequest(row!);
  }

  /** Settles a person's request, and earlier ones whose code expired or never arrived. */
  #close({ account, handle }: PairingRequest, state: "approved" | "denied"): void {
    this.base
      .sql(`UPDATE pairing SET state = ? WHERE account = ? AND handle = ? AND ${open}`)
      .run(state, account, handle);
  }

  /** What was written in the request's chat since the request, oldest first (behaviour 3.3). */
  #replay(request: PairingRequest): number {
    const { sql } = this.base;
    const rows = sql(
      `SELECT id FROM journal WHERE account = ? AND chat_id = ? AND own = 0 AND decision = 'pairing' AND decided_at >= ?
       ORDER BY id`,
    ).all(request.account, request.chatId, request.requestedAt);
    for (const row of rows) sql(reopenSql).run("replay", row.id!);
    return rows.length;
  }
}

/** Contacts may answer imsg later than the first message comes: a later row of the chat then has the name. */
const laterName = `(SELECT json_extract(body, '$.senderName') FROM journal
  WHERE account = pairing.account AND chat_id = pairing.chat_id AND own = 0 AND json_extract(body, '$.senderName') <> ''
  ORDER BY id DESC LIMIT 1)`;

const requests = `SELECT *, ${laterName} AS later_name FROM pairing`;

/** As the contract's `pending`; also inside a transaction. */
export function pendingRequests({ sql }: Base, at: number, account?: string): PairingRequest[] {
  return sql(`${requests} WHERE ${open} AND expires_at > ? AND (? IS NULL OR account = ?) ORDER BY id`)
    .all(at, orNull(account), orNull(account))
    .map(toRequest);
}

/** Keeps a new request; inside a transaction of the caller. */
export function insertRequest({ sql }: Base, account: string, request: NewPairingRequest): void {
  const { handle, name, code, requestedAt, expiresAt, chatId, text } = request;
  sql(
    `INSERT INTO pairing (account, handle, name, code, requested_at, expires_at, chat_id, text, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending')`,
  ).run(account, handle, orNull(name), code, requestedAt, expiresAt, chatId, text);
}

/** As in the contract; also inside a transaction. */
export function isApproved({ sql }: Base, account: string, handle: string): boolean {
  return sql("SELECT 1 FROM approval WHERE account = ? AND handle = ?").get(account, handle) !== undefined;
}

/** The STOP of a person; also inside a transaction. @returns undefined where none stands */
export function standingStop({ sql }: Base, account: string, handle: string): StandingStop | undefined {
  const row = sql("SELECT * FROM opt_out WHERE account = ? AND handle = ?").get(account, handle);
  return row && toStop(row);
}

/** Handles of those whose approval made them owners, the first one first. */
export function approvedOwners({ sql }: Base, account: string): string[] {
  return sql("SELECT handle FROM approval WHERE account = ? AND is_owner = 1 ORDER BY approved_at")
    .all(account)
    .map((row) => String(row.handle));
}
