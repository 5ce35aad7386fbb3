import { isTree, type Move, treeOf } from "../../config/fitting/index.js";
import type { ConfigPath } from "../../config/index.js";

/** Translates how answers are sent; newer versions nest the chunk mode and the mode of streaming. */
export function streamingMoves(key: string, value: unknown, at: ConfigPath, to: ConfigPath): Move[] {
  const streaming = (on: boolean, path: ConfigPath): Move => ({
    from: path,
    to: [...to, "streaming"],
    value: on ? "block" : "final",
    why: on ? "answers are sent block by block" : "answers are sent when the turn ends",
  });
  if (!isTree(value)) {
    if (value === "block" || value === "final") return [{ from: at, to: [...to, key], value }];
    return [streaming(value === true, at)];
  }
  const block = treeOf(value.block);
  const blockWhy = "a block is what the agent has said when it pauses; maxBubbles limits how many there are";
  const leftOut = (path: ConfigPath, inner: unknown, why: string): Move => ({
    from: path,
    to: undefined,
    value: inner,
    why,
  });
  const on = value.mode === "block" || block.enabled === true;
  return Object.entries(value).flatMap(([name, inner]): Move[] => {
    const path = [...at, name];
    if (name === "chunkMode")
      return [
        {
          from: path,
          to: [...to, "chunkMode"],
          value: inner,
          why: "chunkMode stands by itself here",
          aside: true,
        },
      ];
    if (name === "mode") return [streaming(on, path)];
    if (name === "block" && isTree(inner))
      return Object.entries(inner).map(([part, setting]) =>
        part === "enabled" ? streaming(on, [...path, part]) : leftOut([...path, part], setting, blockWhy),
      );
    return [leftOut(path, inner, "Messages shows no drafts")];
  });
}
