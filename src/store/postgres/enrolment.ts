import type { Enrolment, EnrolmentStore, Guesses, NewEnrolment } from "../enrolment.js";
import { orNull } from "../rows/columns.js";
import { toEnrolment } from "../rows/enrolment.js";
import { letIn } from "./approval.js";
import type { Base, Tx } from "./statements.js";

/** Phrases that let in whoever writes them first. */
export class PostgresEnrolments implements EnrolmentStore {
  constructor(private readonly base: Base) {}

  open(account: string, enrolment: NewEnrolment): Promise<Enrolment> {
    return this.base.write([], async ({ sql }) => {
      await sql("UPDATE enrolment SET state = 'replaced' WHERE account = ? AND state = 'open'").run(account);
      const row = (await sql(
        `INSERT INTO enrolment (account, phrase, is_owner, created_at, expires_at, state)
         VALUES (?, ?, ?, ?, ?, 'open') RETURNING *`,
      ).get(account, enrolment.phrase, enrolment.owner ? 1 : 0, enrolment.createdAt, enrolment.expiresAt))!;
      return toEnrolment(row);
    });
  }

  current(account: string, at: number): Promise<Enrolment | undefined> {
    return openEnrolment(this.base, account, at);
  }

  async get(id: number): Promise<Enrolment | undefined> {
    const row = await this.base.sql("SELECT * FROM enrolment WHERE id = ?").get(id);
    return row && toEnrolment(row);
  }

  async last(account?: string): Promise<Enrolment | undefined> {
    const row = await this.base
      .sql("SELECT * FROM enrolment WHERE (?1::text IS NULL OR account = ?1) ORDER BY id DESC LIMIT 1")
      .get(orNull(account));
    return row && toEnrolment(row);
  }

  guesses(id: number, handle: string): Promise<Guesses> {
    return guessesOf(this.base, id, handle);
  }

  phraseSaid(account: string, handle: string, phrase: string, most: Guesses, at: number): Promise<void> {
    return this.base.write([], async (tx) => {
      const { sql } = tx;
      const open = await openEnrolment(tx, account, at);
      if (open === undefined || open.phrase === phrase) return;
      const { id } = open;
      const { own, all } = await guessesOf(tx, id, handle);
      if (own >= most.own) return;
      await sql("INSERT INTO enrolment_guess (enrolment, handle) VALUES (?, ?)").run(id, handle);
      if (all + 1 >= most.all) await sql("UPDATE enrolment SET state = 'guessed' WHERE id = ?").run(id);
    });
  }
}

/** The account's enrolment that is open. @param at milliseconds since the epoch */
export async function openEnrolment(
  { sql }: Tx,
  account: string,
  at: number,
): Promise<Enrolment | undefined> {
  const row = await sql(
    "SELECT * FROM enrolment WHERE account = ? AND state = 'open' AND expires_at > ?",
  ).get(account, at);
  return row && toEnrolment(row);
}

/** How many wrong phrases of an enrolment came from this handle, and from all. @param id of the enrolment */
export async function guessesOf({ sql }: Tx, id: number, handle: string): Promise<Guesses> {
  const row = (await sql(
    "SELECT count(*) AS total, count(*) FILTER (WHERE handle = ?) AS own FROM enrolment_guess WHERE enrolment = ?",
  ).get(handle, id))!;
  return { own: Number(row.own), all: Number(row.total) };
}

/** Uses an enrolment up and lets its writer in; inside a transaction of the caller. @returns false when somebody was quicker */
export async function useEnrolment(
  tx: Tx,
  used: { enrolment: number; handle: string; chatId: number },
  at: number,
): Promise<boolean> {
  const row = await tx
    .sql(
      `UPDATE enrolment SET state = 'used', handle = ?, chat_id = ? WHERE id = ? AND state = 'open'
       RETURNING account, is_owner`,
    )
    .get(used.handle, used.chatId, used.enrolment);
  if (!row) return false;
  const person = { account: String(row.account), handle: used.handle };
  await letIn(tx, person, at, row.is_owner === 1 ? "owner" : "guest");
  return true;
}
