import type { ConfigPath } from "../path.js";
import { addressMoves } from "./channel.js";
import { messagesMoves } from "./messages.js";
import { isTree, type Move, movesOf, type Tree, treeOf, without } from "./report.js";

/** Translates one block of the other file. @param old the whole other file */
type Translate = (value: unknown, at: ConfigPath, old: Tree) => Move[];

const kept = (value: unknown, at: ConfigPath) => movesOf(value, at, at);

/** The blocks that both systems have under the same name, with what differs inside. */
export const sharedBlocks: Readonly<Record<string, Translate>> = {
  session: (value, at) => [
    ...kept(without(treeOf(value), "identityLinks"), at).filter(({ value: inner }) => !isTree(inner)),
    ...Object.entries(treeOf(treeOf(value).identityLinks)).flatMap(([name, handles]) =>
      addressMoves(handles, [...at, "identityLinks", name], [...at, "identityLinks", name]),
    ),
  ],
  commands: (value, at) => [
    ...kept(without(treeOf(value), "ownerAllowFrom"), at),
    ...(treeOf(value).ownerAllowFrom === undefined
      ? []
      : addressMoves(treeOf(value).ownerAllowFrom, [...at, "ownerAllowFrom"], [...at, "ownerAllowFrom"])),
  ],
  messages: (value, at, old) => (isTree(value) ? messagesMoves(value, at, old) : kept(value, at)),
  acp: (value, at) =>
    kept(value, at).map((move) =>
      move.from[1] === "defaultAgent"
        ? { ...move, to: ["acp", "agent"], why: "it is called agent here" }
        : move,
    ),
  models: (value, at) => [
    ...kept(without(treeOf(value), "providers"), at),
    ...Object.entries(treeOf(treeOf(value).providers)).flatMap(([name, provider]) =>
      providerMoves(treeOf(provider), [...at, "providers", name]),
    ),
  ],
  logging: (value, at) => kept(value, at).map(logging),
};

function logging(move: Move): Move {
  const key = move.from.join(".");
  if (key === "logging.consoleStyle" && move.value === "json")
    return { ...move, to: ["logging", "format"], why: "it is called format here" };
  if (key === "logging.level" && (move.value === "silent" || move.value === "fatal"))
    return { ...move, value: "error", why: "errors are always logged here" };
  return move;
}

function providerMoves(provider: Tree, at: ConfigPath): Move[] {
  return Object.entries(provider).flatMap(([key, value]): Move[] => {
    const path = [...at, key];
    if (key === "apiKey" && isTree(value)) {
      const { source, id } = value;
      if (source === "env" && typeof id === "string")
        return [{ from: path, to: path, value: `\${${id}}`, why: "it is read from the environment" }];
      return [
        {
          from: path,
          to: undefined,
          value,
          why: "only keys from the environment or in the file can be read",
        },
      ];
    }
    if (key === "api" && value === "openai-responses")
      return [{ from: path, to: path, value: "openai-completions", why: "the same servers speak it" }];
    if (key === "models")
      return [{ from: path, to: undefined, value, why: "models are named where they are used" }];
    return movesOf(value, path, path);
  });
}
