import * as z from "zod";
import { type AnyRoute, route, time } from "../../api/serving/index.js";
import { type Config, resolveAccounts, resolveAgents } from "../../config/index.js";
import { agentFacts, cancelSchedule, knownAgentFacts, scheduleRow } from "../../facts/index.js";
import { TapbackError } from "../../platform/index.js";
import { knownSessions, proofOf } from "../../turns/index.js";
import type { ConsoleDeps } from "../deps.js";
import { tried } from "../trial.js";

/** Nobody waits longer at a page; a first start that downloads something goes on at the command line, milliseconds. */
const proofMs = 30_000;

export const agents = z
  .object({
    agents: z.array(
      z.object({
        ...{ id: z.string(), name: z.string().nullable(), runtime: z.string(), model: z.string().nullable() },
        ...{ workspace: z.string().nullable(), default: z.boolean() },
      }),
    ),
    known: z.array(
      z.object({
        ...{ name: z.string(), title: z.string(), command: z.string(), found: z.boolean() },
        install: z.string().nullable(),
      }),
    ),
    sessions: z.array(
      z.object({
        account: z.string(),
        sessionKey: z.string(),
        bound: z.object({ chatKey: z.string(), agentId: z.string() }).nullable(),
        state: z.enum(["asleep", "waiting", "working"]),
      }),
    ),
  })
  .meta({ id: "Agents" });

export const proof = z
  .object({ ok: z.boolean(), detail: z.string(), remedy: z.string().nullable() })
  .meta({ id: "AgentProof" });

export const trial = z
  .object({
    said: z.array(z.string()),
    notes: z.array(z.string()),
    error: z.object({ message: z.string(), hint: z.string().nullable() }).nullable(),
  })
  .meta({ id: "AgentTrial" });

export const scheduled = z
  .object({
    ...{ id: z.string(), account: z.string(), sessionKey: z.string(), target: z.string() },
    ...{ dueAt: time(), goesAt: time(), createdAt: time() },
    repeat: z.object({ cron: z.string(), zone: z.string() }).nullable(),
    by: z.object({ handle: z.string(), name: z.string().nullable() }).nullable(),
    kind: z.enum(["turn", "message"]),
    text: z.string().nullable(),
  })
  .meta({ id: "Scheduled" });

/**
 * Who answers and what comes later, as `tapback agents list|doctor|try`, `/acp sessions` and `tapback schedule list|cancel` have it.
 * @param ends aborts when it is served there no more
 */
export function agentRoutes({ work, ...place }: ConsoleDeps, ends: AbortSignal): AnyRoute[] {
  return [
    route({
      id: "listAgents",
      method: "get",
      path: "/v1/agents",
      scope: "admin",
      summary:
        "List the agents of the configuration, those known by name, and the sessions of every account.",
      result: agents,
      async handle({ api: { store, config } }) {
        const accounts = await Promise.all(
          resolveAccounts(config()).map(async ({ id: account }) => {
            const running = await work.agents.sessions(account);
            const known = knownSessions(await store.bindings.list(account), running);
            return known.map(({ bound = null, ...session }) => ({ account, bound, ...session }));
          }),
        );
        return {
          agents: agentFacts(config()).map((agent) => ({ ...agent, name: agent.name ?? null })),
          known: knownAgentFacts(place.env),
          sessions: accounts.flat(),
        };
      },
    }),
    route({
      id: "proveAgent",
      method: "post",
      path: "/v1/agents/{agent}/prove",
      scope: "admin",
      summary: "Bring an agent to the point before its first token.",
      parameters: { path: z.strictObject({ agent: z.string().max(200) }) },
      body: z.strictObject({}),
      result: proof,
      async handle({ path, api: { config } }) {
        const agent = agentNamed(path.agent, config());
        const { ok, detail, remedy = null } = await proofOf(agent, config(), place, proofMs);
        return { ok, detail, remedy };
      },
    }),
    route({
      id: "tryAgent",
      method: "post",
      path: "/v1/agents/{agent}/try",
      scope: "admin",
      summary: "Run one turn of an agent without Messages, for two minutes at most.",
      parameters: { path: z.strictObject({ agent: z.string().max(200) }) },
      body: z.strictObject({ text: z.string().min(1).max(20_000) }),
      result: trial,
      async handle({ path, body, api: { config, clock } }) {
        const { id } = agentNamed(path.agent, config());
        return tried({ id, text: body.text }, config(), { ...place, clock }, ends);
      },
    }),
    route({
      id: "listSchedule",
      method: "get",
      path: "/v1/schedule",
      scope: "admin",
      summary: "List what is sent or asked later, the next one first.",
      result: z.object({ items: z.array(scheduled) }),
      async handle({ api: { store, config } }) {
        return { items: (await store.schedule.list()).map((each) => scheduleRow(each, config())) };
      },
    }),
    route({
      id: "cancelSchedule",
      method: "post",
      path: "/v1/schedule/{schedule}/cancel",
      scope: "admin",
      summary: "Take something scheduled back.",
      parameters: { path: z.strictObject({ schedule: z.string().max(100) }) },
      body: z.strictObject({}),
      result: z.object({ id: z.string() }),
      async handle({ path, api: { store } }) {
        await cancelSchedule(store, path.schedule);
        return { id: path.schedule };
      },
    }),
  ];
}

/** @throws `AGENT_UNKNOWN` */
function agentNamed(name: string, config: Config) {
  const agent = resolveAgents(config).find(({ id }) => id === name);
  if (agent) return agent;
  throw new TapbackError("AGENT_UNKNOWN", `there is no agent ${name}`);
}
