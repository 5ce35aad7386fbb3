import type { StandIns } from "./stand-ins.js";

/** What the things in it are called by us; all else that has a `name` is called by a person. */
const ours = new Set(["stages", "http"]);
/** Names of imsg's own, and moments. */
const kept = /^(methods|from|to)$|(At|Since)$/;

/** What a gateway says of itself (behaviour 16.1), without the people and paths that its sentences name. */
export function redactHealth(status: unknown, standIns: StandIns): unknown {
  return redact(status, "", "", standIns);
}

/** @param within the key of the list or object that it stands in */
function redact(value: unknown, key: string, within: string, standIns: StandIns): unknown {
  if (typeof value === "string") {
    if (key === "name" && !ours.has(within)) return standIns.handle(value);
    return key === "name" || kept.test(key) ? value : standIns.sentence(value);
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, key, within, standIns));
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).map(([name, inner]) => [name, redact(inner, name, key, standIns)]);
  return Object.fromEntries(parts);
}
