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
import type { Base, Tx } from "./statements.js";

/** Not settled by anybody; `unsent` while the message with its code surely did not leave. */
const open = "state IN ('pending', 'unsent')";

/** Contacts may answer imsg later than the first message comes: a later row of the chat then has the name. */
const laterName = `(SELECT body ->> 'senderName' FROM journal
  WHERE account = pairing.account AND chat_id = pairing.chat_id AND own = 0 AND body ->> 'senderName' <> ''
  ORDER BY id DESC LIMIT 1)`;

const requests = `SELECT *, ${laterName} AS later_name FROM pairing`;

/** Requests to be let in, and who was. */
export class PostgresPairing implements PairingStore {
  constructor(private readonly base: Base) {}

  pending(at: number, account?: string): Promise<PairingRequest[]> {
    return pendingRequests(this.base, at, account);
  }

  async findByCode(code: string, account?: string): Promise<PairingRequest | undefined> {
    const row = await this.base
      .sql(`${requests} WHERE code = ?1 AND (?2::text IS NULL OR account = ?2) ORDER BY id DESC LIMIT 1`)
      .get(code, orNull(account));
    return row && toRequest(row);
  }

  isApproved(account: string, handle: string): Promise<boolean> {
    return isApproved(this.base, account, handle);
  }

  async approvedIn(account: string, chatId: number): Promise<string | undefined> {
    const row = await this.base
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
    const rows = await this.base
      .sql(
        "SELECT * FROM approval WHERE (?1::text IS NULL OR account = ?1) ORDER BY approved_at, account, handle",
      )
      .all(orNull(account));
    return rows.map(toApproval);
  }

  approve(request: PairingRequest, at: number, wish: ApprovalWish): Promise<ApprovalOutcome> {
    return this.base.write(["journal", "outbox"], async (tx) => {
      // Somebody else may have settled it since it was read.
      const now = await reread(tx, request);
      if (now.state !== "pending") return { state: now.state };
      if (now.expiresAt <= at) return { state: "expired" };
      const { owner, isNew } = await letIn(tx, request, at, wish.ownership);
      await close(tx, request, "approved");
      const notice = isNew ? wish.notice?.[owner ? "owner" : "guest"] : undefined;
      if (notice) await insertOutbox(tx, request.account, notice, at);
      const replayed = wish.replay ? await replay(tx, request) : 0;
      return { state: "done", owner, told: notice !== undefined, replayed };
    });
  }

  admit(account: string, handle: string, at: number): Promise<void> {
    return this.base.write([], async (tx) => {
      await letIn(tx, { account, handle }, at, "guest");
    });
  }

  deny(request: PairingRequest): Promise<boolean> {
    return this.base.write([], async (tx) => {
      if ((await reread(tx, request)).state !== "pending") return false;
      await close(tx, request, "denied");
      return true;
    });
  }

  revoke(account: string, handle: string): Promise<boolean> {
    return this.base.write(
      [],
      async ({ sql }) =>
        (await sql("DELETE FROM approval WHERE account = ? AND handle = ?").run(account, handle)) > 0,
    );
  }

  async hasOptedOut(account: string, handle: string): Promise<boolean> {
    return (await standingStop(this.base, account, handle)) !== undefined;
  }

  async optedOut(account?: string): Promise<{ account: string; handle: string; since: number }[]> {
    const rows = await this.base
      .sql("SELECT * FROM opt_out WHERE (?1::text IS NULL OR account = ?1) ORDER BY since, account, handle")
      .all(orNull(account));
    return rows.map(toOptOut);
  }

  owners(account: string): Promise<string[]> {
    return approvedOwners(this.base, account);
  }
}

/** What became of a request since it was read; nobody else settles it until the end of the transaction. */
async function reread({ sql }: Tx, { account, handle, code }: PairingRequest): Promise<PairingRequest> {
  const row = await sql(
    `${requests} WHERE account = ? AND handle = ? AND code = ? ORDER BY id DESC LIMIT 1 FOR UPDATE OF pairing`,
  ).get(account, handle, code);
  return toRequest(row!);
}

/** Settles a person's request, and earlier ones whose code expired or never arrived. */
async function close(
  { sql }: Tx,
  { account, handle }: PairingRequest,
  state: "approved" | "denied",
): Promise<void> {
  await sql(`UPDATE pairing SET state = ? WHERE account = ? AND handle = ? AND ${open}`).run(
    state,
    account,
    handle,
  );
}

/** What was written in the request's chat since the request, oldest first (behaviour 3.3). */
async function replay({ sql }: Tx, request: PairingRequest): Promise<number> {
  const rows = await sql(
    `SELECT id FROM journal WHERE account = ? AND chat_id = ? AND own = 0 AND decision = 'pairing' AND decided_at >= ?
     ORDER BY id`,
  ).all(request.account, request.chatId, request.requestedAt);
  await sql(reopenSql).run(
    "replay",
    rows.map(({ id }) => id!),
  );
  return rows.length;
}

/** As the contract's `pending`; also inside a transaction. */
export async function pendingRequests({ sql }: Tx, at: number, account?: string): Promise<PairingRequest[]> {
  const rows = await sql(
    `${requests} WHERE ${open} AND expires_at > ?1 AND (?2::text IS NULL OR account = ?2) ORDER BY id`,
  ).all(at, orNull(account));
  return rows.map(toRequest);
}

/** Keeps a new request; inside a transaction of the caller. */
export async function insertRequest({ sql }: Tx, account: string, request: NewPairingRequest): Promise<void> {
  const { handle, name, code, requestedAt, expiresAt, chatId, text } = request;
  await sql(
    `INSERT INTO pairing (account, handle, name, code, requested_at, expires_at, chat_id, text, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending')`,
  ).run(account, handle, orNull(name), code, requestedAt, expiresAt, chatId, text);
}

/** The message with a code surely did not leave: the sender's next message may offer it again. @param text of the message */
export async function noteUnsentCode({ sql }: Tx, account: string, text: string): Promise<void> {
  await sql(
    "UPDATE pairing SET state = 'unsent' WHERE account = ? AND state = 'pending' AND strpos(?, code) > 0",
  ).run(account, text);
}

/**
 * Offers an unsent request once more, under the code of this offer; what was written first stays with it, and earlier
 * requests of the sender stay expired.
 * @param at milliseconds since the epoch
 */
export async function offerAgain(
  { sql }: Tx,
  account: string,
  { handle, code, expiresAt }: NewPairingRequest,
  at: number,
): Promise<void> {
  await sql(
    `UPDATE pairing SET state = 'pending', code = ?, expires_at = ?
     WHERE account = ? AND handle = ? AND state = 'unsent' AND expires_at > ?`,
  ).run(code, expiresAt, account, handle, at);
}

/** As in the contract; also inside a transaction. */
export async function isApproved({ sql }: Tx, account: string, handle: string): Promise<boolean> {
  return (
    (await sql("SELECT 1 FROM approval WHERE account = ? AND handle = ?").get(account, handle)) !== undefined
  );
}

/** The STOP of a person; also inside a transaction. @returns undefined where none stands */
export async function standingStop(
  { sql }: Tx,
  account: string,
  handle: string,
): Promise<StandingStop | undefined> {
  const row = await sql("SELECT * FROM opt_out WHERE account = ? AND handle = ?").get(account, handle);
  return row && toStop(row);
}

/** Handles of those whose approval made them owners, the first one first. */
export async function approvedOwners({ sql }: Tx, account: string): Promise<string[]> {
  const rows = await sql(
    "SELECT handle FROM approval WHERE account = ? AND is_owner = 1 ORDER BY approved_at, handle",
  ).all(account);
  return rows.map((row) => String(row.handle));
}
