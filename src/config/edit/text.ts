import { isDeepStrictEqual } from "node:util";
import JSON5 from "json5";
import { err, ok, type Result, TapbackError } from "../../platform/index.js";
import { follow } from "../json5/position.js";
import { type Node, scan } from "../json5/scan.js";
import { type ConfigPath, formatPath } from "../path.js";
import { insert } from "./insert.js";
import { setIn, unsetIn, wrap } from "./model.js";
import { remove } from "./remove.js";
import { render } from "./render.js";
import { applySplices, marginAt, type Splice } from "./splice.js";
import { styleOf } from "./style.js";

/**
 * Sets a value in a JSON5 text; comments, order, quotes and layout of everything else stay byte for byte. Objects and
 * lists on the way are made where they are missing.
 * @param source a text that `JSON5.parse` accepts
 * @param path a new place of a list is the one behind the last
 * @param value of JSON's types
 * @returns the new text, or an error `CONFIG_PATH_NOT_FOUND`, `CONFIG_EDIT_FAILED`
 */
export function setValue(source: string, path: ConfigPath, value: unknown): Result<string, TapbackError> {
  const opened = open(source, path);
  if (!opened.ok) return opened;
  const root = opened.value;
  const { node, depth, member } = follow(root, path);
  const style = styleOf(source, root);
  if (depth === path.length) {
    const margin = marginAt(source, member?.keyStart ?? node.start);
    const splice = { start: node.start, end: node.end, text: render(value, style, margin) };
    return finish(source, path, [splice], (model) => setIn(model, path, value));
  }
  const part = path[depth]!;
  const rest = path.slice(depth + 1);
  const fits = node.kind === "object" || (node.kind === "array" && Number(part) === node.items.length);
  // A list that is made on the way can only have a first place.
  if (!fits || rest.some((step) => typeof step === "number" && step !== 0))
    return notFound(path, depth, node);
  const key = node.kind === "object" ? String(part) : undefined;
  const splices = insert(source, node, key, wrap(rest, value), style);
  return finish(source, path, splices, (model) => setIn(model, path, value));
}

/**
 * Takes a value out of a JSON5 text, as losslessly as {@link setValue}. Comments around it stay.
 * @returns the new text, or an error `CONFIG_PATH_NOT_FOUND` when nothing is there
 */
export function unsetValue(source: string, path: ConfigPath): Result<string, TapbackError> {
  const opened = open(source, path);
  if (!opened.ok) return opened;
  const found = follow(opened.value, path);
  const holder = follow(opened.value, path.slice(0, -1)).node;
  if (found.depth < path.length || holder.kind === "scalar") return notFound(path, found.depth, found.node);
  const items = holder.kind === "object" ? holder.members : holder.items;
  const index = items.findIndex(({ value }) => value === found.node);
  return finish(source, path, remove(source, holder, index), (model) => unsetIn(model, path));
}

function open(source: string, path: ConfigPath): Result<Node, TapbackError> {
  if (path.length === 0 || path.includes("__proto__"))
    return err(
      new TapbackError("CONFIG_PATH_INVALID", `"${formatPath(path)}" is not a path that can be edited`),
    );
  try {
    JSON5.parse(source);
    return ok(scan(source));
  } catch (error) {
    return err(
      new TapbackError("CONFIG_UNREADABLE", "the file is not JSON5, so it cannot be edited", {
        cause: error,
        hint: "Correct it by hand; `tapback config validate` shows where.",
      }),
    );
  }
}

function notFound(path: ConfigPath, depth: number, node: Node): Result<never, TapbackError> {
  const kind = { scalar: "a plain value", object: "an object", array: "a list" }[node.kind];
  const there = depth === 0 ? "the file" : formatPath(path.slice(0, depth));
  return err(
    new TapbackError(
      "CONFIG_PATH_NOT_FOUND",
      `there is no ${formatPath(path)}: ${there} is ${kind} without it`,
    ),
  );
}

/** Reads the new text back, and refuses an edit that changed anything but what was asked for. */
function finish(
  source: string,
  path: ConfigPath,
  splices: Splice[],
  edit: (model: unknown) => void,
): Result<string, TapbackError> {
  const edited = applySplices(source, splices);
  const expected: unknown = JSON5.parse(source);
  edit(expected);
  try {
    if (isDeepStrictEqual(JSON5.parse(edited), expected)) return ok(edited);
  } catch {
    // Not JSON5 any more: the same as a wrong outcome.
  }
  return err(
    new TapbackError(
      "CONFIG_EDIT_FAILED",
      `${formatPath(path)} could not be changed without touching the rest`,
      {
        hint: "Change the file by hand.",
      },
    ),
  );
}
