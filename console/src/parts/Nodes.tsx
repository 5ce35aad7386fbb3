import type { Cluster } from "../state/answers.js";
import { get } from "../state/ask.js";
import { useResource } from "../state/resource.js";
import { Ago } from "./Ago.js";
import { Command } from "./Command.js";
import { Trouble } from "./Trouble.js";

type Node = Cluster["nodes"][number];

/** Who works on a state that several share, and what each of them has; nothing where one gateway has it alone. */
export function Nodes() {
  const cluster = useResource("", () => get<Cluster>("/v1/cluster"), ["health"]);
  const { nodes = [], accounts = [] } = cluster.value ?? {};
  if (nodes.length === 0) return <Trouble of={cluster.refused} />;
  const unserved = accounts.filter(({ enabled, node }) => enabled && node === null);
  return (
    <section aria-labelledby="nodes">
      <h2 id="nodes">Machines that share the state</h2>
      <ul class="cards">
        {nodes.map((node) => (
          <li class="card" key={node.id}>
            <h3>
              {node.name} <span class={`standing ${node.leaseMs > 0 ? "good" : "bad"}`}>{leaseOf(node)}</span>
            </h3>
            <p class="quiet">
              {node.kind === "gateway" ? "Gateway" : "Worker"} {node.version}, pid {node.pid}, started{" "}
              <Ago at={node.since} />
            </p>
            <p>{doesOf(node, accounts)}</p>
          </li>
        ))}
      </ul>
      {unserved.length > 0 && (
        <p class="bad-text">Nobody serves {unserved.map(({ id }) => id).join(", ")}.</p>
      )}
      <Command line="tapback cluster status" />
    </section>
  );
}

function leaseOf({ leaseMs }: Node): string {
  return leaseMs > 0 ? `lease for ${Math.ceil(leaseMs / 1000)} s` : "lease over";
}

function doesOf({ id, kind, agents, isKeeper }: Node, accounts: Cluster["accounts"]): string {
  const served = accounts.filter(({ node }) => node === id).map((account) => account.id);
  const does = [
    served.length > 0 && `serves ${served.join(", ")}`,
    agents && `runs the turns of ${agents.join(", ")}`,
    isKeeper && "keeps the state",
  ].filter(Boolean);
  if (does.length > 0) return `It ${does.join(", ")}.`;
  return kind === "gateway" ? "It stands by." : "It runs the turns of every agent.";
}
