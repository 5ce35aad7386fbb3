import { type ClusterFacts, clusterFacts, type NodeFacts, type WaitingFacts } from "../../facts/index.js";
import { systemClock, TapbackError } from "../../platform/index.js";
import { type Context, readConfig } from "../context.js";
import { exitCodes, printJson, printLine, span, styled, table } from "../output.js";
import { openState } from "../state.js";

/**
 * `tapback cluster status`: who works on the state, whose each account is, and what waits (behaviour 21.5).
 * @returns 0 when every account of the configuration is served; 1 when one is not; 4 when no gateway is there
 * @throws `USAGE` where the state is in a file, `NO_STATE`, `STORE_UNAVAILABLE`
 */
export async function clusterStatus(context: Context): Promise<number> {
  const { config } = await readConfig(context);
  const store = await openState(context);
  try {
    if (!store.nodes)
      throw new TapbackError("USAGE", "the state is in a file, so one gateway alone has it", {
        hint: "`tapback channels status` tells of it; docs/postgresql.md has how several share a state.",
      });
    const facts = await clusterFacts(store.nodes, config, systemClock.now);
    if (context.json) printJson(facts);
    else tell(facts);
    const hasGateway = facts.nodes.some(({ kind, leaseMs }) => kind === "gateway" && leaseMs > 0);
    if (!hasGateway) return exitCodes.gatewayUnreachable;
    const isUnserved = facts.accounts.some(({ enabled, node }) => enabled && node === null);
    return isUnserved ? exitCodes.refused : exitCodes.done;
  } finally {
    await store.close();
  }
}

function tell({ nodes, accounts, server }: ClusterFacts): void {
  if (nodes.length === 0)
    printLine(styled("yellow", "Nobody works on the state. Start a gateway with `tapback gateway`."));
  else
    printLine(
      table(
        ["NODE", "PID", "KIND", "VERSION", "SINCE", "LEASE", "DOES"],
        nodes.map((node) => [
          node.name,
          String(node.pid),
          node.kind,
          node.version,
          `${span(Date.now() - Date.parse(node.since))} ago`,
          node.leaseMs > 0 ? `${span(node.leaseMs)} left` : `over for ${span(-node.leaseMs)}`,
          doesOf(node),
        ]),
      ),
    );
  printLine();
  printLine(
    table(
      ["ACCOUNT", "SERVED BY", "TURNS", "TO SEND"],
      accounts.map(({ id, enabled, node, turns, outbox }) => {
        const owner = nodes.find((one) => one.id === node);
        const nobody = enabled ? "nobody" : "nobody: disabled";
        return [id, owner ? `${owner.name}, pid ${owner.pid}` : nobody, waiting(turns), waiting(outbox)];
      }),
    ),
  );
  printLine();
  printLine(`The server answers within ${Math.round(server.answerMs)} ms.`);
}

function doesOf({ isKeeper, agents }: NodeFacts): string {
  return [agents && `agents ${agents.join(", ")}`, isKeeper && "keeps the state"].filter(Boolean).join("; ");
}

function waiting({ count, oldestMs }: WaitingFacts): string {
  return oldestMs === null ? "none" : `${count}, the oldest for ${span(oldestMs)}`;
}
