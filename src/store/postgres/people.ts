import type { Forgotten, IsPerson, PeopleStore, PersonState } from "../people.js";
import { forgetRows } from "./forget-person.js";
import { isActionOf, type PersonRows, rowsOfPerson } from "./person-rows.js";
import type { Base, Tx, Value } from "./statements.js";

/** What the state holds of one person (behaviour 18.3e). */
export class PostgresPeople implements PeopleStore {
  constructor(private readonly base: Base) {}

  about(isPerson: IsPerson): Promise<PersonState> {
    return this.base.read(async (tx) => {
      const rows = await rowsOfPerson(tx, isPerson);
      const all = (text: string, ...lists: Value[]) => tx.sql(text).all(...lists);
      const { sessions, sharedSessions, entries, handles, turns, sends } = rows;
      return {
        sessions,
        sharedSessions,
        messages: entries.length,
        open: await openOf(tx, rows),
        rows: {
          journal: await all("SELECT * FROM journal WHERE id = ANY(?) ORDER BY id", entries),
          turn: await all("SELECT * FROM turn WHERE id = ANY(?) ORDER BY seq", turns),
          outbox: await all("SELECT * FROM outbox WHERE id = ANY(?) ORDER BY id", sends),
          action: [
            ...(await all("SELECT * FROM action WHERE turn_id = ANY(?) ORDER BY id", turns)),
            ...(await all(`SELECT * FROM action WHERE ${isActionOf} ORDER BY id`, sends, handles, turns)),
          ],
          draft: await all(
            "SELECT * FROM draft WHERE id IN (SELECT draft FROM outbox WHERE id = ANY(?)) ORDER BY opened_at",
            sends,
          ),
          session: await all("SELECT * FROM session WHERE key = ANY(?) ORDER BY key", sessions),
          schedule: await all(
            "SELECT * FROM schedule WHERE plan #>> '{maker,handle}' = ANY(?) ORDER BY id",
            handles,
          ),
          pairing: await all("SELECT * FROM pairing WHERE handle = ANY(?) ORDER BY id", handles),
          approval: await all(
            "SELECT * FROM approval WHERE handle = ANY(?) ORDER BY account, handle",
            handles,
          ),
          opt_out: await all("SELECT * FROM opt_out WHERE handle = ANY(?) ORDER BY account, handle", handles),
        },
      };
    });
  }

  forget(isPerson: IsPerson, at: number): Promise<Forgotten> {
    return this.base.write(["outbox", "schedule"], async (tx) => {
      const rows = await rowsOfPerson(tx, isPerson);
      const open = await openOf(tx, rows);
      return open > 0 ? { state: "busy", open } : forgetRows(tx, rows, at);
    });
  }
}

async function openOf({ sql }: Tx, { entries, turns, sends }: PersonRows): Promise<number> {
  const row = await sql(
    `SELECT (SELECT count(*) FROM journal WHERE state IN ('new', 'decided', 'in_turn') AND id = ANY(?))
       + (SELECT count(*) FROM turn WHERE state IN ('queued', 'running') AND id = ANY(?))
       + (SELECT count(*) FROM outbox WHERE state = 'sending' AND id = ANY(?)) AS count`,
  ).get(entries, turns, sends);
  return Number(row!.count);
}
