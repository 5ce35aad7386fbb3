import type { Client } from "pg";
import { type Clock, localTime, type StopTimer, TapbackError } from "../../platform/index.js";
import { asStoreError } from "./errors.js";
import { namedServer, Server, serverAddress } from "./server.js";

/** How often it is tried to take the lock again where its connection broke, milliseconds. */
const againMs = 2000;

/**
 * Takes the lock of a state: it is the server's, and goes with the connection that took it, so there is none left of a gateway
 * that died. Where the connection breaks it is taken again; meanwhile fences refuse what another gateway must not see.
 * @throws `GATEWAY_RUNNING` when another gateway has it, `STORE_UNAVAILABLE`
 */
export async function lockPostgresState(url: string, clock: Clock): Promise<{ release(): Promise<void> }> {
  const address = serverAddress(url);
  const server = new Server(address, async () => {});
  let isHeld = true;
  let held: Client | undefined;
  let stopTimer: StopTimer = () => {};
  const take = async (): Promise<void> => {
    const client = await server.connect();
    const [key, schema] = ["hashtext('tapback gateway')", `hashtext('${address.schema}')`];
    const { rows } = await client.query(`SELECT pg_try_advisory_lock(${key}, ${schema}) AS is_ours`);
    if (!rows[0].is_ours) {
      const holders = await client.query(
        `SELECT host(client_addr) AS host, extract(epoch FROM backend_start) * 1000 AS since FROM pg_locks
           JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND granted AND classid::bigint = ${key}::bigint & 4294967295
           AND objid::bigint = ${schema}::bigint & 4294967295`,
      );
      await client.end();
      throw alreadyThere(url, holders.rows[0]);
    }
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

function alreadyThere(url: string, holder: { host: string | null; since: string } | undefined): TapbackError {
  const who = holder && ` (from ${holder.host ?? "this machine"}, since ${localTime(Number(holder.since))})`;
  return new TapbackError(
    "GATEWAY_RUNNING",
    `a gateway already has the state on ${namedServer(url)}${who ?? ""}`,
    {
      hint: "Stop it first, or give this one a schema of its own: `?schema=NAME` behind the address in store.url.",
    },
  );
}
