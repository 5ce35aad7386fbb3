import type { Client } from "pg";
import { type Clock, localTime, type StopTimer, TapbackError } from "../../platform/index.js";
import { asStoreError } from "./errors.js";
import { endLeases } from "./nodes.js";
import { namedServer, Server, serverAddress } from "./server.js";
import type { Tx } from "./statements.js";

/** How often it is tried to take the lock again where its connection broke, milliseconds. */
const againMs = 2000;

/** Nodes use a state side by side; a command that needs it still has it alone. */
type Share = "shared" | "alone";

/**
 * Takes the lock of a state: it is the server's, and goes with the connection that took it, so there is none left of a process
 * that died. Where the connection breaks it is taken again; meanwhile a node has its lease, which counts as well. Whoever has the state alone
 * ends the leases that are over: no node of before goes on under it.
 * @throws `GATEWAY_RUNNING` when another process has it in a way that excludes this, `STORE_UNAVAILABLE`
 */
export async function lockPostgresState(
  url: string,
  clock: Clock,
  share: Share,
): Promise<{ release(): Promise<void> }> {
  const address = serverAddress(url);
  const server = new Server(address, async () => {});
  let isHeld = true;
  let held: Client | undefined;
  let stopTimer: StopTimer = () => {};
  const take = async (): Promise<void> => {
    const client = await server.connect();
    let isOurs = false;
    try {
      const other =
        (await tryLock(client, address.schema, share)) ??
        (share === "alone" ? await liveNode(client, server.statements.over(client)) : undefined);
      if (other !== undefined) throw inUse(url, other, share);
      // It may have been given back while it was taken again.
      isOurs = isHeld;
    } finally {
      if (!isOurs) await client.end().catch(() => {});
    }
    if (!isOurs) return;
    held = client;
    client.on("end", () => {
      held = undefined;
      if (isHeld) again();
    });
  };
  const again = () => {
    stopTimer = clock.after(againMs, () => void take().catch(() => isHeld && again()), { unref: true });
  };
  try {
    await take();
  } catch (error) {
    throw asStoreError(error);
  }
  return {
    async release() {
      isHeld = false;
      stopTimer();
      await held?.end().catch(() => {});
    },
  };
}

/** @returns who has it, as far as is known; undefined when it was taken */
async function tryLock(client: Client, schema: string, share: Share): Promise<string | undefined> {
  const names = [`hashtext('tapback gateway')`, `hashtext('${schema}')`] as const;
  const lock = share === "shared" ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock";
  const { rows } = await client.query(`SELECT ${lock}(${names.join(", ")}) AS is_ours`);
  if (rows[0].is_ours) return undefined;
  const holders = await client.query(
    `SELECT host(client_addr) AS host, extract(epoch FROM backend_start) * 1000 AS since FROM pg_locks
         JOIN pg_stat_activity USING (pid)
       WHERE locktype = 'advisory' AND granted AND classid::bigint = ${names[0]}::bigint & 4294967295
         AND objid::bigint = ${names[1]}::bigint & 4294967295 ORDER BY backend_start LIMIT 1`,
  );
  const [holder] = holders.rows;
  return holder ? ` (from ${holder.host ?? "this machine"}, since ${localTime(Number(holder.since))})` : "";
}

/**
 * A node that is cut off for a moment has no connection, and works on once it is back. One whose lease is over would do so too, a machine
 * that slept, in the middle of what has the state alone: it is a node no more.
 * @returns a node whose lease runs; nothing is ended then
 */
async function liveNode(client: Client, tx: Tx): Promise<string | undefined> {
  const known = await client.query("SELECT to_regclass('node') IS NOT NULL AS known");
  if (!known.rows[0].known) return undefined;
  await client.query("BEGIN");
  await endLeases(tx);
  const live = await tx.sql("SELECT kind, name FROM node ORDER BY started_at LIMIT 1").get();
  await client.query(live ? "ROLLBACK" : "COMMIT");
  return live && ` (the ${live.kind} on ${live.name}, or its lease that is not over yet)`;
}

function inUse(url: string, who: string, share: Share): TapbackError {
  const server = namedServer(url);
  return share === "alone"
    ? new TapbackError("GATEWAY_RUNNING", `a gateway or a worker has the state on ${server}${who}`, {
        hint: "Stop them all first: `tapback cluster status` names them.",
      })
    : new TapbackError("GATEWAY_RUNNING", `somebody has the state on ${server} alone${who}`, {
        hint: "Wait for the command that copies or changes it, or stop the older gateway; or give this one a schema of its own: `?schema=NAME` behind the address in store.url.",
      });
}
