import type { ClientBase, CustomTypesConfig } from "pg";
import type { SqlValue } from "../../platform/index.js";
import type { Topic } from "../changes.js";
import { fromJsonWords, fromWords, Json, toWords } from "./words.js";

/** What a column holds. */
export type Row = Record<string, SqlValue>;
/** What a statement takes in the place of a `?`; a list for `= ANY(?)`. */
export type Value = SqlValue | Json | readonly SqlValue[];

/** A statement, sent when one of these is called. */
export interface Statement {
  /** All rows. */
  all(...values: Value[]): Promise<Row[]>;
  /** The first row. */
  get(...values: Value[]): Promise<Row | undefined>;
  /** @returns how many rows it changed */
  run(...values: Value[]): Promise<number>;
}

/** Where statements are sent: a transaction, or for a single one the next free connection. */
export interface Tx {
  /** A statement, with `?` for its values in their order, or `?1`, `?2` where one is used again. */
  sql(text: string): Statement;
}

/** What every repository of this store is made of. */
export interface Base extends Tx {
  /** Several statements that see the state of one moment. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Commits; the server's disk has it when the promise resolves. The work may be done again: it only asks and tells the store. */
  write<T>(topics: readonly Topic[], work: (tx: Tx) => Promise<T>): Promise<T>;
}

interface Prepared {
  name: string;
  text: string;
}

/** Names each text once, so that a connection plans it once. */
export class Statements {
  readonly #prepared = new Map<string, Prepared>();

  /** Statements over a connection. @param isOver asked before each: a transaction that has ended takes none any more */
  over(client: Pick<ClientBase, "query">, isOver: () => boolean = () => false): Tx {
    return {
      sql: (text) => {
        if (isOver()) throw new Error("a statement came after the end of its transaction");
        return this.#statement(client, text);
      },
    };
  }

  #statement(client: Pick<ClientBase, "query">, text: string): Statement {
    const prepared = this.#named(text);
    const send = (values: Value[]) => client.query<Row>({ ...prepared, values: values.map(bound), types });
    return {
      all: async (...values) => (await send(values)).rows,
      get: async (...values) => (await send(values)).rows[0],
      run: async (...values) => (await send(values)).rowCount ?? 0,
    };
  }

  #named(text: string): Prepared {
    let prepared = this.#prepared.get(text);
    if (!prepared) {
      prepared = { name: `tapback${this.#prepared.size}`, text: numbered(text) };
      this.#prepared.set(text, prepared);
    }
    return prepared;
  }
}

/** Gives the values of a statement the numbers that the server wants. Texts in quotes have no question marks. */
function numbered(text: string): string {
  let next = 1;
  return text.replaceAll(/\?(\d*)/g, (_, number: string) => `$${number || next++}`);
}

function bound(value: Value): unknown {
  // All counts and times are whole here, and the server refuses any other: what lies between two milliseconds is the later one, as `<` and `>=` have it.
  if (typeof value === "number") return Math.ceil(value);
  if (typeof value === "string") return toWords(value);
  if (value instanceof Json) return value.words;
  if (Array.isArray(value)) return value.map((each) => bound(each as SqlValue));
  return value;
}

const asNumber = (text: string) => Number(text);
/** By the numbers of the server's types: all counts and times are whole numbers that JavaScript holds exactly. */
const parsers: Record<number, (text: string) => unknown> = {
  16: (text) => text === "t",
  17: (text) => Buffer.from(text.slice(2), "hex"),
  20: asNumber,
  21: asNumber,
  23: asNumber,
  25: fromWords,
  114: fromJsonWords,
  1700: asNumber,
};

const types: CustomTypesConfig = {
  getTypeParser: (oid: number) => parsers[oid] ?? ((text: string) => text),
};
