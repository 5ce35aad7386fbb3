import { untypedCommands } from "../../conversation/index.js";
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
import { insertAll } from "./insert-outbox.js";
import { insertPlaces } from "./question-places.js";
import type { Base, Row, Tx } from "./statements.js";
import { json, jsonText } from "./words.js";

/** A vote that was given in time is carried out first, or taken back. */
const expires =
  "state = 'held' AND NOT EXISTS (SELECT 1 FROM question WHERE id = draft.id AND vote_at IS NOT NULL)";

/** A row that says something new in a draft's chat, by whoever writes there (also one that goes on to an owner); what came late counts by when it was written. */
const newer = `j.account = d.account AND j.id > d.floor_entry AND j.decision IS NOT NULL
  AND (j.decision <> 'command' OR j.decision_json::json ->> 'name' = '${untypedCommands.forward}')
  AND coalesce(j.reason, '') NOT IN (${wordless})
  AND (coalesce(j.reason, '') NOT IN ('backlog', 'missed_offline', 'waiting_catchup') OR j.sent_at > d.opened_at)`;

/** What waits for an owner's yes (behaviour 18.1). A draft, its parts and its question change in one commit. */
export class PostgresDrafts implements DraftStore {
  constructor(private readonly base: Base) {}

  open(draft: NewDraft, at: number): Promise<Draft | undefined> {
    return this.base.write([], async (tx) => {
      const { sql } = tx;
      const { id, account, madeBy, turnId, agentId, target, chatKey, to, approves, forOwner } = draft;
      const find = sql("SELECT * FROM draft WHERE made_by = ? AND chat_key = ?");
      const found = await find.get(madeBy, chatKey);
      if (found) {
        if (approves) await sql("UPDATE draft SET approves = 1 WHERE id = ?").run(found.id!);
        return wholeDraft(tx, (await find.get(madeBy, chatKey))!);
      }
      const isTaken = await sql(
        "SELECT 1 FROM draft WHERE id = ?1 UNION ALL SELECT 1 FROM question WHERE id = ?1",
      ).get(id);
      if (isTaken) return undefined;
      // What came before is no news; of its turn's own chat this is looked at again when the turn is over.
      const row = await sql(
        `INSERT INTO draft (id, account, made_by, turn_id, agent_id, target, chat_key, addressee, approves, for_owner, state, floor_entry, opened_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', (SELECT coalesce(max(id), 0) FROM journal), ?) RETURNING *`,
      ).get(
        ...[id, account, madeBy, orNull(turnId), agentId, json(target), chatKey, to],
        ...[approves ? 1 : 0, orNull(forOwner), at],
      );
      return wholeDraft(tx, row!);
    });
  }

  async get(id: string): Promise<Draft | undefined> {
    const row = await this.base.sql("SELECT * FROM draft WHERE id = ?").get(id);
    return row && wholeDraft(this.base, row);
  }

  ofTurn(turnId: string): Promise<Draft[]> {
    return this.#drafts("SELECT * FROM draft WHERE turn_id = ? ORDER BY opened_at, id", turnId);
  }

  list({
    account,
    states,
    limit,
  }: {
    account?: string | undefined;
    states?: DraftState[];
    limit: number;
  }): Promise<Draft[]> {
    return this.base.read(async (tx) => {
      const rows = await tx
        .sql(
          `SELECT * FROM draft WHERE (?1::text IS NULL OR account = ?1) AND (?2::text[] IS NULL OR state = ANY(?2))
           ORDER BY opened_at DESC, id DESC LIMIT ?3`,
        )
        .all(orNull(account), orNull(states), limit);
      return wholeDrafts(tx, rows);
    });
  }

  decide(id: string, { sends, by, words, tell }: DraftDecision, at: number): Promise<boolean> {
    return this.base.write(["outbox"], async (tx) => {
      const row = await heldDraft(tx, id);
      if (!row) return false;
      if (sends && words) await reword(tx, row, words, at);
      await tx
        .sql("UPDATE draft SET state = ?, ended_at = ?, decided_by = ? WHERE id = ?")
        .run(sends ? "sent" : "dropped", at, by, id);
      await endQuestion(tx, id, at, { state: "answered", choice: sends ? "Send" : "Drop", by });
      if (sends) await releaseParts(tx, id, at);
      else await endParts(tx, id, notApproved("an owner dropped the draft"), at);
      await tellAgent(tx, row, tell);
      return true;
    });
  }

  reword(
    id: string,
    words: DraftWords[],
    { title, asked, told = [] }: Pick<HeldDraft, "title" | "asked" | "told">,
    at: number,
  ): Promise<boolean> {
    // Without a vote it expires again.
    return this.base.write(["outbox", "drafts"], async (tx) => {
      const row = await heldDraft(tx, id);
      if (!row) return false;
      await reword(tx, row, words, at);
      // What was said to the words before is no answer to these.
      await tx.sql("UPDATE question SET title = ?, vote = NULL, vote_at = NULL WHERE id = ?").run(title, id);
      await tx.sql("UPDATE question_place SET chat_key = ? WHERE question_id = ?").run(noPlace, id);
      await insertPlaces(tx, { id, account: String(row.account) }, asked, at);
      await insertAll(tx, String(row.account), told, at);
      return true;
    });
  }

  expire(
    id: string,
    { items, tell }: { items: NewOutboxItem[]; tell: string },
    at: number,
  ): Promise<"expired" | "overtaken" | undefined> {
    return this.base.write(["outbox"], async (tx) => {
      const row = await heldDraft(tx, id);
      if (!row) return undefined;
      const state = row.overtaken_at === null ? "expired" : "overtaken";
      await tx.sql("UPDATE draft SET state = ?, ended_at = ? WHERE id = ?").run(state, at, id);
      await endQuestion(tx, id, at, { state: "expired" });
      await endParts(tx, id, notApproved("no owner said yes in time"), at);
      await insertAll(tx, String(row.account), items, at);
      await tellAgent(tx, row, tell);
      return state;
    });
  }

  overtake(id: string, told: NewOutboxItem[], at: number): Promise<boolean> {
    return this.base.write(["outbox"], async (tx) => {
      const row = await heldDraft(tx, id);
      if (!row || row.overtaken_at !== null) return false;
      await tx.sql("UPDATE draft SET overtaken_at = ? WHERE id = ?").run(at, id);
      await insertAll(tx, String(row.account), told, at);
      return true;
    });
  }

  overtaken(account?: string): Promise<Draft[]> {
    return this.#drafts(
      `SELECT * FROM draft d WHERE state = 'held' AND overtaken_at IS NULL AND (?1::text IS NULL OR account = ?1) AND (
         EXISTS (SELECT 1 FROM journal j WHERE j.chat_id = (d.target ->> 'chatId')::bigint AND ${newer})
         OR (d.target ->> 'kind' = 'handle' AND EXISTS (
           SELECT 1 FROM journal j WHERE j.sender = d.target ->> 'handle' AND j.is_group = 0 AND j.own = 0 AND ${newer})))
       ORDER BY opened_at, id`,
      orNull(account),
    );
  }

  async nextExpiry(): Promise<number | undefined> {
    const row = await this.base.sql(`SELECT min(expires_at) AS at FROM draft WHERE ${expires}`).get();
    return orUndefined<number>(row?.at ?? null);
  }

  due(at: number): Promise<Draft[]> {
    return this.#drafts(
      `SELECT * FROM draft WHERE ${expires} AND expires_at <= ? ORDER BY expires_at, id`,
      at,
    );
  }

  #drafts(text: string, value: string | number | null): Promise<Draft[]> {
    return this.base.read(async (tx) => wholeDrafts(tx, await tx.sql(text).all(value)));
  }
}

/** A draft with its parts. */
export async function wholeDraft(tx: Tx, row: Row): Promise<Draft> {
  return (await wholeDrafts(tx, [row]))[0]!;
}

/** Drafts with their parts, in the order of the rows. */
export async function wholeDrafts({ sql }: Tx, rows: readonly Row[]): Promise<Draft[]> {
  if (rows.length === 0) return [];
  const parts = await sql("SELECT * FROM outbox WHERE draft = ANY(?) ORDER BY id").all(
    rows.map(({ id }) => id!),
  );
  return rows.map((row) => toDraft(row, parts.filter(({ draft }) => draft === row.id).map(toItem)));
}

async function heldDraft({ sql }: Tx, id: string): Promise<Row | undefined> {
  return sql("SELECT * FROM draft WHERE id = ? AND state = 'held' FOR UPDATE").get(id);
}

async function reword(tx: Tx, row: Row, words: DraftWords[], at: number): Promise<void> {
  const id = String(row.id);
  const drafted = row.drafted === null ? json(await textsOf(tx, id)) : jsonText(String(row.drafted));
  await rewordParts(tx, toDraft(row, []), words, at);
  await tx.sql("UPDATE draft SET drafted = ? WHERE id = ?").run(drafted, id);
}

/** Completes the drafts of a turn that ends, and drops those that it does not; inside a transaction of the caller. */
export async function endDraftsOfTurn(
  tx: Tx,
  turnId: string,
  holds: readonly HeldDraft[],
  at: number,
): Promise<void> {
  await holdDrafts(tx, holds, at);
  const left = await tx
    .sql("UPDATE draft SET state = 'dropped', ended_at = ? WHERE turn_id = ? AND state = 'open' RETURNING id")
    .all(at, turnId);
  for (const { id } of left) await endParts(tx, String(id), notApproved("its turn was ended"), at);
}

/** Completes drafts: from now on they wait for an owner. Inside a transaction of the caller. */
export async function holdDrafts(tx: Tx, holds: readonly HeldDraft[], at: number): Promise<void> {
  const { sql } = tx;
  for (const { id, expiresAt, title, asked, told = [] } of holds) {
    const row = await sql(
      `UPDATE draft SET state = 'held', held_at = ?, expires_at = ?,
         floor_entry = coalesce((SELECT max(id) FROM journal WHERE turn_id = draft.turn_id AND chat_id = (draft.target ->> 'chatId')::bigint), floor_entry)
       WHERE id = ? AND state = 'open' RETURNING *`,
    ).get(at, expiresAt, id);
    if (!row) continue;
    await sql(
      `INSERT INTO question (id, account, kind, turn_id, session_key, title, options, asked_at, expires_at, state)
       VALUES (?, ?, 'draft', ?, '', ?, ?, ?, ?, 'open')`,
    ).run(id, row.account!, row.made_by!, title, json(draftOptions), at, expiresAt);
    await insertPlaces(tx, { id, account: String(row.account) }, asked, at);
    await insertAll(tx, String(row.account), told, at);
  }
}

/** Drops the drafts that wait in a chat: somebody stopped the answer. @returns how many messages and actions that were */
export async function dropDraftsIn(
  tx: Tx,
  account: string,
  chatKeys: readonly string[],
  error: string,
  at: number,
): Promise<number> {
  const stopped = await tx
    .sql(
      `UPDATE draft SET state = 'dropped', ended_at = ? WHERE account = ? AND state = 'held' AND chat_key = ANY(?) RETURNING id`,
    )
    .all(at, account, chatKeys);
  let count = 0;
  for (const { id } of stopped) {
    await endQuestion(tx, String(id), at, { state: "closed" });
    count += await endParts(tx, String(id), error, at);
  }
  return count;
}

async function endQuestion(
  { sql }: Tx,
  id: string,
  at: number,
  { state, choice, by }: { state: string; choice?: string; by?: string },
): Promise<void> {
  await sql(
    "UPDATE question SET state = ?, ended_at = ?, choice = ?, answered_by = ? WHERE id = ? AND state = 'open'",
  ).run(state, at, orNull(choice), orNull(by), id);
}

/** The agent learns at its next turn of the conversation what became of what it wrote. */
async function tellAgent({ sql }: Tx, { turn_id }: Row, text: string): Promise<void> {
  if (turn_id === null || turn_id === undefined) return;
  await sql("UPDATE turn SET tell_next = coalesce(tell_next || chr(10), '') || ? WHERE id = ?").run(
    text,
    turn_id,
  );
}
