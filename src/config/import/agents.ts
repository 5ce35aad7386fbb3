import type { ConfigPath } from "../path.js";
import { queueMoves } from "./messages.js";
import { isTree, type Move, movesOf, type Tree, treeOf, without } from "./report.js";

/** Translates `agents`: `list`, or the newer `entries` keyed by id. */
export function agentMoves(agents: Tree): Move[] {
  const moves = entryMoves(treeOf(agents.defaults), ["agents", "defaults"], ["agents", "defaults"]);
  if (isTree(agents.entries)) {
    for (const [index, [id, entry]] of Object.entries(agents.entries).entries()) {
      const from = ["agents", "entries", id];
      const to = ["agents", "list", index];
      moves.push({ from, to: [...to, "id"], value: id, why: "agents are a list here" });
      moves.push(...entryMoves(treeOf(entry), from, to, "agents are a list here"));
    }
  }
  const list = Array.isArray(agents.list) ? agents.list : [];
  for (const [index, entry] of list.entries())
    moves.push(...entryMoves(treeOf(entry), ["agents", "list", index], ["agents", "list", index]));
  return [...moves, ...movesOfRest(without(agents, "defaults", "entries", "list"), ["agents"])];
}

/** Early Clawdbot kept agents and bindings under `routing`, and the one agent under `agent`. */
export function routingMoves(routing: Tree, agent: Tree): Move[] {
  const moves = entryMoves(agent, ["agent"], ["agents", "defaults"], "agents have their own block here");
  const ids = Object.keys(treeOf(routing.agents));
  for (const [index, id] of ids.entries()) {
    const entry = treeOf(treeOf(routing.agents)[id]);
    const from = ["routing", "agents", id];
    const to = ["agents", "list", index];
    moves.push({ from, to: [...to, "id"], value: id, why: "agents are a list here" });
    const { mentionPatterns, ...rest } = entry;
    if (mentionPatterns !== undefined)
      moves.push({
        from: [...from, "mentionPatterns"],
        to: [...to, "groupChat", "mentionPatterns"],
        value: mentionPatterns,
        why: "it stands under groupChat here",
      });
    moves.push(...entryMoves(rest, from, to, "agents are a list here"));
    if (routing.defaultAgentId === id)
      moves.push({
        from: ["routing", "defaultAgentId"],
        to: [...to, "default"],
        value: true,
        why: "the default agent is marked in the list here",
      });
  }
  const patterns = treeOf(routing.groupChat).mentionPatterns;
  if (patterns !== undefined)
    moves.push({
      from: ["routing", "groupChat", "mentionPatterns"],
      to: ["messages", "groupChat", "mentionPatterns"],
      value: patterns,
      why: "it stands under messages here",
    });
  const limit = treeOf(routing.groupChat).historyLimit;
  if (limit !== undefined)
    moves.push({
      from: ["routing", "groupChat", "historyLimit"],
      to: ["channels", "imessage", "historyLimit"],
      value: limit,
      why: "it is a setting of the channel here",
    });
  const groupRest = without(treeOf(routing.groupChat), "mentionPatterns", "historyLimit");
  const defaultTaken = ids.includes(String(routing.defaultAgentId)) ? ["defaultAgentId"] : [];
  return [
    ...moves,
    ...queueMoves(treeOf(routing.queue), ["routing", "queue"]),
    ...movesOfRest(groupRest, ["routing", "groupChat"]),
    ...movesOfRest(without(routing, "agents", "groupChat", "bindings", "queue", ...defaultTaken), [
      "routing",
    ]),
  ];
}

/** Early Clawdbot had one agent, whose name stood at the top. */
export function identityMoves(old: Tree): Move[] {
  if (old.identity === undefined) return [];
  const { list, entries } = treeOf(old.agents);
  const isNamed = [list, entries, treeOf(old.routing).agents].some(
    (one) => Object.keys(one ?? {}).length > 0,
  );
  if (isNamed || !isTree(old.identity)) return movesOfRest({ identity: old.identity }, []);
  const why = "agents have their own block here";
  return [
    { from: ["identity"], to: ["agents", "list", 0, "id"], value: "main", quiet: true },
    ...movesOf(old.identity, ["identity"], ["agents", "list", 0, "identity"], why),
  ];
}

function entryMoves(entry: Tree, from: ConfigPath, to: ConfigPath, why?: string): Move[] {
  return Object.entries(entry).flatMap(([key, value]): Move[] => {
    if (key === "model") return modelMoves(value, [...from, key], [...to, key], why);
    if (key === "systemPromptOverride")
      return movesOf(value, [...from, key], [...to, "systemPrompt"], "it is called systemPrompt here");
    if (key === "runtime" && treeOf(value).type !== "acp" && isTree(value))
      return [
        { from: [...from, key], to: undefined, value, why: "this runtime is built into the other system" },
      ];
    return movesOf(value, [...from, key], [...to, key], why);
  });
}

/** Translates a model that may have fallbacks: the model stays, and the fallbacks are left out. */
function modelMoves(value: unknown, from: ConfigPath, to: ConfigPath, why?: string): Move[] {
  if (!isTree(value)) return movesOf(value, from, to, why);
  return Object.entries(value).map(([key, inner]): Move => {
    if (key === "primary")
      return { from: [...from, key], to, value: inner, why: "there are no fallbacks here" };
    return { from: [...from, key], to: undefined, value: inner, why: "there are no fallbacks here" };
  });
}

function movesOfRest(rest: Tree, at: ConfigPath): Move[] {
  return Object.entries(rest).map(([key, value]) => ({ from: [...at, key], to: undefined, value }));
}

/** Translates bindings; those of other channels are left out whole. @param at where the list stands */
export function bindingMoves(bindings: unknown, at: ConfigPath, channels: readonly string[]): Move[] {
  const list = Array.isArray(bindings) ? bindings.map(treeOf) : [];
  let index = 0;
  return list.flatMap((binding, position): Move[] => {
    const from = [...at, position];
    const match = treeOf(binding.match);
    const channel = String(match.channel ?? match.provider ?? "");
    const narrower = ["guildId", "teamId", "roles"].filter((key) => match[key] !== undefined);
    if (!channels.includes(channel) || narrower.length > 0)
      return [{ from, to: undefined, value: binding, why: `it is for ${channel || "no"} messages` }];
    const to = ["bindings", index++];
    return [
      ...movesOf(without(binding, "match"), from, to),
      ...matchMoves(match, channel, [...from, "match"], [...to, "match"]),
    ];
  });
}

function matchMoves(match: Tree, channel: string, from: ConfigPath, to: ConfigPath): Move[] {
  const named = match.channel === undefined ? "provider" : "channel";
  const note = channel === "imessage" && named === "channel" ? {} : { why: "the channel is imessage here" };
  const peer = treeOf(match.peer);
  const moves: Move[] = [{ from: [...from, named], to: [...to, "channel"], value: "imessage", ...note }];
  moves.push(...movesOf(without(match, named, "peer"), from, to).filter(({ value }) => !isTree(value)));
  for (const [key, value] of Object.entries(peer)) {
    const id = key === "id" ? peerId(String(value), peer.kind) : value;
    const why = id === value ? {} : { why: "a chat is named with what it is named by" };
    moves.push({ from: [...from, "peer", key], to: [...to, "peer", key], value: id, ...why });
  }
  return moves;
}

function peerId(id: string, kind: unknown): string {
  const bare = id.replace(/^bluebubbles:/i, "");
  if (/^[A-Za-z]+;[+-];/.test(bare)) return `chat_guid:${bare}`;
  return kind === "group" && /^\d+$/.test(bare) ? `chat_id:${bare}` : bare;
}
