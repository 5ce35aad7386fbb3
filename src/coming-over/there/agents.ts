import { isTree, listOf, type Tree, treeOf } from "../../config/fitting/index.js";
import type { Probe } from "../probe.js";
import { idsHere, idThere } from "./accounts.js";
import { type Bindings, bindingsIn, bindingsThere } from "./bindings.js";
import { identityPatterns, writtenPatterns } from "./mentions.js";
import type { Traits } from "./traits.js";

/** The agents of the other system, and which of them answers whom. */
export interface AgentsThere {
  /** @returns the agent's id, or undefined where none answered */
  route(probe: Probe, isGroup: boolean): string | undefined;
  /** @returns what counts as a mention of an agent; none where no mention could be asked for */
  mentionsOf(agent: string): readonly RegExp[];
  /** @param agentId as a binding names it @returns the agent that answered, or undefined where none did */
  existing(agentId: string): string | undefined;
  /** @returns our id of an agent */
  here(agent: string): string;
}

/** @param old the whole file of the other system */
export function agentsThere(old: Tree, traits: Traits): AgentsThere {
  const list = rosterOf(old);
  const agents = new Map((list ?? []).map((agent) => [agentId(agent.id), agent]));
  const fallback = fallbackOf(old, list, traits);
  const bindings: Bindings = bindingsThere(old, traits);
  const existing = (id: string): string | undefined => {
    if (agents.has(id) || agents.size === 0) return id;
    if (traits.unrouted === "default") return fallback;
    return id === "main" ? id : undefined;
  };
  // Of agents that no list names, bindings tell.
  const written = list?.map(({ id }) => id) ?? bindingsIn(old).map(({ agentId: id }) => id);
  const hereOf = idsHere(written.filter((id) => typeof id === "string"));
  const mentions = new Map<string, readonly RegExp[]>();
  return {
    existing: (id) => existing(agentId(id)),
    here: (agent) => hereOf(agent) ?? agent,
    route(probe, isGroup) {
      const { routed, session } = bindings.find(probe, isGroup);
      const agent = routed === undefined ? fallback : existing(agentId(routed));
      // Where routing failed, the message did, whatever session its chat was bound to.
      return agent !== undefined && session !== undefined ? existing(agentId(session)) : agent;
    },
    mentionsOf(agent) {
      const known = mentions.get(agent) ?? patternsOf(old, treeOf(agents.get(agent)), agents.size === 0);
      mentions.set(agent, known);
      return known;
    },
  };
}

/** The agent's own patterns, else those for all, else those of its identity. */
function patternsOf(old: Tree, agent: Tree, isOnlyAgent: boolean): readonly RegExp[] {
  const places = [
    treeOf(agent.groupChat),
    agent,
    treeOf(treeOf(old.messages).groupChat),
    treeOf(treeOf(old.routing).groupChat),
  ];
  const place = places.find((one) => Object.hasOwn(one, "mentionPatterns"));
  if (place !== undefined) return writtenPatterns(listOf(place.mentionPatterns));
  return identityPatterns(treeOf(agent.identity ?? (isOnlyAgent ? old.identity : undefined)));
}

/** @returns the agents in the order of the file; undefined where it has no list of them */
function rosterOf(old: Tree): Tree[] | undefined {
  const { entries, list } = treeOf(old.agents);
  const byId = (map: unknown) =>
    Object.entries(treeOf(map)).flatMap(([id, one]) => (isTree(one) ? [{ ...one, id }] : []));
  if (entries !== undefined) return byId(entries);
  if (list !== undefined) return listOf(list).filter(isTree);
  const { agents } = treeOf(old.routing);
  return agents === undefined ? undefined : byId(agents);
}

/** Who answers where no binding matches. */
function fallbackOf(old: Tree, list: readonly Tree[] | undefined, { unrouted }: Traits): string | undefined {
  if (list === undefined) return "main";
  const ids = list.map(({ id }) => agentId(id));
  const listed = (id: unknown) =>
    typeof id === "string" && ids.includes(agentId(id)) ? agentId(id) : undefined;
  const marked = list.flatMap((agent, index) => (agent.default === true ? [ids[index]!] : []));
  if (unrouted === "default")
    return listed(treeOf(old.routing).defaultAgentId) ?? marked[0] ?? ids[0] ?? "main";
  const { ownership, defaults } = treeOf(old.agents);
  const isExplicit = ownership === "explicit";
  const system = isExplicit ? listed(treeOf(treeOf(defaults).systemAgent).agentId) : undefined;
  if (system !== undefined) return system;
  if (!isExplicit && marked.length === 1) return marked[0];
  return ids.length === 1 ? ids[0] : undefined;
}

function agentId(id: unknown): string {
  return (typeof id === "string" ? idThere(id) : undefined) ?? "main";
}
