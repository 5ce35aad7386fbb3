import { loadConfig, resolveAgent } from "../config/index.js";
import type { Store, Turn } from "../store/index.js";
import type { Context } from "./context.js";

/** Why a turn waits that nobody here runs (behaviour 21.3); undefined where it simply waits for its turn, and where nobody can tell. */
export async function whyItWaits(
  { env, home, configOption }: Context,
  store: Pick<Store, "nodes">,
  { state, agentId }: Turn,
): Promise<string | undefined> {
  if (state !== "queued") return undefined;
  const loaded = await loadConfig({ env, home, path: configOption });
  if (!loaded.ok || resolveAgent(loaded.value.config, agentId)?.runsOn !== "workers") return undefined;
  const nodes = (await store.nodes?.list()) ?? [];
  const runs = nodes.some(
    ({ kind, agents, leftMs }) => kind === "worker" && leftMs > 0 && agents?.includes(agentId),
  );
  return runs
    ? undefined
    : `no worker runs the agent ${agentId} now; start one: tapback worker --agents ${agentId}`;
}
