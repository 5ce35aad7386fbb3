import { type Move, movesOf, type Tree, treeOf, without, withValues } from "../../config/fitting/index.js";
import { accountDefaults } from "../../config/index.js";
import { type Block, blocksOf, type Dialect } from "../dialects.js";
import { accountsThere } from "../there/accounts.js";
import { agentsThere } from "../there/agents.js";
import { traitsOf } from "../there/traits.js";
import type { Naming } from "./addresses.js";
import { agentMoves, identityMoves, impliedAgents, routingMoves } from "./agents.js";
import { type BindingOptions, bindingMoves, narrowestScope } from "./bindings.js";
import { channelMoves } from "./channel.js";
import type { KnownChat } from "./groups.js";
import { prefixMoves } from "./messages.js";
import { sharedBlocks } from "./rest.js";

/**
 * Finds a place in ours for everything in the other system's configuration, as far as there is one. Pure.
 * @param chats by which groups that are named by GUID are found
 * @param env for `${NAME}` among people
 */
export function translate(
  dialect: Dialect,
  old: Tree,
  chats: readonly KnownChat[],
  env: Readonly<Record<string, string | undefined>>,
): Move[] {
  const chosen = blocksOf(dialect, old)[0];
  // Without a block nothing of the channel is served; what is left is read as by the newest.
  const traits = traitsOf(dialect, chosen ?? { block: {}, path: [], kind: "imessage" });
  const naming: Naming = { traits, groups: treeOf(old.accessGroups), regions: regionsOf(chosen), env };
  const agents = agentsThere(withValues(old, env), traits);
  const options: BindingOptions = {
    naming,
    accounts: accountsThere(treeOf(chosen?.block), traits),
    substitute(agentId) {
      const answers = agents.existing(agentId);
      return answers === undefined ? undefined : agents.here(answers);
    },
  };
  const moves: Move[] = [];
  if (chosen !== undefined) {
    // One prefix for all here; the channel's own is the one that was used.
    moves.push(...prefixMoves(chosen.block.responsePrefix, [...chosen.path, "responsePrefix"], old));
    const block = without(chosen.block, "responsePrefix");
    const generalPolicy = treeOf(treeOf(old.channels).defaults).groupPolicy;
    moves.push(...channelMoves({ ...chosen, block }, { naming, chats, generalPolicy }));
  }
  const scope = narrowestScope(old);
  if (scope !== undefined)
    moves.push({ from: ["bindings"], to: ["session", "dmScope"], value: scope, quiet: true });
  moves.push(...impliedAgents(old, traits.channel));
  for (const [key, value] of Object.entries(old)) {
    if (chosen !== undefined && chosen.path.length === 1 && key === chosen.path[0]) continue;
    if (key === "channels") moves.push(...otherChannels(treeOf(value), chosen));
    else if (key === "agents") moves.push(...agentMoves(treeOf(value)));
    else if (key === "bindings") moves.push(...bindingMoves(value, ["bindings"], options));
    else if (key === "routing" || key === "agent" || key === "identity") continue;
    else if (Object.hasOwn(sharedBlocks, key))
      moves.push(...sharedBlocks[key]!(value, [key], { old, naming }));
    else moves.push({ from: [key], to: undefined, value, ...blockNote(key) });
  }
  const routing = treeOf(old.routing);
  moves.push(...routingMoves(routing, treeOf(old.agent), treeOf(chosen?.block)));
  moves.push(...identityMoves(old));
  moves.push(...bindingMoves(routing.bindings, ["routing", "bindings"], options));
  return moves;
}

/** The regions in which numbers will be read: an account may have its own. */
function regionsOf(chosen: Block | undefined): string[] {
  const block = treeOf(chosen?.block);
  const all = [block, ...Object.values(treeOf(block.accounts)).map(treeOf)].map(({ region }) => region);
  const named = all.filter(
    (region): region is string => typeof region === "string" && /^[A-Za-z]{2}$/.test(region),
  );
  return [...new Set([...named.map((region) => region.toUpperCase()), accountDefaults.region])];
}

function otherChannels(channels: Tree, chosen: Block | undefined): Move[] {
  const taken = chosen?.path.length === 2 ? [chosen.path[1]!] : [];
  return Object.entries(without(channels, ...taken)).flatMap(([name, value]): Move[] => {
    const path = ["channels", name];
    if (name === "defaults") return movesOf(value, path, path);
    if (name === "modelByChannel")
      return [
        {
          from: path,
          to: undefined,
          value,
          why: "a model is named by an agent here: name one as the agentId of the group, or in a binding",
        },
      ];
    if (name === "bluebubbles")
      return [
        {
          from: path,
          to: undefined,
          value,
          why: `${chosen?.path.join(".")} was taken; \`tapback import bluebubbles\` takes this block instead`,
        },
      ];
    if (name === "imessage")
      return [{ from: path, to: undefined, value, why: `${chosen?.path.join(".")} was taken` }];
    return [{ from: path, to: undefined, value, why: "the channel here is iMessage", aside: true }];
  });
}

function blockNote(key: string): { why: string; aside?: true } {
  if (key === "$schema" || key === "meta" || key === "wizard")
    return { why: "it describes the other file", aside: true };
  if (key === "imessage") return { why: "channels.imessage was taken, and this block was not used" };
  return { why: "it has no counterpart here" };
}
