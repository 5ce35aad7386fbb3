import type { ConfigPath } from "../path.js";
import { configSchema } from "../schema/config.js";
import { bare, definitionOf, metaOf, type Schema, schemaAt, variantOf } from "../schema/walk.js";

/** Stands in for a secret. */
const mask = "***";
/** A shorter value of a variable is a word of other texts too, UTF-16 code units. */
const shortestKnown = 8;

/**
 * Replaces every secret by stars: fields marked so in the schema, passwords inside addresses, and values that are known to be
 * secret wherever they stand.
 * @param value a configuration, or the part of one that stands at `path`; not changed
 * @param known values of variables, as `${NAME}` may have put them into any text
 */
export function maskSecrets<T>(value: T, path: ConfigPath = [], known: readonly string[] = []): T {
  // Of two, one of which holds the other, the longer goes first.
  const longestFirst = known
    .filter((text) => text.length >= shortestKnown)
    .sort((a, b) => b.length - a.length);
  return masked(value, schemaAt(configSchema, path), longestFirst) as T;
}

/** @returns whether the value at a path is never to be printed */
export function isSecret(path: ConfigPath): boolean {
  const schema = schemaAt(configSchema, path);
  return schema !== undefined && metaOf(schema).secret === true;
}

function masked(value: unknown, schema: Schema | undefined, known: readonly string[]): unknown {
  if (schema !== undefined && metaOf(schema).secret && value !== undefined) return mask;
  if (typeof value === "string")
    return known
      .reduce((text, secret) => text.replaceAll(secret, mask), value)
      .replace(/(:\/\/)[^/@\s]+@/g, `$1${mask}@`);
  if (typeof value !== "object" || value === null) return value;
  const { shape, element, valueType } =
    schema === undefined ? {} : definitionOf(variantOf(bare(schema), value));
  if (Array.isArray(value)) return value.map((item) => masked(item, element, known));
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    masked(item, shape?.[key] ?? valueType, known),
  ]);
  return Object.fromEntries(entries);
}
