import type { ConfigPath } from "../path.js";

/** What became of one key of the other system's configuration. */
export interface ReportEntry {
  /** Dotted path in the other file. */
  key: string;
  action: "kept" | "translated" | "dropped";
  /** Dotted path in ours; absent when dropped. */
  to?: string;
  /** One sentence; absent when kept. */
  why?: string;
  /** Nothing changes by it: it says the same here elsewhere, or it is not about this channel. */
  aside?: true;
}

/** One value on its way: where it was, where it goes, and why it is not the same there. */
export interface Move {
  from: ConfigPath;
  /** Undefined when it is left out. */
  to: ConfigPath | undefined;
  value: unknown;
  why?: string;
  /** The move is no key of the other file, so it is not in the report: it says that an account or a group exists. */
  quiet?: true;
  /** See {@link ReportEntry.aside}. */
  aside?: true;
}

/** What the other system's configuration says, before it is fitted to ours. */
export type Tree = Record<string, unknown>;

/** A mention pattern (RE2) that no text matches: where patterns are lost, a group must not be answered unmentioned. */
export const neverMentioned = "\\z.";

/** What takes the place of a wrong value that decides who may talk: left out, the default could let more people in. */
export const closedValues: Readonly<Record<string, unknown>> = {
  dmPolicy: "disabled",
  groupPolicy: "disabled",
  enabled: false,
};

/** @returns the value as an object, or an empty one when it is none */
export function treeOf(value: unknown): Tree {
  return isTree(value) ? value : {};
}

/** Whether a value is an object with keys, and no list. */
export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @returns a list as it is, nothing as an empty list, any other value as a list of one */
export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Takes a tree apart into moves, one per plain value or list of plain values; `from` and `to` stand before each path. */
export function movesOf(value: unknown, from: ConfigPath, to: ConfigPath, why?: string): Move[] {
  const note = why === undefined ? {} : { why };
  if (Array.isArray(value) && value.some(isTree))
    return value.flatMap((item, index) => movesOf(item, [...from, index], [...to, index], why));
  if (!isTree(value) || Object.keys(value).length === 0) return [{ from, to, value, ...note }];
  return Object.entries(value).flatMap(([key, item]) =>
    // These are not taken apart: a wrong value would vanish then. As a whole it is replaced by a value that closes.
    Object.hasOwn(closedValues, key)
      ? [{ from: [...from, key], to: [...to, key], value: item, ...note }]
      : movesOf(item, [...from, key], [...to, key], why),
  );
}

/** @returns a tree without some of its keys */
export function without(tree: Tree, ...keys: string[]): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([key]) => !keys.includes(key)));
}
