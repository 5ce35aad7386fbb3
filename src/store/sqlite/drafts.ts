import { untypedCommands } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";
import type {
  Draft,
  DraftDecision,
  DraftState,
  DraftStore,
  DraftWords,
  HeldDraft,
  NewDraft,
} from "../drafts.js";
import type { NewOutboxItem } from "../outbox.js";
import { orNull, orUndefined } from "../rows/columns.js";
import { draftOptions, notApproved, toDraft, wordless } from "../rows/draft.js";
import { toItem } from "../rows/item.js";
import { noPlace } from "../rows/question.js";
import { endParts, releaseParts, rewordParts, textsOf } from "./draft-parts.js";
import { insertOutbox } from "./insert-outbox.js";
import { insertPlaces } from "./questions.js";
import type { Base } from "./statements.js";

type Row = Record<string, SqlValue>;

/** A vote that was given in time is carried out first, or taken back. */
const expires =
  "state = 'held' AND NOT EXISTS (SELECT 1 FROM question WHERE id = draft.id AND vote_at IS NOT NULL)";

/** A row that says something new in a draft's chat, by whoever writes there (also one that goes on to an owner); what came late counts by when it was written. */
const newer = `j.account = d.account AND j.id > d.floor_entry AND j.decision IS NOT NULL
  AND (j.decision <> 'command' OR j.decision_json ->> '$.name' = '${untypedCommands.forward}')
  AND coalesce(j.reason, '') NOT IN (${wordless})
  AND (coalesce(j.reason, '') NOT IN ('backlog', 'missed_offline', 'waiting_catchup') OR j.sent_at > d.opened_at)`;

/** What waits for an owner's yes (behaviour 18.1). A draft, its parts and its question change in one commit. */
export class SqliteDrafts implements DraftStore {
  constructor(private readonly base: Base) {}

  open(draft: NewDraft, at: number): Promise<Draft | undefined> {
    const { sql, write } = this.base;
    return write([], () => {
      const { id, account, madeBy, turnId, agentId, target, chatKey, to, approves, forOwner } = draft;
      const find = sql("SELECT * FROM draft WHERE made_by = ? AND chat_key = ?");
      const found = find.get(madeBy, chatKey);
      if (found) {
        if (approves) sql("UPDATE draft SET approves = 1 WHERE id = ?").run(found.id!);
        return this.#whole(find.get(madeBy, chatKey)!);
      }
      const isTaken =
        sql("SELECT 1 FROM draft WHERE id = ?").get(id) ?? sql("SELECT 1 FROM question WHERE id = ?").get(id);
      if (isTaken) return undefined;
      // What came before is no news; of its turn's own chat this is looked at again when the turn is over.
      const { floor } = sql("SELECT coalesce(max(id), 0) AS floor FROM journal").get()!;
      sql(
        `INSERT INTO draft (id, account, made_by, turn_id, agent_id, target, chat_key, addressee, approves, for_owner, state, floor_entry, opened_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)`,
      ).run(
        ...[id, account, madeBy, orNull(turnId), agentId, JSON.stringify(target), chatKey, to],
        ...[approves ? 1 : 0, orNull(forOwner), floor!, at],
      );
      return this.#whole(find.get(madeBy, chatKey)!);
    });
  }

  async get(id: string): Promise<Draft | undefined> {
    const row = this.base.sql("SELECT * FROM draft WHERE id = ?").get(id);
    return row && this.#whole(row);
  }

  async ofTurn(turnId: string): Promise<Draft[]> {
    return this.base
      .sql("SELECT * FROM draft WHERE turn_id = ? ORDER BY opened_at, id")
      .all(turnId)
      .map((row) => this.#whole(row));
  }

  async list(filter: {
    account?: string | undefined;
    states?: DraftState[];
    limit: number;
  }): Promise<Draft[]> {
    return this.base
      .sql(
        `SELECT * FROM draft WHERE (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR state IN (SELECT value FROM json_each(?2)))
         ORDER BY opened_at DESC, id DESC LIMIT ?3`,
      )
      .all(orNull(filter.account), filter.states ? JSON.stringify(filter.states) : null, filter.limit)
      .map((row) => this.#whole(row));
  }

  decide(id: string, { sends, by, words, tell }: DraftDecision, at: number): Promise<boolean> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk(["outbox"], () => {
      const row = this.#held(id);
      if (!row) return false;
      if (sends && words) this.#reword(row, words, at);
      sql("UPDATE draft SET state = ?, ended_at = ?, decided_by = ? WHERE id = ?").run(
        sends ? "sent" : "dropped",
        at,
        by,
        id,
      );
      endQuestion(this.base, id, at, { state: "answered", choice: sends ? "Send" : "Drop", by });
      if (sends) releaseParts(this.base, id, at);
      else endParts(this.base, id, notApproved("an owner dropped the draft"), at);
      tellAgent(this.base, row, tell);
      return true;
    });
  }

  reword(
    id: string,
    words: DraftWords[],
    { title, asked, told = [] }: Pick<HeldDraft, "title" | "asked" | "told">,
    at: number,
  ): Promise<boolean> {
    const { sql, writeToDisk } = this.base;
    // Without a vote it expires again.
    return writeToDisk(["outbox", "drafts"], () => {
      const row = this.#held(id);
      if (!row) return false;
      this.#reword(row, words, at);
      // What was said to the words before is no answer to these.
      sql("UPDATE question SET title = ?, vote = NULL, vote_at = NULL WHERE id = ?").run(title, id);
      sql("UPDATE question_place SET chat_key = ? WHERE question_id = ?").run(noPlace, id);
      insertPlaces(this.base, { id, account: String(row.account) }, asked, at);
      for (const item of told) insertOutbox(this.base, String(row.account), item, at);
      return true;
    });
  }

  expire(
    id: string,
    { items, tell }: { items: NewOutboxItem[]; tell: string },
    at: number,
  ): Promise<"expired" | "overtaken" | undefined> {
    const { sql, writeToDisk } = this.base;
    return writeToDisk(["outbox"], () => {
      const row = this.#held(id);
      if (!row) return undefined;
      const state = row.overtaken_at === null ? "expired" : "overtaken";
      sql("UPDATE draft SET state = ?, ended_at = ? WHERE id = ?").run(state, at, id);
      endQuestion(this.base, id, at, { state: "expired" });
      endParts(this.base, id, notApproved("no owner said yes in time"), at);
      for (const item of items) insertOutbox(this.base, String(row.account), item, at);
      tellAgent(this.base, row, tell);
      return state;
    });
  }

  overtake(id: string, told: NewOutboxItem[], at: number): Promise<boolean> {
    const { sql, write } = this.base;
    return write(["outbox"], () => {
      const row = this.#held(id);
      if (!row || row.overtaken_at !== null) return false;
      sql("UPDATE draft SET overtaken_at = ? WHERE id = ?").run(at, id);
      for (const item of told) insertOutbox(this.base, String(row.account), item, at);
      return true;
    });
  }

  async overtaken(account?: string): Promise<Draft[]> {
    return this.base
      .sql(
        `SELECT * FROM draft d WHERE state = 'held' AND overtaken_at IS NULL AND (?1 IS NULL OR account = ?1) AND (
           EXISTS (SELECT 1 FROM journal j WHERE j.chat_id = d.target ->> '$.chatId' AND ${newer})
           OR (d.target ->> '$.kind' = 'handle' AND EXISTS (
             SELECT 1 FROM journal j WHERE j.sender = d.target ->> '$.handle' AND j.is_group = 0 AND j.own = 0 AND ${newer})))`,
      )
      .all(orNull(account))
      .map((row) => this.#whole(row));
  }

  async nextExpiry(): Promise<number | undefined> {
    const row = this.base.sql(`SELECT min(expires_at) AS at FROM draft WHERE ${expires}`).get();
    return orUndefined<number>(row?.at ?? null);
  }

  async due(at: number): Promise<Draft[]> {
    return this.base
      .sql(`SELECT * FROM draft WHERE ${expires} AND expires_at <= ? ORDER BY expires_at, id`)
      .all(at)
      .map((row) => this.#whole(row));
  }

  #held(id: string): Row | undefined {
    return this.base.sql("SELECT * FROM draft WHERE id = ? AND state = 'held'").get(id);
  }

  #reword(row: Row, words: DraftWords[], at: number): void {
    const id = String(row.id);
    const drafted = row.drafted ?? JSON.stringify(textsOf(this.base, id));
    rewordParts(this.base, toDraft(row, []), words, at);
    this.base.sql("UPDATE draft SET drafted = ? WHERE id = ?").run(drafted, id);
  }

  #whole(row: Row): Draft {
    const parts = this.base.sql("SELECT * FROM outbox WHERE draft = ? ORDER BY id").all(row.id!).map(toItem);
    return toDraft(row, parts);
  }
}

/** Completes the drafts of a turn that ends, and drops those that it does not; inside a transaction of the caller. */
export function endDraftsOfTurn(base: Base, turnId: string, holds: readonly HeldDraft[], at: number): void {
  holdDrafts(base, holds, at);
  const left = base
    .sql("UPDATE draft SET state = 'dropped', ended_at = ? WHERE turn_id = ? AND state = 'open' RETURNING id")
    .all(at, turnId);
  for (const { id } of left) endParts(base, String(id), notApproved("its turn was ended"), at);
}

/** Completes drafts: from now on they wait for an owner. Inside a transaction of the caller. */
export function holdDrafts(base: Base, holds: readonly HeldDraft[], at: number): void {
  const { sql } = base;
  for (const { id, expiresAt, title, asked, told = [] } of holds) {
    const row = sql(
      `UPDATE draft SET state = 'held', held_at = ?, expires_at = ?,
         floor_entry = coalesce((SELECT max(id) FROM journal WHERE turn_id = draft.turn_id AND chat_id = draft.target ->> '$.chatId'), floor_entry)
       WHERE id = ? AND state = 'open' RETURNING *`,
    ).get(at, expiresAt, id);
    if (!row) continue;
    sql(
      `INSERT INTO question (id, account, kind, turn_id, session_key, title, options, asked_at, expires_at, state)
       VALUES (?, ?, 'draft', ?, '', ?, ?, ?, ?, 'open')`,
    ).run(id, row.account!, row.made_by!, title, JSON.stringify(draftOptions), at, expiresAt);
    insertPlaces(base, { id, account: String(row.account) }, asked, at);
    for (const item of told) insertOutbox(base, String(row.account), item, at);
  }
}

/** Drops the drafts that wait in a chat: somebody stopped the answer. @returns how many messages and actions that were */
export function dropDraftsIn(
  base: Base,
  account: string,
  chatKeys: string,
  error: string,
  at: number,
): number {
  const { sql } = base;
  const stopped = sql(
    `UPDATE draft SET state = 'dropped', ended_at = ? WHERE account = ? AND state = 'held'
       AND chat_key IN (SELECT value FROM json_each(?)) RETURNING id`,
  ).all(at, account, chatKeys);
  for (const { id } of stopped) endQuestion(base, String(id), at, { state: "closed" });
  return stopped.reduce((count, { id }) => count + endParts(base, String(id), error, at), 0);
}

function endQuestion(
  { sql }: Base,
  id: string,
  at: number,
  { state, choice, by }: { state: string; choice?: string; by?: string },
): void {
  sql(
    "UPDATE question SET state = ?, ended_at = ?, choice = ?, answered_by = ? WHERE id = ? AND state = 'open'",
  ).run(state, at, orNull(choice), orNull(by), id);
}

/** The agent learns at its next turn of the conversation what became of what it wrote. */
function tellAgent({ sql }: Base, { turn_id }: Row, text: string): void {
  if (turn_id === null || turn_id === undefined) return;
  sql("UPDATE turn SET tell_next = coalesce(tell_next || char(10), '') || ? WHERE id = ?").run(text, turn_id);
}
