import type { ConfigPath } from "../path.js";
import { configSchema } from "../schema/config.js";
import { bare, definitionOf, metaOf, type Schema, schemaAt, variantOf } from "../schema/walk.js";

/** Stands in for a secret. */
const mask = "***";

/**
 * Replaces every secret by stars: fields marked so in the schema, and passwords inside addresses.
 * @param value a configuration, or the part of one that stands at `path`; not changed
 */
export function maskSecrets<T>(value: T, path: ConfigPath = []): T {
  return masked(value, schemaAt(configSchema, path)) as T;
}

/** @returns whether the value at a path is never to be printed */
export function isSecret(path: ConfigPath): boolean {
  const schema = schemaAt(configSchema, path);
  return schema !== undefined && metaOf(schema).secret === true;
}

function masked(value: unknown, schema: Schema | undefined): unknown {
  if (schema !== undefined && metaOf(schema).secret && value !== undefined) return mask;
  if (typeof value === "string") return value.replace(/(:\/\/)[^/@\s]+@/g, `$1${mask}@`);
  if (typeof value !== "object" || value === null) return value;
  const { shape, element, valueType } =
    schema === undefined ? {} : definitionOf(variantOf(bare(schema), value));
  if (Array.isArray(value)) return value.map((item) => masked(item, element));
  const entries = Object.entries(value).map(([key, item]) => [key, masked(item, shape?.[key] ?? valueType)]);
  return Object.fromEntries(entries);
}
