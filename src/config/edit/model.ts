import type { ConfigPath } from "../path.js";

type Holder = Record<string | number, unknown>;

/**
 * Sets a value inside plain objects and lists, and makes those that are missing on the way. An edit of the text is checked
 * against the result.
 */
export function setIn(root: unknown, path: ConfigPath, value: unknown): void {
  let holder = root as Holder;
  for (const [index, part] of path.slice(0, -1).entries()) {
    // What an object only inherits (`constructor`, `__proto__`) is not in the configuration.
    if (!Object.hasOwn(holder, part)) assign(holder, part, typeof path[index + 1] === "number" ? [] : {});
    holder = holder[part] as Holder;
  }
  assign(holder, path.at(-1)!, value);
}

function assign(holder: Holder, part: string | number, value: unknown): void {
  Object.defineProperty(holder, part, { value, enumerable: true, writable: true, configurable: true });
}

/** Removes a value from a plain value. */
export function unsetIn(root: unknown, path: ConfigPath): void {
  const holder = path.slice(0, -1).reduce<unknown>((current, part) => (current as Holder)[part], root);
  if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1);
  else delete (holder as Holder)[path.at(-1)!];
}

/** @returns a value of objects and lists only as deep as the path asks for, e.g. `{ a: [value] }` for `a[0]` */
export function wrap(path: ConfigPath, value: unknown): unknown {
  return path.reduceRight<unknown>(
    (inner, part) => (typeof part === "number" ? [inner] : { [part]: inner }),
    value,
  );
}
