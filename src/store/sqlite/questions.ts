import type { SqlValue } from "../../platform/index.js";
import type { NewOutboxItem } from "../outbox.js";
import type { NewQuestion, Question, QuestionState, QuestionStore } from "../questions.js";
import { insertOutbox } from "./outbox.js";
import { type Base, orNull } from "./statements.js";

/** Permission requests, each with the messages that asked it. */
export class SqliteQuestions implements QuestionStore {
  constructor(private readonly base: Base) {}

  ask(question: NewQuestion, asked: NewOutboxItem[]): Promise<void> {
    const { sql, write } = this.base;
    return write(["outbox"], () => {
      sql(
        `INSERT INTO question (id, account, turn_id, session_key, title, options, asked_at, expires_at, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open')`,
      ).run(
        question.id,
        question.account,
        question.turnId,
        question.sessionKey,
        question.title,
        JSON.stringify(question.options),
        question.askedAt,
        question.expiresAt,
      );
      for (const item of asked) {
        const outbox = insertOutbox(this.base, question.account, undefined, 0, item, question.askedAt);
        sql("INSERT INTO question_place (outbox_id, question_id, account, chat_key) VALUES (?, ?, ?, ?)").run(
          outbox,
          question.id,
          question.account,
          item.chatKey,
        );
      }
    });
  }

  end(
    id: string,
    state: Exclude<QuestionState, "open">,
    at: number,
    answer?: { choice: string; by: string },
  ): Promise<boolean> {
    const { sql, writeToDisk } = this.base;
    // The agent does what it was allowed right after.
    return writeToDisk(
      [],
      () =>
        Number(
          sql(
            "UPDATE question SET state = ?, ended_at = ?, choice = ?, answered_by = ? WHERE id = ? AND state = 'open'",
          ).run(state, at, orNull(answer?.choice), orNull(answer?.by), id).changes,
        ) > 0,
    );
  }

  async abandon(at: number): Promise<number> {
    const { sql, write } = this.base;
    // Mostly there are none, and a start need not wait for the disk.
    if (!sql("SELECT 1 FROM question WHERE state = 'open' LIMIT 1").get()) return 0;
    return write([], () =>
      Number(sql("UPDATE question SET state = 'closed', ended_at = ? WHERE state = 'open'").run(at).changes),
    );
  }

  get(id: string): Question | undefined {
    const row = this.base.sql("SELECT * FROM question WHERE id = ?").get(id);
    return row && toQuestion(row);
  }

  open(account: string, chatKeys: string[]): Question[] {
    const rows = chatKeys.flatMap((chatKey) =>
      this.base
        .sql(
          `SELECT q.* FROM question q JOIN question_place p ON p.question_id = q.id
           WHERE q.state = 'open' AND p.account = ? AND p.chat_key = ?`,
        )
        .all(account, chatKey),
    );
    return rows.map(toQuestion).sort((one, other) => one.askedAt - other.askedAt);
  }

  byGuid(account: string, guid: string): Question | undefined {
    const row = this.base
      .sql(
        `SELECT q.* FROM outbox o JOIN question_place p ON p.outbox_id = o.id JOIN question q ON q.id = p.question_id
         WHERE o.account = ? AND o.guid = ?`,
      )
      .get(account, guid);
    return row && toQuestion(row);
  }

  lastSaid(account: string, chatKeys: string[]): Question | undefined {
    const newest = chatKeys
      .flatMap((chatKey) =>
        this.base
          .sql(
            `SELECT id FROM outbox WHERE account = ? AND chat_key = ? AND origin != 'command' ORDER BY id DESC LIMIT 1`,
          )
          .all(account, chatKey),
      )
      .reduce((highest, { id }) => Math.max(highest, Number(id)), 0);
    const row = this.base
      .sql("SELECT q.* FROM question_place p JOIN question q ON q.id = p.question_id WHERE p.outbox_id = ?")
      .get(newest);
    return row && toQuestion(row);
  }
}

function toQuestion(row: Record<string, SqlValue>): Question {
  return {
    id: String(row.id),
    account: String(row.account),
    turnId: String(row.turn_id),
    sessionKey: String(row.session_key),
    title: String(row.title),
    options: JSON.parse(String(row.options)) as Question["options"],
    askedAt: Number(row.asked_at),
    expiresAt: Number(row.expires_at),
    state: row.state as QuestionState,
    ...(row.choice !== null && { choice: String(row.choice) }),
    ...(row.answered_by !== null && { answeredBy: String(row.answered_by) }),
    ...(row.ended_at !== null && { endedAt: Number(row.ended_at) }),
  };
}
