/** A field that does not fit the protocol; caught where a whole row or chat is read. */
export class ShapeError extends Error {}

/** An object as it came over the wire. */
export type Wire = Record<string, unknown>;

/** @returns the value as an object. @throws ShapeError */
export function asObject(value: unknown, what: string): Wire {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Wire;
  throw new ShapeError(`${what} is not an object`);
}

/** A string, or undefined when missing or null. @throws ShapeError on another type */
export function optionalString(from: Wire, key: string): string | undefined {
  const value = from[key] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw new ShapeError(`${key} is not a string`);
}

/** A boolean, or undefined when missing or null. @throws ShapeError on another type */
export function optionalBoolean(from: Wire, key: string): boolean | undefined {
  const value = from[key] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw new ShapeError(`${key} is not a boolean`);
}

/** A whole number from 0 up, or undefined when missing or null. @throws ShapeError on anything else */
export function optionalCount(from: Wire, key: string): number | undefined {
  const value = from[key] ?? undefined;
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0))
    return value as number | undefined;
  throw new ShapeError(`${key} is not a whole number from 0 up`);
}

/** @throws ShapeError when missing */
export function required<T>(value: T | undefined, key: string): T {
  if (value !== undefined) return value;
  throw new ShapeError(`${key} is missing`);
}

/** Strings; empty when missing or null. @throws ShapeError on another type */
export function strings(from: Wire, key: string): string[] {
  const value = from[key] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new ShapeError(`${key} is not a list of strings`);
}

/** An ISO 8601 time in milliseconds since the epoch, or undefined when missing or null. @throws ShapeError */
export function optionalTime(from: Wire, key: string): number | undefined {
  const text = optionalString(from, key);
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new ShapeError(`${key} is not a time`);
  return time;
}
