import { accountIds, type Config, resolveAccounts } from "../config/index.js";
import type { NodeStore, Waiting } from "../store/index.js";
import { iso } from "./time.js";

/** A node as programs are told of it. */
export interface NodeFacts {
  id: string;
  kind: "gateway" | "worker";
  name: string;
  pid: number;
  version: string;
  /** The agents whose turns it runs; null: all. */
  agents: string[] | null;
  since: string;
  /** How long its lease still runs, milliseconds; negative once it is over. */
  leaseMs: number;
  isKeeper: boolean;
}

/** An account as the nodes share it. */
export interface SharedAccountFacts {
  id: string;
  enabled: boolean;
  /** The id of the node that has it, while its lease runs; null: nobody does. */
  node: string | null;
  turns: WaitingFacts;
  outbox: WaitingFacts;
}

/** How much waits, and how long the oldest of it has, milliseconds; null when nothing does. */
export interface WaitingFacts {
  count: number;
  oldestMs: number | null;
}

/** Who works on a state on a server (behaviour 21.5). */
export interface ClusterFacts {
  nodes: NodeFacts[];
  accounts: SharedAccountFacts[];
  /** How long the server took to answer, milliseconds. */
  server: { answerMs: number };
}

/** Looks who works on a state, and what waits there. @param now milliseconds since the epoch, asked before and after */
export async function clusterFacts(
  nodes: NodeStore,
  config: Config,
  now: () => number,
): Promise<ClusterFacts> {
  const asked = now();
  const known = await nodes.list();
  const answerMs = now() - asked;
  const live = new Set(known.filter(({ leftMs }) => leftMs > 0).map(({ id }) => id));
  const loads = await nodes.loads();
  const enabled = new Set(
    resolveAccounts(config).flatMap((account) => (account.enabled ? [account.id] : [])),
  );
  const age = ({ count, since }: Waiting): WaitingFacts => ({
    count,
    oldestMs: since === undefined ? null : Math.max(0, now() - since),
  });
  const ids = [...new Set([...accountIds(config), ...loads.map(({ id }) => id)])];
  return {
    nodes: known.map(({ agents, startedAt, leftMs, ...node }) => ({
      ...node,
      agents: agents ? [...agents] : null,
      since: iso(startedAt)!,
      leaseMs: leftMs,
    })),
    accounts: ids.map((id) => {
      const load = loads.find((one) => one.id === id);
      const node = load?.node !== undefined && live.has(load.node) ? load.node : null;
      return {
        ...{ id, node, enabled: enabled.has(id) },
        turns: age(load?.turns ?? { count: 0 }),
        outbox: age(load?.outbox ?? { count: 0 }),
      };
    }),
    server: { answerMs },
  };
}
