/** A value that may be absent, as SQLite wants it. */
export const orNull = <T>(value: T | undefined): T | null => value ?? null;

/** A nullable column, as the domain wants it. */
export const orUndefined = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T));

/** A JSON column. */
export const fromJson = <T>(value: unknown): T | undefined =>
  typeof value === "string" ? (JSON.parse(value) as T) : undefined;
