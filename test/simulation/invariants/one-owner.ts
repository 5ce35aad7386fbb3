import { methodFacts } from "../../../src/bridge/imsg/methods.js";
import { accounts } from "../cast.js";
import type { Facts, Invariant, Request } from "./invariant.js";

/** A dead or frozen owner is replaced within its lease and this time, milliseconds. */
const mostMs = 15_000 + 2000;

/** An account has one owner, by the server's own table, and a new one in time (behaviour 21.4, 21.4a). */
export function oneOwner(): Invariant {
  const ended = new Map<string, string>();
  return {
    name: "an account has one owner",
    request({ cluster, ledger }: Facts, { method, mac, node }: Request) {
      if (cluster === undefined || !changes(method)) return undefined;
      const account = accounts[mac]!.id;
      const owner = cluster.owned()?.find((each) => each.account === account)?.node;
      ledger.count("change asked of a Mac");
      if (owner === undefined || owner === cluster.idOf(node)) return undefined;
      return `node ${node} (${cluster.idOf(node)}) asks for ${method} at the Mac of ${account}, which is ${owner ?? "nobody"}'s`;
    },
    step({ cluster, state }: Facts) {
      if (cluster === undefined) return undefined;
      const wrong = cluster.wrong ?? cluster.unserved(mostMs);
      if (wrong !== undefined) return wrong;
      const over = state
        .prepare(
          "SELECT id, state, ended_at FROM turn WHERE state IN ('done', 'failed', 'cancelled') ORDER BY ended_at DESC LIMIT 30",
        )
        .all();
      for (const { id, state: end, ended_at: at } of over) {
        const now = `${end} at ${at}`;
        const before = ended.get(String(id)) ?? now;
        ended.set(String(id), before);
        if (before !== now) return `turn ${id} was ${before}, and is ${now}`;
      }
      return undefined;
    },
  };
}

/** Whether a call changes something on the Mac (behaviour 21.4a). */
function changes(method: string): boolean {
  return methodFacts(method as Parameters<typeof methodFacts>[0]).lane === "mutation";
}
