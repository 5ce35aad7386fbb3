import {
  isTree,
  listOf,
  type Move,
  movesOf,
  type Tree,
  treeOf,
  without,
} from "../../config/fitting/index.js";
import type { ConfigPath } from "../../config/index.js";
import { bindingsIn } from "../there/bindings.js";
import { queueMoves } from "./messages.js";

const listed = { why: "agents are a list here", aside: true } as const;

/** Translates `agents`: `list`, or the newer `entries` keyed by id, which came before it. */
export function agentMoves(agents: Tree): Move[] {
  const moves = entryMoves(treeOf(agents.defaults), ["agents", "defaults"], ["agents", "defaults"]);
  const entries = agentsIn(agents.entries);
  for (const [index, [id, entry]] of entries.entries()) {
    const from = ["agents", "entries", id];
    const to = ["agents", "list", index];
    moves.push({ from, to: [...to, "id"], value: id, ...listed });
    moves.push(...entryMoves(entry, from, to, listed));
  }
  const list = Array.isArray(agents.list) ? agents.list : [];
  if (agents.entries === undefined)
    for (const [index, entry] of list.entries())
      moves.push(...entryMoves(treeOf(entry), ["agents", "list", index], ["agents", "list", index]));
  else if (list.length > 0)
    moves.push({
      from: ["agents", "list"],
      to: undefined,
      value: list,
      why: "agents.entries held in its place",
    });
  const ids =
    agents.entries === undefined ? list.map((entry) => treeOf(entry)) : entries.map(([, entry]) => entry);
  return [
    ...moves,
    ...movesOfRest(noAgentsIn(agents.entries), ["agents", "entries"]),
    ...generalFallbacks(agents, ids),
    ...movesOfRest(without(agents, "defaults", "entries", "list"), ["agents"]),
  ];
}

/** Agents that are keyed by their id: that system passes over whatever is no object. */
function agentsIn(map: unknown): [string, Tree][] {
  return Object.entries(treeOf(map)).flatMap(([id, entry]) => (isTree(entry) ? [[id, entry]] : []));
}

/** What it passes over there. */
function noAgentsIn(map: unknown): Tree {
  return Object.fromEntries(Object.entries(treeOf(map)).filter(([, entry]) => !isTree(entry)));
}

/** Early Clawdbot kept agents and bindings under `routing`, and the one agent under `agent`. */
export function routingMoves(routing: Tree, agent: Tree, block: Tree): Move[] {
  const own = { why: "agents have their own block here", aside: true } as const;
  const moves = entryMoves(agent, ["agent"], ["agents", "defaults"], own);
  const entries = agentsIn(routing.agents);
  const ids = entries.map(([id]) => id);
  for (const [index, [id, entry]] of entries.entries()) {
    const from = ["routing", "agents", id];
    const to = ["agents", "list", index];
    moves.push({ from, to: [...to, "id"], value: id, ...listed });
    const { mentionPatterns, ...rest } = entry;
    if (mentionPatterns !== undefined)
      moves.push({
        from: [...from, "mentionPatterns"],
        to: [...to, "groupChat", "mentionPatterns"],
        value: mentionPatterns,
        why: "it stands under groupChat here",
        aside: true,
      });
    moves.push(...entryMoves(rest, from, to, listed));
    if (routing.defaultAgentId === id)
      moves.push({
        from: ["routing", "defaultAgentId"],
        to: [...to, "default"],
        value: true,
        why: "the default agent is marked in the list here",
        aside: true,
      });
  }
  const groupChat = treeOf(routing.groupChat);
  const at = ["routing", "groupChat"];
  if (groupChat.mentionPatterns !== undefined)
    moves.push({
      from: [...at, "mentionPatterns"],
      to: ["messages", "groupChat", "mentionPatterns"],
      value: groupChat.mentionPatterns,
      why: "it stands under messages here",
      aside: true,
    });
  if (groupChat.historyLimit !== undefined)
    moves.push({
      from: [...at, "historyLimit"],
      to: ["channels", "imessage", "historyLimit"],
      value: groupChat.historyLimit,
      why: "it is a setting of the channel here",
      aside: true,
    });
  if (groupChat.requireMention !== undefined)
    moves.push(...mentionMoves(groupChat.requireMention, [...at, "requireMention"], block));
  moves.push(...movesOfRest(noAgentsIn(routing.agents), ["routing", "agents"]));
  const defaultTaken = ids.includes(String(routing.defaultAgentId)) ? ["defaultAgentId"] : [];
  return [
    ...moves,
    ...queueMoves(treeOf(routing.queue), ["routing", "queue"]),
    ...movesOfRest(without(groupChat, "mentionPatterns", "historyLimit", "requireMention"), at),
    ...movesOfRest(without(routing, "agents", "groupChat", "bindings", "queue", ...defaultTaken), [
      "routing",
    ]),
  ];
}

/** What held for all groups is said of each that is listed, or of all where none is: a further entry would open groups. */
function mentionMoves(value: unknown, from: ConfigPath, block: Tree): Move[] {
  const places = [
    { at: ["channels", "imessage"], groups: treeOf(block.groups), isOwn: true },
    ...Object.entries(treeOf(block.accounts)).map(([id, own]) => ({
      at: ["channels", "imessage", "accounts", id],
      groups: treeOf(treeOf(own).groups),
      isOwn: treeOf(own).groups !== undefined,
    })),
  ];
  return places
    .filter(({ isOwn }) => isOwn)
    .flatMap(({ at, groups }) => {
      const keys =
        Object.keys(groups).length === 0 || Object.hasOwn(groups, "*") ? ["*"] : Object.keys(groups);
      return keys.map(
        (key): Move => ({
          from,
          to: [...at, "groups", key, "requireMention"],
          value: treeOf(groups[key]).requireMention ?? value,
          why: "it is a setting of each group here",
        }),
      );
    });
}

/** Early Clawdbot had one agent, whose name stood at the top. */
export function identityMoves(old: Tree): Move[] {
  if (old.identity === undefined) return [];
  const { list, entries } = treeOf(old.agents);
  const isNamed = [list, entries, treeOf(old.routing).agents].some(
    (one) => Object.keys(one ?? {}).length > 0,
  );
  if (isNamed || !isTree(old.identity)) return movesOfRest({ identity: old.identity }, []);
  return [
    { from: ["identity"], to: ["agents", "list", 0, "id"], value: "main", quiet: true },
    ...movesOf(
      old.identity,
      ["identity"],
      ["agents", "list", 0, "identity"],
      "agents have their own block here",
    ),
  ];
}

function entryMoves(
  entry: Tree,
  from: ConfigPath,
  to: ConfigPath,
  note: { why?: string; aside?: true } = {},
): Move[] {
  const marked = (moves: Move[]) =>
    note.aside ? moves.map((move) => ({ ...move, aside: true as const })) : moves;
  return Object.entries(entry).flatMap(([key, value]): Move[] => {
    const at: ConfigPath = [...from, key];
    if (key === "model") return modelMoves(value, at, to, entry, note);
    if (key === "systemPromptOverride")
      return marked(movesOf(value, at, [...to, "systemPrompt"], "it is called systemPrompt here"));
    if (key === "runtime" && treeOf(value).type !== "acp" && isTree(value))
      return [{ from: at, to: undefined, value, why: "this runtime is built into the other system" }];
    return marked(movesOf(value, at, [...to, key], note.why));
  });
}

/** Translates a model that may have others to fall back on. @param to of the agent */
function modelMoves(
  value: unknown,
  from: ConfigPath,
  to: ConfigPath,
  entry: Tree,
  note: { why?: string; aside?: true },
): Move[] {
  if (!isTree(value)) return movesOf(value, from, [...to, "model"], note.why);
  return Object.entries(value).flatMap(([key, inner]): Move[] => {
    const at: ConfigPath = [...from, key];
    if (key === "primary")
      return [
        { from: at, to: [...to, "model"], value: inner, why: "a model is named by itself here", aside: true },
      ];
    if (key !== "fallbacks") return [{ from: at, to: undefined, value: inner }];
    // Those of `agents.defaults` are written to each agent that has no model of its own.
    if (to[1] === "defaults") return [];
    return fallbackMoves(inner, at, to, entry);
  });
}

function fallbackMoves(value: unknown, from: ConfigPath, to: ConfigPath, { runtime }: Tree): Move[] {
  if (treeOf(runtime).type === "acp")
    return [{ from, to: undefined, value, why: "an ACP agent chooses its models itself" }];
  const llm = { type: "llm", fallbackModels: listOf(value) };
  return [{ from, to: [...to, "runtime"], value: llm, why: "they stand in the agent's runtime here" }];
}

function generalFallbacks(agents: Tree, entries: readonly Tree[]): Move[] {
  const from = ["agents", "defaults", "model", "fallbacks"];
  const { fallbacks } = treeOf(treeOf(agents.defaults).model);
  if (fallbacks === undefined) return [];
  const at = (index: number): ConfigPath => ["agents", "list", index];
  if (entries.length === 0)
    return [
      { from, to: [...at(0), "id"], value: "main", quiet: true },
      ...fallbackMoves(fallbacks, from, at(0), {}),
    ];
  const heirs = entries.flatMap((entry, index) =>
    entry.model === undefined && treeOf(entry.runtime).type !== "acp" ? [index] : [],
  );
  if (heirs.length === 0)
    return [{ from, to: undefined, value: fallbacks, why: "each agent names a model of its own" }];
  return heirs.flatMap((index) => fallbackMoves(fallbacks, from, at(index), entries[index]!));
}

function movesOfRest(rest: Tree, at: ConfigPath): Move[] {
  return Object.entries(rest).map(([key, value]) => ({ from: [...at, key], to: undefined, value }));
}

/** A binding could name an agent of which no list told; here each has to be listed. */
export function impliedAgents(old: Tree, channel: string): Move[] {
  const { entries, list } = treeOf(old.agents);
  const routing = treeOf(old.routing);
  if (entries !== undefined || list !== undefined || routing.agents !== undefined) return [];
  const named = bindingsIn(old).flatMap(({ agentId, match }) => {
    const { channel: one, provider } = treeOf(match);
    return typeof agentId === "string" && String(one ?? provider).toLowerCase() === channel ? [agentId] : [];
  });
  const ids = [...new Set(["main", ...named])];
  if (ids.length === 1) return [];
  return ids.map(
    (id, index): Move => ({
      from: ["bindings"],
      to: ["agents", "list", index, "id"],
      value: id,
      quiet: true,
    }),
  );
}
