import type { Client, Pool, PoolClient } from "pg";
import { messageOf, TapbackError } from "../../platform/index.js";
import { Statements } from "./statements.js";

type Pg = typeof import("pg");

/** A server that does not answer is one that is gone, milliseconds. */
const connectMs = 10_000;
const answerMs = 60_000;
/** So long the server itself works on one statement, or waits for a lock. */
const statementMs = 45_000;
const lockMs = 15_000;
/** A transaction whose gateway is frozen in the middle of it holds up others for so long. */
const idleMs = 10_000;
/** Reads at once. */
const mostReaders = 4;

/** Where the state is. */
export interface ServerAddress {
  /** As the configuration has it, without what is ours. */
  url: string;
  schema: string;
}

/**
 * Takes an address apart; `schema` among its parameters is ours.
 * @throws `CONFIG_INVALID` when it is none
 */
export function serverAddress(text: string): ServerAddress {
  const url = parsed(text);
  const schema = url?.searchParams.get("schema") ?? "tapback";
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw new TapbackError("CONFIG_INVALID", "store.url is not the address of a PostgreSQL database", {
      hint: "Write it as postgres://USER:PASSWORD@HOST:5432/DATABASE, with characters such as / and @ of a password as %2F and %40.",
    });
  // The server keeps those that begin with `pg_` for itself.
  if (!/^(?!pg_)[a-z_][a-z0-9_]{0,40}$/.test(schema))
    throw new TapbackError("CONFIG_INVALID", "the schema that store.url names cannot be the name of one", {
      hint: "Write `?schema=NAME` with small letters, digits and _, not beginning with a digit or pg_, and at most 41 of them.",
    });
  url.searchParams.delete("schema");
  return { url: url.href, schema };
}

/** The address as people may read it. */
export function namedServer(text: string): string {
  const url = parsed(text);
  if (!url) return "the server of store.url";
  return `${url.hostname || url.searchParams.get("host") || "localhost"}${url.port && `:${url.port}`}${url.pathname}`;
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

interface Pools {
  readers: Pool;
  writers: Pool;
}

/** What the store asks of its server. */
export interface Connections {
  /** Names the statements, the same on every connection. */
  readonly statements: Statements;
  /** Connections for reads, each one free. */
  readers(): Promise<Pool>;
  /** The one connection for writes. Whoever takes it gives it back. */
  writer(): Promise<PoolClient>;
  /** Has a listener told what the server says by itself to the connection that writes, and when that had to be made anew. */
  hear(listener: ServerListener): void;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Who is told of other processes. */
export interface ServerListener {
  /** Told of a commit. */
  notified(payload: string): void;
  /** Told that commits may have been missed. */
  reconnected(): void;
}

/** Connections to the server. Those that break are made anew at their next use. */
export class Server implements Connections {
  readonly statements = new Statements();
  #opened: Promise<Pools> | undefined;
  #listener: ServerListener | undefined;
  #writers = 0;

  /** @param prepare brings the state's schema up to date, once, before anything else */
  constructor(
    readonly address: ServerAddress,
    private readonly prepare: (client: Client) => Promise<void>,
  ) {}

  async readers(): Promise<Pool> {
    return (await this.#open()).readers;
  }

  async writer(): Promise<PoolClient> {
    return (await this.#open()).writers.connect();
  }

  hear(listener: ServerListener): void {
    this.#listener = listener;
  }

  /** A connection of the caller's own, to be ended. */
  async connect(): Promise<Client> {
    return this.#connect(await loadPg());
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await Promise.all([opened?.readers.end(), opened?.writers.end()]);
  }

  #open(): Promise<Pools> {
    if (!this.#opened) {
      const opening = this.#prepared();
      this.#opened = opening;
      // The next call tries again.
      opening.catch(() => {
        this.#opened = undefined;
      });
    }
    return this.#opened;
  }

  async #prepared(): Promise<Pools> {
    const pg = await loadPg();
    const client = await this.#connect(pg);
    try {
      await this.prepare(client);
    } finally {
      await client.end().catch(() => {});
    }
    const config = { ...this.#config, idleTimeoutMillis: 0 };
    const [readers, writers] = [mostReaders, 1].map((max) => new pg.Pool({ ...config, max }));
    // A connection that breaks while nobody uses it is taken out of the pool; whoever asks next gets another one.
    // One that breaks in use tells that to its statements, and to the client, which nobody else listens to.
    for (const pool of [readers!, writers!]) {
      pool.on("error", () => {});
      pool.on("connect", (client) => client.on("error", () => {}));
    }
    writers!.on("connect", (client) => {
      client.on("notification", ({ payload }) => this.#listener?.notified(payload ?? ""));
      // A write follows at once: what others commit after it is heard of.
      client.query(`LISTEN ${channelOf(this.address.schema)}`).catch(() => {});
      this.#writers += 1;
      if (this.#writers > 1) this.#listener?.reconnected();
    });
    return { readers: readers!, writers: writers! };
  }

  async #connect(pg: Pg): Promise<Client> {
    const client = new pg.Client(this.#config);
    client.on("error", () => {});
    await client.connect();
    return client;
  }

  get #config() {
    return {
      connectionString: this.address.url,
      options: `-c search_path=${this.address.schema} -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3`,
      application_name: "tapback",
      keepAlive: true,
      pipeline: true,
      connectionTimeoutMillis: connectMs,
      query_timeout: answerMs,
      statement_timeout: statementMs,
      lock_timeout: lockMs,
      idle_in_transaction_session_timeout: idleMs,
    };
  }
}

/** Where commits are told of. */
export function channelOf(schema: string): string {
  return `tapback_${schema}`;
}

/** @throws `STORE_UNAVAILABLE` when the package is not there */
async function loadPg(): Promise<Pg> {
  try {
    return (await import("pg")).default as unknown as Pg;
  } catch (error) {
    throw new TapbackError("STORE_UNAVAILABLE", `store.url needs the package pg: ${messageOf(error)}`, {
      hint: "Install it beside Tapback: `npm install -g pg`.",
      cause: error,
    });
  }
}
