import type {
  ConnectionState,
  EventFilter,
  EventLog,
  EventPage,
  EventReader,
  KeptEvent,
  KeptEventType,
} from "../events.js";
import { noRest } from "../rest.js";
import { orNull } from "../rows/columns.js";
import { toEntry } from "../rows/entry.js";
import { toEvent, toReader } from "../rows/event.js";
import { toItem } from "../rows/item.js";
import { toQuestion } from "../rows/question.js";
import { withoutCode } from "../rows/request.js";
import { toTurn } from "../rows/turn.js";
import { wholeDrafts } from "./drafts.js";
import type { Base, Row, Tx } from "./statements.js";
import { json } from "./words.js";

/** Rows that one commit of {@link PostgresEvents.forget} looks through; each is short. */
const slice = 500;

/** The events, which triggers write (`event-schema.ts`). */
export class PostgresEvents implements EventLog {
  constructor(private readonly base: Base) {}

  follow(name: string, at: number): Promise<EventReader> {
    return this.base.write(["events"], async (tx) => {
      const { sql } = tx;
      // What happened while nobody read was not written, which those who read before are told by a gap.
      if (!(await sql("SELECT 1 FROM event_reader LIMIT 1").get())) await skipIds(tx, 1);
      await sql("INSERT INTO event_reader (name, cursor, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING").run(
        name,
        await newestEvent(tx),
        at,
      );
      return toReader((await sql("SELECT * FROM event_reader WHERE name = ?").get(name))!);
    });
  }

  async unfollow(name: string): Promise<void> {
    await this.base.write([], ({ sql }) => sql("DELETE FROM event_reader WHERE name = ?").run(name));
  }

  async readers(): Promise<EventReader[]> {
    return (await this.base.sql("SELECT * FROM event_reader ORDER BY name").all()).map(toReader);
  }

  advance(name: string, cursor: number, memory?: unknown, from?: number): Promise<boolean> {
    // Whoever reads on, and whoever is told to read again, hear of it.
    return this.base.write(["events"], async ({ sql }) => {
      const moved = await sql(
        "UPDATE event_reader SET cursor = ?, memory = coalesce(?, memory) WHERE name = ? AND cursor = coalesce(?, cursor)",
      ).run(cursor, memory === undefined ? null : json(memory), name, orNull(from));
      return moved > 0;
    });
  }

  async cursorAt(at: number): Promise<number> {
    const row = await this.base.sql("SELECT min(id) - 1 AS id FROM event WHERE at >= ?").get(at);
    return row!.id === null ? this.newest() : Number(row!.id);
  }

  after(cursor: number, { limit, types, chats, accounts }: EventFilter): Promise<EventPage> {
    return this.base.read(async (tx) => {
      const { sql } = tx;
      const known = (await sql(`SELECT (${newestSql}) AS newest, up_to FROM event_gap`).get())!;
      const newest = Number(known.newest);
      const isForeign = cursor > newest;
      const rows = await sql(
        `SELECT * FROM event WHERE id > ?1 AND id <= ?2
           AND (?4::text[] IS NULL OR type = ANY(?4)) AND (?5::text[] IS NULL OR chat = ANY(?5))
           AND (?6::text[] IS NULL OR account = ANY(?6)) ORDER BY id LIMIT ?3`,
      ).all(isForeign ? 0 : cursor, newest, limit, orNull(types), orNull(chats), orNull(accounts));
      const events = await wholeEvents(tx, rows);
      const upTo = isForeign ? newest : Number(known.up_to);
      return {
        events,
        cursor: events.length === limit ? events.at(-1)!.id : newest,
        ...((isForeign || cursor < upTo) && { gap: { upTo } }),
      };
    });
  }

  async countAfter(cursor: number): Promise<number> {
    const row = await this.base
      .sql(
        `SELECT count(*) AS count FROM event WHERE id > CASE WHEN ?1::bigint > (${newestSql}) THEN 0 ELSE ?1 END`,
      )
      .get(cursor);
    return Number(row!.count);
  }

  newest(): Promise<number> {
    return newestEvent(this.base);
  }

  async noteHealth(account: string, health: ConnectionState, at: number): Promise<void> {
    const { state, error } = health;
    // It is not looked for a reader first: two that are told of one after the other would be kept in the order of those answers.
    await this.base.write([], ({ sql }) =>
      sql("SELECT note_event(?, 'health', ?, NULL, NULL, ?) WHERE EXISTS (SELECT 1 FROM event_reader)").run(
        account,
        at,
        json({ state, error }),
      ),
    );
  }

  async forget(before: number, rest = noRest): Promise<number> {
    const { sql, write } = this.base;
    const newest = Number((await sql("SELECT max(id) AS newest FROM event").get())!.newest ?? 0);
    const next = async (from: number) =>
      (await sql("SELECT min(id) AS id FROM event WHERE id >= ?").get(from))!.id;
    let removed = 0;
    // From one that is there to the next that is: a restored state leaves a thousand million ids out.
    for (let from = await next(0); from !== null && Number(from) <= newest; ) {
      if (!(await rest())) break;
      const to = Number(from) + slice - 1;
      removed += await write([], async (tx) => {
        const old = "FROM event WHERE id BETWEEN ?1 AND ?2 AND at < ?3";
        const of = [Number(from), to, before];
        await tx
          .sql(
            `UPDATE event_gap SET up_to = old.last FROM (SELECT max(id) AS last ${old}) AS old WHERE old.last > up_to`,
          )
          .run(...of);
        return tx.sql(`DELETE ${old}`).run(...of);
      });
      from = await next(to + 1);
    }
    return removed;
  }
}

/** Ids are given in the order of commits: what is seen has all before it. */
const newestSql = "SELECT greatest((SELECT max(id) FROM event), (SELECT max(up_to) FROM event_gap))";

async function newestEvent({ sql }: Tx): Promise<number> {
  return Number((await sql(`SELECT (${newestSql}) AS newest`).get())!.newest);
}

/**
 * Leaves ids out, so that whoever has read up to here is told of a gap; inside a transaction of the caller.
 * @param count as many as may have been given to events that this state does not know
 */
export async function skipIds({ sql }: Tx, count: number): Promise<void> {
  await sql("SELECT setval('event_id', nextval('event_id') + ?::bigint - 1)").get(count);
  await sql("UPDATE event_gap SET up_to = (SELECT last_value FROM event_id)").run();
}

/** Events with what they are about, as that is kept now. */
async function wholeEvents(tx: Tx, rows: readonly Row[]): Promise<KeptEvent[]> {
  const find = async <T>(
    kinds: readonly KeptEventType[],
    table: string,
    to: (rows: Row[]) => Promise<T[]> | T[],
  ): Promise<[KeptEventType, Map<string, T>][]> => {
    const subjects = rows
      .filter(({ type }) => kinds.includes(type as KeptEventType))
      .map(({ subject }) => subject!);
    if (subjects.length === 0) return [];
    const found = await tx.sql(`SELECT * FROM ${table} WHERE id = ANY(?)`).all([...new Set(subjects)]);
    const things = await to(found);
    const byId = new Map(found.map(({ id }, index) => [String(id), things[index]!]));
    return kinds.map((kind) => [kind, byId]);
  };
  const each =
    <T>(to: (row: Row) => T) =>
    (found: Row[]) =>
      found.map(to);
  const about = new Map<KeptEventType, Map<string, object>>(
    (
      await Promise.all([
        find(["message", "decision"], "journal", each(toEntry)),
        find(["turn"], "turn", each(toTurn)),
        find(["sent"], "outbox", each(toItem)),
        find<object>(["draft"], "draft", (found) => wholeDrafts(tx, found)),
        find(["question"], "question", each(toQuestion)),
        find(["pairing"], "pairing", each(withoutCode)),
      ])
    ).flat(),
  );
  return rows.map((row) => toEvent(row, about.get(row.type as KeptEventType)?.get(String(row.subject))));
}
