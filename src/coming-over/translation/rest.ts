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
import { addressMoves, type Naming } from "./addresses.js";
import { messagesMoves } from "./messages.js";

/** What a block is translated by. */
interface Around {
  /** The whole other file. */
  old: Tree;
  naming: Naming;
}

/** Translates one block of the other file. */
type Translate = (value: unknown, at: ConfigPath, around: Around) => Move[];

const kept = (value: unknown, at: ConfigPath) => movesOf(value, at, at);

/** The blocks that both systems have under the same name, with what differs inside. */
export const sharedBlocks: Readonly<Record<string, Translate>> = {
  session: (value, at, { naming }) => [
    ...sessionMoves(treeOf(value), at),
    ...Object.entries(treeOf(treeOf(value).identityLinks)).flatMap(([name, handles]) =>
      addressMoves(handles, [...at, "identityLinks", name], [...at, "identityLinks", name], naming),
    ),
  ],
  commands: (value, at, { naming }) => [
    ...kept(without(treeOf(value), "ownerAllowFrom"), at).filter(({ from }) => from.length > at.length),
    ...ownerMoves(treeOf(value).ownerAllowFrom, [...at, "ownerAllowFrom"], naming),
  ],
  messages: (value, at, { old }) => (isTree(value) ? messagesMoves(value, at, old) : kept(value, at)),
  acp: (value, at) => kept(value, at).map(acp),
  models: (value, at) => [
    ...kept(without(treeOf(value), "providers"), at),
    ...Object.entries(treeOf(treeOf(value).providers)).flatMap(([name, provider]) =>
      providerMoves(treeOf(provider), [...at, "providers", name]),
    ),
  ],
  logging: (value, at) => kept(value, at).map(logging),
  accessGroups: (value, at) =>
    Object.entries(treeOf(value)).map(([name, group]) => ({
      from: [...at, name],
      to: undefined,
      value: group,
      why: "its people stand where it was named",
      aside: true,
    })),
};

/** Where it names nobody here, the list stays empty, and nobody is an owner: without it, the one sender in `allowFrom` would be. */
function ownerMoves(owners: unknown, at: ConfigPath, naming: Naming): Move[] {
  if (owners === undefined) return [];
  const [list, ...dropped] = addressMoves(owners, at, at, naming) as [Move, ...Move[]];
  const isLost = dropped.length > 0 && listOf(list.value).length === 0;
  return [
    isLost ? { ...list, why: "it named nobody whom Messages knows, and nobody is an owner here" } : list,
    ...dropped,
  ];
}

/** What the sessions of one channel are asked of is here for all. */
function sessionMoves(session: Tree, at: ConfigPath): Move[] {
  return kept(without(session, "identityLinks"), at).filter(
    ({ from, value }) => from.length > at.length && !(from.length === at.length + 1 && isTree(value)),
  );
}

function acp(move: Move): Move {
  const key = move.from.join(".");
  if (key === "acp.defaultAgent")
    return { ...move, to: ["acp", "agent"], why: "it is called agent here", aside: true };
  if (key === "acp.maxConcurrentSessions")
    return { ...move, to: ["acp", "maxProcesses"], why: "it is called maxProcesses here" };
  if (key === "acp.runtime.ttlMinutes" && typeof move.value === "number")
    return {
      ...move,
      to: ["acp", "idleSeconds"],
      value: move.value * 60,
      why: "it is called idleSeconds here, and counts seconds",
    };
  return move;
}

function logging(move: Move): Move {
  const key = move.from.join(".");
  if (key === "logging.consoleStyle" && move.value === "json")
    return { ...move, to: ["logging", "format"], why: "it is called format here", aside: true };
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
        return [
          { from: path, to: path, value: `\${${id}}`, why: "it is read from the environment", aside: true },
        ];
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
