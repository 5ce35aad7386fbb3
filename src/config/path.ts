import { err, ok, type Result, TapbackError } from "../platform/index.js";

/** Where a value stands: keys of objects and indexes of lists, from the outside in. */
export type ConfigPath = readonly (string | number)[];

/** Writes a path as people read it: `agents.list[0].id`, `channels.imessage.groups["*"].systemPrompt`. */
export function formatPath(path: ConfigPath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (!/^[\w$-]+$/.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}

/**
 * Reads a path as people write it: dots between keys, `[0]` for a place in a list, `["…"]` or `['…']` for a key with
 * other characters. A bare number after a dot is a key, e.g. `groups.42`, and a place where a list stands.
 * @returns the parts, or an error `CONFIG_PATH_INVALID` that shows where reading stopped
 */
export function parsePath(text: string): Result<(string | number)[], TapbackError> {
  const parts: (string | number)[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const step =
      /^\[(\d+)\]/.exec(rest) ??
      /^\[("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\]/.exec(rest) ??
      (parts.length === 0 ? /^([^.[\]]+)/ : /^\.([^.[\]]+)/).exec(rest);
    if (step === null) return err(invalid(text, rest));
    const part = step[1]!;
    if (/^\[\d/.test(step[0])) parts.push(Number(part));
    else if (step[0].startsWith("[")) parts.push(part.slice(1, -1).replace(/\\(.)/g, "$1"));
    else parts.push(part.trim());
    rest = rest.slice(step[0].length);
  }
  return parts.length > 0 ? ok(parts) : err(invalid(text, text));
}

function invalid(text: string, rest: string): TapbackError {
  return new TapbackError("CONFIG_PATH_INVALID", `"${text}" is not a path: cannot read "${rest}"`, {
    hint: 'Write it as channels.imessage.dmPolicy, agents.list[0].id or channels.imessage.dms["+15550100"].',
  });
}
