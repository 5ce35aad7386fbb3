import { agentMoves, bindingMoves, identityMoves, routingMoves } from "./agents.js";
import {
  type BlockKind,
  bluebubblesBlock,
  channelMoves,
  clawdbotBlock,
  imessageBlock,
  type KnownChat,
} from "./channel.js";
import { prefixMoves } from "./messages.js";
import { type Dialect, isTree, type Move, movesOf, type Tree, treeOf, without } from "./report.js";
import { sharedBlocks } from "./rest.js";

/** The block of the other file that becomes `channels.imessage`. */
export interface ChosenBlock {
  block: Tree;
  path: string[];
  kind: BlockKind;
}

/** @returns the block of iMessage in the other system's file, or undefined when it has none */
export function chooseBlock(dialect: Dialect, old: Tree): ChosenBlock | undefined {
  const channels = treeOf(old.channels);
  const candidates: ChosenBlock[] = [
    { block: channels.imessage as Tree, path: ["channels", "imessage"], kind: imessageBlock },
    { block: old.imessage as Tree, path: ["imessage"], kind: clawdbotBlock },
    { block: channels.bluebubbles as Tree, path: ["channels", "bluebubbles"], kind: bluebubblesBlock },
  ];
  if (dialect === "bluebubbles") candidates.reverse();
  return candidates.find(({ block }) => isTree(block));
}

/** Finds a place in ours for everything in the other system's configuration, as far as there is one. Pure. */
export function translate(dialect: Dialect, old: Tree, chats: readonly KnownChat[]): Move[] {
  const chosen = chooseBlock(dialect, old);
  const moves: Move[] = [];
  if (chosen !== undefined) {
    // One prefix for all here; the channel's own is the one that was used.
    moves.push(...prefixMoves(chosen.block.responsePrefix, [...chosen.path, "responsePrefix"], old));
    const block = without(chosen.block, "responsePrefix");
    moves.push(...channelMoves(block, chosen.path, chosen.kind, chats));
  }
  const names = chosen?.kind === bluebubblesBlock ? ["bluebubbles", "imessage"] : ["imessage"];
  for (const [key, value] of Object.entries(old)) {
    if (chosen !== undefined && chosen.path.length === 1 && key === chosen.path[0]) continue;
    if (key === "channels") moves.push(...otherChannels(treeOf(value), chosen));
    else if (key === "agents") moves.push(...agentMoves(treeOf(value)));
    else if (key === "bindings") moves.push(...bindingMoves(value, ["bindings"], names));
    else if (key === "routing" || key === "agent" || key === "identity") continue;
    else if (Object.hasOwn(sharedBlocks, key)) moves.push(...sharedBlocks[key]!(value, [key], old));
    else moves.push({ from: [key], to: undefined, value, why: blockWhy(key) });
  }
  const routing = treeOf(old.routing);
  moves.push(...routingMoves(routing, treeOf(old.agent)));
  moves.push(...identityMoves(old));
  moves.push(...bindingMoves(routing.bindings, ["routing", "bindings"], ["imessage"]));
  return moves;
}

function otherChannels(channels: Tree, chosen: ChosenBlock | undefined): Move[] {
  const taken = chosen?.path.length === 2 ? [chosen.path[1]!] : [];
  return Object.entries(without(channels, ...taken)).flatMap(([name, value]): Move[] => {
    const path = ["channels", name];
    if (name === "defaults") return movesOf(value, path, path);
    return [{ from: path, to: undefined, value, why: channelWhy(name) }];
  });
}

function channelWhy(name: string): string {
  return name === "bluebubbles"
    ? "channels.imessage was taken; `tapback import bluebubbles` takes this block instead"
    : "the channel here is iMessage";
}

function blockWhy(key: string): string {
  if (key === "$include") return "included files are not followed: put everything in one file first";
  if (key === "$schema" || key === "meta" || key === "wizard") return "it describes the other file";
  return "it has no counterpart here";
}
