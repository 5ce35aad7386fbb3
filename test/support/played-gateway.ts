import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serveControl } from "../../src/control/server.js";

/**
 * Answers for a gateway of a state directory that is another one at each look, and has nothing to complain of.
 * @returns what ends it
 */
export async function playGateway(stateDir: string): Promise<() => Promise<void>> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const [info, socket] = [join(stateDir, "gateway.json"), join(stateDir, "s")];
  const { pid } = process;
  const close = await serveControl(socket, {
    status: async () => ({
      gateway: { pid, startedAt: new Date().toISOString(), version: "1" },
      defaultAccount: "default",
      accounts: [],
    }),
  } as never);
  writeFileSync(info, JSON.stringify({ pid, startedAt: "", version: "1", socket }), { mode: 0o600 });
  return async () => {
    rmSync(info, { force: true });
    await close();
  };
}
