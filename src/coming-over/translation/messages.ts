import { isTree, type Move, movesOf, type Tree, treeOf, without } from "../../config/fitting/index.js";
import type { ConfigPath } from "../../config/index.js";

/** Translates the block `messages`. @param old the whole other file */
export function messagesMoves(messages: Tree, at: ConfigPath, old: Tree): Move[] {
  return [
    ...prefixMoves(messages.responsePrefix, [...at, "responsePrefix"], old),
    ...(isTree(messages.queue) ? queueMoves(messages.queue, [...at, "queue"]) : []),
    ...movesOf(
      isTree(messages.queue)
        ? without(messages, "responsePrefix", "queue")
        : without(messages, "responsePrefix"),
      at,
      at,
    )
      .filter(({ from }) => from.length > at.length)
      .map(historyLimit),
  ];
}

/** The other system has one history limit for all channels. */
function historyLimit(move: Move): Move {
  const path = move.from.join(".");
  return path === "messages.groupChat.historyLimit"
    ? {
        ...move,
        to: ["channels", "imessage", "historyLimit"],
        why: "it is a setting of the channel here",
        aside: true,
      }
    : move;
}

/**
 * Translates the prefix of answers. In the other system it may stand for the agent's name, or hold names in braces that
 * stand for the model and more; here it is put before the answer as it is.
 */
export function prefixMoves(prefix: unknown, from: ConfigPath, old: Tree): Move[] {
  if (prefix === undefined) return [];
  const to = ["messages", "responsePrefix"];
  if (prefix === "auto") {
    const name = nameOfAll(old);
    return name === undefined
      ? [
          {
            from,
            to: undefined,
            value: prefix,
            why: "it stood for the agent's name, and there is not one for all",
          },
        ]
      : [{ from, to, value: `[${name}]`, why: "it stood for the agent's name" }];
  }
  if (typeof prefix !== "string") return [{ from, to, value: prefix }];
  const name = nameOfAll(old);
  const written = name === undefined ? prefix : prefix.replace(/\{identity\.?name\}/gi, () => name);
  if (/\{[A-Za-z.]+\}/.test(written))
    return [
      { from, to: undefined, value: prefix, why: "names in braces stand for nothing here: write it out" },
    ];
  const why = written === prefix ? {} : { why: "the agent's name is written out" };
  return [{ from, to, value: written, ...why }];
}

/** @returns the name under which every agent presents itself, when it is the same */
function nameOfAll(old: Tree): string | undefined {
  const { list, entries } = treeOf(old.agents);
  const agents = Array.isArray(list) ? list : Object.values(treeOf(entries));
  const names = new Set(
    (agents.length === 0 ? [old] : agents).map((agent) => treeOf(treeOf(agent).identity).name),
  );
  const [name] = names;
  return names.size === 1 && typeof name === "string" && name !== "" ? name : undefined;
}

const modes: Readonly<Record<string, string>> = {
  steer: "steer",
  "steer-backlog": "steer",
  "steer+backlog": "steer",
  queue: "followup",
};

/** Translates the queue mode: that of this channel, else that of all channels. */
export function queueMoves(queue: Tree, from: ConfigPath): Move[] {
  const to = ["messages", "queue", "mode"];
  const modeMove = (mode: unknown, at: ConfigPath, why?: string): Move => {
    const ours = typeof mode === "string" && Object.hasOwn(modes, mode) ? modes[mode] : undefined;
    if (ours === undefined) return { from: at, to, value: mode, why };
    return {
      from: at,
      to,
      value: ours,
      why:
        ours === "steer"
          ? "only what an owner writes during a turn of their own joins it here; others' messages wait"
          : "what comes during a turn waits for a turn of its own here",
    };
  };
  const channels = ["byChannel", "byProvider", "bySurface"];
  const own = channels.flatMap((key) => {
    const { imessage, ...others } = treeOf(queue[key]);
    return [
      ...(imessage === undefined
        ? []
        : [modeMove(imessage, [...from, key, "imessage"], "there is one channel here")]),
      ...Object.entries(others).map(
        ([name, value]): Move => ({
          from: [...from, key, name],
          to: undefined,
          value,
          why: "the channel here is iMessage",
          aside: true,
        }),
      ),
    ];
  });
  return [
    ...own,
    ...(queue.mode === undefined ? [] : [modeMove(queue.mode, [...from, "mode"])]),
    ...Object.entries(without(queue, "mode", ...channels)).map(
      ([key, value]): Move => ({ from: [...from, key], to: undefined, value }),
    ),
  ];
}
