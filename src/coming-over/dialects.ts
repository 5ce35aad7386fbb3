import { isTree, type Tree, treeOf } from "../config/fitting/index.js";

/** The systems whose configuration can be read (behaviour 2.8). */
export type Dialect = "openclaw" | "remoteclaw" | "clawdbot" | "bluebubbles";

/** A block of the other file that may become `channels.imessage`. */
export interface Block {
  block: Tree;
  path: string[];
  /** Where the block stands tells what it is: early Clawdbot had it at the top. */
  kind: "imessage" | "early" | "bluebubbles";
}

/** @returns the blocks that serve iMessage in the other system's file, the one first that is taken over */
export function blocksOf(dialect: Dialect, old: Tree): Block[] {
  const channels = treeOf(old.channels);
  const blocks: Block[] = [
    { block: channels.imessage as Tree, path: ["channels", "imessage"], kind: "imessage" },
    { block: old.imessage as Tree, path: ["imessage"], kind: "early" },
    { block: channels.bluebubbles as Tree, path: ["channels", "bluebubbles"], kind: "bluebubbles" },
  ];
  if (dialect === "bluebubbles") blocks.reverse();
  return blocks.filter(({ block }) => isTree(block));
}
