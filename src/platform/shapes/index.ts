/**
 * What a value that came over the control socket has to look like. Written by hand: the command line talks to the gateway in
 * most of its commands, and loading zod takes longer than all the rest of them.
 */
export interface Shape<T> {
  /** @param at where the value stands, e.g. `accounts.0.name` @returns what is wrong, with its place; undefined when nothing is */
  fault(value: unknown, at: string): string | undefined;
  /** Only for the compiler: the very type, neither a wider nor a narrower one. */
  readonly exactly?: (value: T) => T;
}

/** The type that a shape describes. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function where<T>(is: (value: unknown) => boolean, expected: string): Shape<T> {
  return {
    fault: (value, at) => {
      if (is(value)) return undefined;
      return `${at === "" ? "it" : `"${at}"`} must be ${expected}${value === undefined ? ", and is missing" : ""}`;
    },
  };
}

export const text: Shape<string> = where((value) => typeof value === "string", "text");
export const number: Shape<number> = where((value) => Number.isFinite(value), "a number");
export const flag: Shape<boolean> = where((value) => typeof value === "boolean", "true or false");
export const anything: Shape<unknown> = where(() => true, "anything");
/** An object whose fields are checked by whoever knows them. */
export const facts: Shape<Record<string, unknown>> = where(isObject, "an object");

/** One of these texts. */
export function oneOf<const T extends string>(...values: T[]): Shape<T> {
  return where((value) => values.some((one) => one === value), `one of ${values.join(", ")}`);
}

/** A field that may be left out. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return { fault: (value, at) => (value === undefined ? undefined : shape.fault(value, at)) };
}

/** A value that may be null. */
export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return { fault: (value, at) => (value === null ? undefined : shape.fault(value, at)) };
}

/** A list of any length, each item of this shape. */
export function list<T>(shape: Shape<T>): Shape<T[]> {
  const all = where(Array.isArray, "a list");
  return {
    fault: (value, at) =>
      all.fault(value, at) ??
      firstFault((value as unknown[]).entries(), at, (item, place) => shape.fault(item, place)),
  };
}

/** An object with any keys, each value of this shape. */
export function recordOf<T>(shape: Shape<T>): Shape<Record<string, T>> {
  return {
    fault: (value, at) =>
      facts.fault(value, at) ??
      firstFault(Object.entries(value as object), at, (item, place) => shape.fault(item, place)),
  };
}

/** An object with these fields. More of them are no fault: a newer gateway tells more. */
export function object<T extends object>(fields: { [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const shapes = Object.entries(fields) as [string, Shape<unknown>][];
  return {
    fault: (value, at) => {
      const wrong = facts.fault(value, at);
      if (wrong !== undefined) return wrong;
      const own = (name: string) =>
        Object.hasOwn(value as object, name) ? (value as Record<string, unknown>)[name] : undefined;
      return firstFault(shapes, at, (shape, place, name) =>
        (shape as Shape<unknown>).fault(own(name), place),
      );
    },
  };
}

/** An object with these fields and no others: what is misspelt must not be left out in silence. */
export function exactly<T extends object>(fields: { [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const known = object<T>(fields);
  return {
    fault: (value, at) => {
      const wrong = known.fault(value, at);
      if (wrong !== undefined) return wrong;
      const more = Object.keys(value as object).find((name) => !Object.hasOwn(fields, name));
      return more === undefined ? undefined : `"${placeIn(at, more)}" is not known here`;
    },
  };
}

function firstFault<K extends PropertyKey, V>(
  entries: Iterable<[K, V]>,
  at: string,
  faultOf: (value: V, place: string, name: string) => string | undefined,
): string | undefined {
  for (const [key, value] of entries) {
    const name = String(key);
    const fault = faultOf(value, placeIn(at, name), name);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const placeIn = (at: string, name: string): string => (at === "" ? name : `${at}.${name}`);
