import type { ConfigPath } from "../path.js";
import { type Config, judge } from "../schema/config.js";
import { valueAt } from "./issues.js";

/**
 * How often wrong fields are taken out. A round may leave an object without a field that it needs; the next one takes
 * that out.
 */
const rounds = 6;

/**
 * Takes the wrong fields out of a value until the rest is valid.
 * @returns the rest and what was taken out; no rest when it does not become valid
 */
export function prune(value: unknown): { config?: Config; removed: ConfigPath[] } {
  const rest = structuredClone(value);
  const removed: ConfigPath[] = [];
  for (let round = 0; round < rounds; round++) {
    const result = judge(rest);
    if (result.success) return { config: result.data, removed };
    for (const issue of result.error.issues) {
      const path = issue.path as (string | number)[];
      const places = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
      for (const place of places) {
        // Gone already, with the list that it stood in: what held the list is none the worse for it.
        if (removed.some((gone) => isAtOrAbove(gone, place))) continue;
        removed.push(remove(rest, place));
      }
    }
  }
  return { removed };
}

function isAtOrAbove(place: ConfigPath, path: ConfigPath): boolean {
  return place.length <= path.length && place.every((part, index) => String(part) === String(path[index]));
}

/**
 * Removes a field. Where it lies in an entry of a list, the whole list goes, so that no place of another entry changes.
 */
function remove(root: unknown, path: (string | number)[]): ConfigPath {
  let place = path;
  while (place.length > 0 && (valueAt(root, place) === undefined || typeof place.at(-1) === "number"))
    place = place.slice(0, -1);
  const holder = valueAt(root, place.slice(0, -1));
  if (place.length > 0) delete (holder as Record<string, unknown>)[String(place.at(-1))];
  return place;
}
