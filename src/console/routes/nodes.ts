import * as z from "zod";
import { route, time } from "../../api/serving/index.js";
import { clusterFacts } from "../../facts/index.js";

const waiting = z.object({ count: z.int(), oldestMs: z.int().nullable() });

export const cluster = z
  .object({
    nodes: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(["gateway", "worker"]),
        name: z.string(),
        pid: z.int(),
        version: z.string(),
        agents: z.array(z.string()).nullable().describe("Null: all of them."),
        since: time(),
        leaseMs: z.int().describe("Negative once it is over."),
        isKeeper: z.boolean(),
      }),
    ),
    accounts: z.array(
      z.object({
        id: z.string(),
        enabled: z.boolean(),
        node: z.string().nullable(),
        turns: waiting,
        outbox: waiting,
      }),
    ),
  })
  .meta({ id: "Cluster" });

export const nodeRoutes = [
  route({
    id: "getCluster",
    method: "get",
    path: "/v1/cluster",
    scope: "admin",
    summary: "Tell who works on a state that several share; nobody is named where it is in a file.",
    result: cluster,
    async handle({ api: { store, config, clock } }) {
      if (!store.nodes) return { nodes: [], accounts: [] };
      return await clusterFacts(store.nodes, config(), () => clock.now());
    },
  }),
];
