import type { SqlValue } from "../../platform/index.js";
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
import { toDraft } from "../rows/draft.js";
import { toEntry } from "../rows/entry.js";
import { toEvent, toReader } from "../rows/event.js";
import { toItem } from "../rows/item.js";
import { toQuestion } from "../rows/question.js";
import { withoutCode } from "../rows/request.js";
import { toTurn } from "../rows/turn.js";
import type { Base } from "./statements.js";

type Row = Record<string, SqlValue>;

/** Rows that one commit of {@link SqliteEvents.forget} looks through; each is short. */
const slice = 500;

/** The events, which triggers write (`event-migration.ts`). */
export class SqliteEvents implements EventLog {
  constructor(private readonly base: Base) {}

  follow(name: string, at: number): Promise<EventReader> {
    const { sql, write } = this.base;
    return write(["events"], () => {
      // What happened while nobody read was not written, which those who read before are told by a gap.
      if (!sql("SELECT 1 FROM event_reader LIMIT 1").get()) skipIds(this.base, 1);
      const { seq } = sql(newestSql).get()!;
      sql("INSERT OR IGNORE INTO event_reader (name, cursor, since) VALUES (?, ?, ?)").run(name, seq!, at);
      return toReader(sql("SELECT * FROM event_reader WHERE name = ?").get(name)!);
    });
  }

  async unfollow(name: string): Promise<void> {
    const { sql, write } = this.base;
    await write([], () => sql("DELETE FROM event_reader WHERE name = ?").run(name));
  }

  async readers(): Promise<EventReader[]> {
    return this.base.sql("SELECT * FROM event_reader ORDER BY name").all().map(toReader);
  }

  advance(name: string, cursor: number, memory?: unknown, from?: number): Promise<boolean> {
    const { sql, write } = this.base;
    const noted = memory === undefined ? null : JSON.stringify(memory);
    const move = "UPDATE event_reader SET cursor = ?, memory = coalesce(?, memory) WHERE name = ?";
    // Whoever reads on, and whoever is told to read again, hear of it.
    return write(["events"], () => {
      const { changes } = sql(`${move} AND cursor = coalesce(?, cursor)`).run(
        cursor,
        noted,
        name,
        orNull(from),
      );
      return Number(changes) > 0;
    });
  }

  async cursorAt(at: number): Promise<number> {
    const { id } = this.base.sql("SELECT min(id) - 1 AS id FROM event WHERE at >= ?").get(at)!;
    return id === null ? this.newest() : Number(id);
  }

  async after(cursor: number, { limit, types, chats, accounts }: EventFilter): Promise<EventPage> {
    const { sql } = this.base;
    const newest = newestEvent(this.base);
    const isForeign = cursor > newest;
    const lists = [types, chats, accounts].map((list) => (list ? JSON.stringify(list) : null));
    const events = sql(
      `SELECT * FROM event WHERE id > ?1 AND id <= ?2
         AND (?4 IS NULL OR type IN (SELECT value FROM json_each(?4)))
         AND (?5 IS NULL OR chat IN (SELECT value FROM json_each(?5)))
         AND (?6 IS NULL OR account IN (SELECT value FROM json_each(?6)))
       ORDER BY id LIMIT ?3`,
    )
      .all(isForeign ? 0 : cursor, newest, limit, ...lists)
      .map((row) => this.#whole(row));
    // What somebody was told must keep its id (behaviour 20.1a): after a power cut, another event would have it.
    await this.base.toDisk();
    const upTo = isForeign ? newest : Number(sql("SELECT up_to FROM event_gap").get()!.up_to);
    return {
      events,
      cursor: events.length === limit ? events.at(-1)!.id : newest,
      ...((isForeign || cursor < upTo) && { gap: { upTo } }),
    };
  }

  async countAfter(cursor: number): Promise<number> {
    const { sql } = this.base;
    const isForeign = cursor > newestEvent(this.base);
    const { count } = sql("SELECT count(*) AS count FROM event WHERE id > ?").get(isForeign ? 0 : cursor)!;
    return Number(count);
  }

  async newest(): Promise<number> {
    const newest = newestEvent(this.base);
    await this.base.toDisk();
    return newest;
  }

  async noteHealth(account: string, { state, error }: ConnectionState, at: number): Promise<void> {
    const { sql, write } = this.base;
    // Without a reader there is no commit either.
    if (!sql("SELECT 1 FROM event_reader LIMIT 1").get()) return;
    await write([], () =>
      sql(
        "INSERT INTO event (account, type, at, facts) SELECT ?, 'health', ?, ? WHERE EXISTS (SELECT 1 FROM event_reader)",
      ).run(account, at, JSON.stringify({ state, error })),
    );
  }

  async forget(before: number, rest = noRest): Promise<number> {
    const { sql, write } = this.base;
    const newest = Number(sql("SELECT max(id) AS newest FROM event").get()!.newest ?? 0);
    const next = sql("SELECT min(id) AS id FROM event WHERE id >= ?");
    let removed = 0;
    // From one that is there to the next that is: a restored state leaves a thousand million ids out.
    for (let from = next.get(0)!.id; from !== null && Number(from) <= newest; ) {
      if (!(await rest())) break;
      const to = Number(from) + slice - 1;
      removed += await write([], () => {
        const old = "FROM event WHERE id BETWEEN ? AND ? AND at < ?";
        const { last } = sql(`SELECT max(id) AS last ${old}`).get(from!, to, before)!;
        if (last === null) return 0;
        sql("UPDATE event_gap SET up_to = max(up_to, ?)").run(last!);
        return Number(sql(`DELETE ${old}`).run(from!, to, before).changes);
      });
      from = next.get(to + 1)!.id;
    }
    return removed;
  }

  #whole(row: Row): KeptEvent {
    return toEvent(row, this.#about(row.type as KeptEventType, row.subject!));
  }

  #about(type: KeptEventType, subject: SqlValue): object | undefined {
    const find = <T>(table: string, to: (row: Row) => T): T | undefined => {
      const row = this.base.sql(`SELECT * FROM ${table} WHERE id = ?`).get(subject);
      return row && to(row);
    };
    switch (type) {
      case "message":
      case "decision":
        return find("journal", toEntry);
      case "turn":
        return find("turn", toTurn);
      case "sent":
        return find("outbox", toItem);
      case "draft":
        return find("draft", (row) =>
          toDraft(
            row,
            this.base.sql("SELECT * FROM outbox WHERE draft = ? ORDER BY id").all(subject).map(toItem),
          ),
        );
      case "question":
        return find("question", toQuestion);
      case "pairing":
        return find("pairing", withoutCode);
      default:
        return undefined;
    }
  }
}

const newestSql = "SELECT seq FROM sqlite_sequence WHERE name = 'event'";

/** The id of the newest event. */
export function newestEvent({ sql }: Pick<Base, "sql">): number {
  return Number(sql(newestSql).get()!.seq);
}

/**
 * Leaves ids out, so that whoever has read up to here is told of a gap; inside a transaction of the caller.
 * @param count as many as may have been given to events that this state does not know
 */
export function skipIds({ sql }: Pick<Base, "sql">, count: number): void {
  sql("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'event'").run(count);
  sql("UPDATE event_gap SET up_to = (SELECT seq FROM sqlite_sequence WHERE name = 'event')").run();
}
