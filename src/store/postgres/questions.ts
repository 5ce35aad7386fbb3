import type { NewOutboxItem } from "../outbox.js";
import type {
  AskedIn,
  GivenVote,
  NewQuestion,
  Question,
  QuestionState,
  QuestionStore,
  WaitingQuestion,
} from "../questions.js";
import { orNull, orUndefined } from "../rows/columns.js";
import { toQuestion } from "../rows/question.js";
import { findAsked, openIn } from "./asked.js";
import { closeOthers, findOccasion } from "./occasions.js";
import { insertPlaces } from "./question-places.js";
import { mustRun } from "./running-turns.js";
import type { Base } from "./statements.js";
import { endVote, keepVote } from "./votes.js";
import { json } from "./words.js";

/** What owners are asked, each with the messages that asked it. */
export class PostgresQuestions implements QuestionStore {
  constructor(private readonly base: Base) {}

  ask(question: NewQuestion, asked: NewOutboxItem[], run?: number): Promise<boolean> {
    return this.base.write(["outbox", "questions"], async (tx) => {
      if (run !== undefined) await mustRun(tx, question.turnId, run);
      const added = await tx
        .sql(
          `INSERT INTO question (id, account, kind, turn_id, session_key, title, options, asked_at, expires_at, answerers, words, occasion, state)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open') ON CONFLICT (id) DO NOTHING`,
        )
        .run(
          question.id,
          question.account,
          question.kind,
          question.turnId,
          question.sessionKey,
          question.title,
          json(question.options),
          question.askedAt,
          question.expiresAt,
          json(question.answerers),
          orNull(question.words),
          orNull(question.occasion),
        );
      if (added === 0) return false;
      await insertPlaces(tx, question, asked, question.askedAt);
      return true;
    });
  }

  end(
    id: string,
    state: Exclude<QuestionState, "open">,
    at: number,
    answer?: { choice: string; by: string },
  ): Promise<boolean> {
    return this.base.write(["questions"], async ({ sql }) => {
      const ended = await sql(
        "UPDATE question SET state = ?, ended_at = ?, choice = ?, answered_by = ? WHERE id = ? AND state = 'open'",
      ).run(state, at, orNull(answer?.choice), orNull(answer?.by), id);
      return ended > 0;
    });
  }

  async abandon(at: number, turnId?: string): Promise<number> {
    // Mostly there are none, and a start need not wait for the disk.
    const left = `state = 'open' AND kind = 'permission' AND CASE WHEN ?1::text IS NOT NULL THEN turn_id = ?1
      ELSE NOT EXISTS (SELECT 1 FROM turn WHERE turn.id = question.turn_id AND turn.state = 'running') END`;
    const of = orNull(turnId);
    if (!(await this.base.sql(`SELECT 1 FROM question WHERE ${left} LIMIT 1`).get(of))) return 0;
    return this.base.write(["questions"], ({ sql }) =>
      sql(`UPDATE question SET state = 'closed', ended_at = ?2 WHERE ${left}`).run(of, at),
    );
  }

  async get(id: string): Promise<Question | undefined> {
    const row = await this.base.sql("SELECT * FROM question WHERE id = ?").get(id);
    return row && toQuestion(row);
  }

  waiting(): Promise<WaitingQuestion[]> {
    return this.base.read(async ({ sql }) => {
      const open = await sql(
        "SELECT * FROM question WHERE state = 'open' AND kind <> 'draft' ORDER BY asked_at, id",
      ).all();
      const places = await sql(
        `SELECT p.question_id, p.chat_key, o.text FROM question_place p JOIN outbox o ON o.id = p.outbox_id
         WHERE p.question_id = ANY(?) ORDER BY p.outbox_id`,
      ).all(open.map(({ id }) => id!));
      return open.map((row) => {
        const asked = places.filter(({ question_id }) => question_id === row.id);
        const first = asked.filter(({ chat_key }) => chat_key === asked[0]!.chat_key);
        return { ...toQuestion(row), texts: first.map(({ text }) => String(text ?? "")) };
      });
    });
  }

  async open(account: string, chatKeys: string[]): Promise<Question[]> {
    return (await openIn(this.base, account, chatKeys)).map(toQuestion);
  }

  asked(account: string, where: AskedIn): Promise<Question[]> {
    return this.base.read((tx) => findAsked(tx, account, where));
  }

  vote(id: string, vote: GivenVote, settlesAt: number): Promise<boolean> {
    // A draft expires again when its vote is taken back.
    return this.base.write(["drafts"], (tx) => keepVote(tx, id, vote, settlesAt));
  }

  async votesDue(at: number): Promise<Question[]> {
    const rows = await this.base
      .sql("SELECT * FROM question WHERE vote_at <= ? ORDER BY vote_at, id")
      .all(at);
    return rows.map(toQuestion);
  }

  async nextVote(): Promise<number | undefined> {
    const row = await this.base
      .sql("SELECT min(vote_at) AS at FROM question WHERE vote_at IS NOT NULL")
      .get();
    return orUndefined<number>(row?.at ?? null);
  }

  voted(id: string, said: NewOutboxItem[], at: number): Promise<void> {
    return this.base.write(["drafts", "outbox"], (tx) => endVote(tx, id, said, at));
  }

  ofTurn(turnId: string, occasion: string): Promise<Question | undefined> {
    return findOccasion(this.base, turnId, occasion);
  }

  closeOthers(turnId: string, occasions: readonly string[], at: number): Promise<void> {
    return this.base.write(["questions"], (tx) => closeOthers(tx, turnId, occasions, at));
  }
}
