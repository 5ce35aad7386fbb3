import type { Forgotten, IsPerson, PeopleStore, PersonState } from "../people.js";
import { forgetRows } from "./forget-person.js";
import { isActionOf, type PersonRows, rowsOfPerson } from "./person-rows.js";
import type { Base } from "./statements.js";

const inList = "IN (SELECT value FROM json_each(?))";

/** What the state holds of one person (behaviour 18.3e). */
export class SqlitePeople implements PeopleStore {
  constructor(private readonly base: Base) {}

  async about(isPerson: IsPerson): Promise<PersonState> {
    const { sql } = this.base;
    const rows = rowsOfPerson(this.base, isPerson);
    const all = (text: string, ...lists: string[]) => sql(text).all(...lists) as Record<string, unknown>[];
    const { sessions, sharedSessions, entries, handles, turns, sends } = rows;
    return {
      sessions,
      sharedSessions,
      messages: JSON.parse(entries).length,
      open: this.#open(rows),
      rows: {
        journal: all(`SELECT * FROM journal WHERE id ${inList} ORDER BY id`, entries),
        turn: all(`SELECT * FROM turn WHERE id ${inList} ORDER BY seq`, turns),
        outbox: all(`SELECT * FROM outbox WHERE id ${inList} ORDER BY id`, sends),
        action: [
          ...all(`SELECT * FROM action WHERE turn_id ${inList} ORDER BY id`, turns),
          ...all(`SELECT * FROM action WHERE ${isActionOf} ORDER BY id`, sends, handles, turns),
        ],
        draft: all(
          `SELECT * FROM draft WHERE id IN (SELECT draft FROM outbox WHERE id ${inList}) ORDER BY opened_at`,
          sends,
        ),
        session: all(`SELECT * FROM session WHERE key ${inList}`, JSON.stringify(sessions)),
        schedule: all(`SELECT * FROM schedule WHERE plan ->> '$.maker.handle' ${inList}`, handles),
        pairing: all(`SELECT * FROM pairing WHERE handle ${inList} ORDER BY id`, handles),
        approval: all(`SELECT * FROM approval WHERE handle ${inList}`, handles),
        opt_out: all(`SELECT * FROM opt_out WHERE handle ${inList}`, handles),
      },
    };
  }

  forget(isPerson: IsPerson, at: number): Promise<Forgotten> {
    const { base } = this;
    // What is removed is overwritten in the file, not only let go.
    base.sql("PRAGMA secure_delete = ON").get();
    return base.writeToDisk(["outbox", "schedule"], () => {
      const rows = rowsOfPerson(base, isPerson);
      const open = this.#open(rows);
      return open > 0 ? { state: "busy", open } : forgetRows(base, rows, at);
    });
  }

  #open({ entries, turns, sends }: PersonRows): number {
    const { sql } = this.base;
    const count = (text: string, list: string) => Number(sql(text).get(list)!.count);
    return (
      count(
        `SELECT count(*) AS count FROM journal WHERE state IN ('new', 'decided', 'in_turn') AND id ${inList}`,
        entries,
      ) +
      count(
        `SELECT count(*) AS count FROM turn WHERE state IN ('queued', 'running') AND id ${inList}`,
        turns,
      ) +
      count(`SELECT count(*) AS count FROM outbox WHERE state = 'sending' AND id ${inList}`, sends)
    );
  }
}
