import type { Held } from "../claim.js";
import type { AccountLoad, KnownNode, NodeStore, StateNode, Waiting } from "../nodes.js";
import { fromJson, orUndefined } from "../rows/columns.js";
import type { LeftAccounts } from "../turns.js";
import { held } from "./accounts.js";
import { queueAgain } from "./queue-again.js";
import type { Base, Row, Tx } from "./statements.js";
import { json } from "./words.js";

/** The server's clock, milliseconds since the epoch: no machine's own counts for a lease. */
const now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

const isOver = `lease_until < ${now}`;

/** What becomes free with a node, for whoever waits for it. */
const freed = ["nodes", "turns", "questions"] as const;

/**
 * The nodes of a state, a row each. A renewal is a single statement on a connection for reads, so that it does not wait for this
 * process's writes; whoever ends a lease does so in a transaction that a renewal undoes.
 */
export class PostgresNodes implements NodeStore {
  constructor(private readonly base: Base) {}

  join({ id, kind, name, pid, version, agents }: StateNode, ttlMs: number, earlier?: string): Promise<void> {
    return this.base.write(freed, async (tx) => {
      if (earlier !== undefined && (await remove(tx, earlier))) await free(tx, [earlier]);
      await tx
        .sql(
          `INSERT INTO node (id, kind, name, pid, version, agents, started_at, lease_until)
           VALUES (?, ?, ?, ?, ?, ?, ${now}, ${now} + ?)`,
        )
        .run(id, kind, name, pid, version, json(agents), ttlMs);
    });
  }

  async renew(id: string, ttlMs: number): Promise<Held> {
    return held(await this.base.sql(`UPDATE node SET lease_until = ${now} + ? WHERE id = ?`).run(ttlMs, id));
  }

  async expire(): Promise<string[]> {
    // Asked every second, and mostly all live: that costs no commit.
    if (!(await this.base.sql(`SELECT 1 FROM node WHERE ${isOver} LIMIT 1`).get())) return [];
    return this.base.write(freed, endLeases);
  }

  async keep(id: string): Promise<boolean> {
    const keeper = await this.base.sql("SELECT id FROM node WHERE keeps = 1").get();
    if (keeper) return keeper.id === id;
    return this.base.write(["nodes"], async ({ sql }) => {
      const changed = await sql(
        "UPDATE node SET keeps = 1 WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM node WHERE keeps = 1 AND id <> ?1)",
      ).run(id);
      return changed > 0;
    });
  }

  leave(id: string): Promise<void> {
    return this.base.write(freed, async (tx) => {
      if (await remove(tx, id)) await free(tx, [id]);
    });
  }

  async list(): Promise<KnownNode[]> {
    const rows = await this.base
      .sql(`SELECT *, lease_until - ${now} AS left_ms FROM node ORDER BY started_at, id`)
      .all();
    return rows.map(toNode);
  }

  async elsewhere(id: string): Promise<LeftAccounts> {
    const rows = await this.base
      .sql(
        // What a copied state, or an earlier version, names as its owner may be no node.
        `SELECT account.id, node.id AS owner FROM account LEFT JOIN node ON node.id = account.node
         WHERE account.node IS DISTINCT FROM ? ORDER BY account.id`,
      )
      .all(id);
    const idsOf = (some: readonly Row[]) => some.map((row) => String(row.id));
    return {
      served: idsOf(rows.filter(({ owner }) => owner !== null)),
      unserved: idsOf(rows.filter(({ owner }) => owner === null)),
    };
  }

  loads(): Promise<AccountLoad[]> {
    return this.base.read(async ({ sql }) => {
      const accounts = await sql("SELECT id, node, stopped_at FROM account ORDER BY id").all();
      const turns = await sql(
        "SELECT account, count(*) AS count, min(queued_at) AS since FROM turn WHERE state = 'queued' GROUP BY account",
      ).all();
      const outbox = await sql(
        `SELECT account, count(*) AS count, min(created_at) AS since FROM outbox
         WHERE state IN ('pending', 'sending') AND accepted_at IS NULL GROUP BY account`,
      ).all();
      return accounts.map(({ id, node, stopped_at }) => ({
        id: String(id),
        ...(node !== null && { node: String(node) }),
        ...(stopped_at !== null && { stoppedAt: Number(stopped_at) }),
        turns: waiting(turns, id),
        outbox: waiting(outbox, id),
      }));
    });
  }
}

function toNode(row: Row): KnownNode {
  const agents = fromJson<string[]>(row.agents);
  return {
    id: String(row.id),
    kind: row.kind as StateNode["kind"],
    name: String(row.name),
    pid: Number(row.pid),
    version: String(row.version),
    ...(agents && { agents }),
    startedAt: Number(row.started_at),
    leftMs: Number(row.left_ms),
    isKeeper: row.keeps === 1,
  };
}

function waiting(rows: readonly Row[], account: Row[string] | undefined): Waiting {
  const row = rows.find((each) => each.account === account);
  const since = row && orUndefined<number>(row.since!);
  return { count: Number(row?.count ?? 0), ...(since !== undefined && { since }) };
}

/** Removes the nodes whose lease is over, and frees what they had; inside a transaction of the caller. @returns their ids */
export async function endLeases(tx: Tx): Promise<string[]> {
  const dead = await tx.sql(`DELETE FROM node WHERE ${isOver} RETURNING id`).all();
  const ids = dead.map(({ id }) => String(id));
  await free(tx, ids);
  return ids;
}

async function remove({ sql }: Tx, id: string): Promise<boolean> {
  return (await sql("DELETE FROM node WHERE id = ?").run(id)) > 0;
}

/**
 * Frees what nodes had that are no more: the fence of each account rises, so that a late write of theirs is refused before
 * anybody has taken it over.
 */
async function free(tx: Tx, nodes: readonly string[]): Promise<void> {
  const { sql } = tx;
  await sql("UPDATE account SET node = NULL, fence = fence + 1 WHERE node = ANY(?)").run(nodes);
  const turns = await queueAgain(tx, "turn.owner = ANY(?)", nodes);
  await sql(
    `UPDATE question SET state = 'closed', ended_at = ${now}
     WHERE state = 'open' AND kind = 'permission' AND turn_id = ANY(?)`,
  ).run(turns);
}
