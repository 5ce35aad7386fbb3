import { existsSync, realpathSync } from "node:fs";
import { lockState, refuseSecondGateway } from "../../control/index.js";
import { outgoingFolder } from "../../outbound/index.js";
import { TapbackError } from "../../platform/index.js";
import { copyStateToFile, copyStateToServer, lockStateAt } from "../../store/index.js";
import type { Context } from "../context.js";
import { printJson, printLine } from "../output.js";
import { statePath, statePlace } from "../state.js";

/**
 * `tapback store copy`: moves the state from its file to a server, and back (behaviour 21.2). No gateway runs meanwhile.
 * @throws `USAGE`, `GATEWAY_RUNNING`, `NO_STATE`, `STORE_EXISTS`, `STORE_COPY_DIFFERS`, `STORE_UNAVAILABLE`
 */
export async function storeCopy(context: Context, { to = "" }: { to?: string }): Promise<undefined> {
  const { stateDir, json } = context;
  const isServer = /^postgres(ql)?:\/\//.test(to);
  if (!isServer && to !== "file")
    throw new TapbackError("USAGE", "--to takes `file`, or the address of a database: postgres://…");
  const url = isServer ? to : (await statePlace(context)).url;
  if (url === undefined)
    throw new TapbackError("USAGE", "the configuration names no server to copy from: store.url is not set");
  await refuseSecondGateway(stateDir);
  const lock = lockState(stateDir, "", Date.now());
  try {
    if (isServer && !existsSync(statePath(context)))
      throw new TapbackError("NO_STATE", `there is no state in ${stateDir} yet`);
    const outgoing = outgoingFolder(realpathSync(stateDir));
    const serverLock = await lockStateAt({ stateDir, url });
    try {
      const rows = isServer
        ? await copyStateToServer(stateDir, url)
        : await copyStateToFile(url, statePath(context), { into: outgoing, named: outgoing });
      if (json) printJson({ to: isServer ? "server" : "file", rows });
      else tell(context, isServer, rows);
    } finally {
      await serverLock?.release();
    }
  } finally {
    lock.release();
  }
}

function tell(context: Context, isServer: boolean, rows: Record<string, number>): void {
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0);
  printLine(
    `Copied ${all} rows, read them again and compared them: ${rows.journal} messages, ${rows.outbox} sends.`,
  );
  printLine(
    isServer
      ? `Now set store.url in the configuration, and start the gateway. ${statePath(context)} is left as it is, and is read no more then.`
      : "Now take store.url out of the configuration, and start the gateway. The state on the server is left as it is.",
  );
}
