import type * as z from "zod";
import type { FieldMeta } from "./fields.js";

/** Any schema of the configuration. */
export type Schema = z.ZodType;

type Definition = {
  type: string;
  shape?: Record<string, Schema>;
  element?: Schema;
  valueType?: Schema;
  innerType?: Schema;
  options?: Schema[];
  values?: unknown[];
  entries?: Record<string, string>;
  defaultValue?: unknown;
};

/** The schema's own definition, as zod keeps it; of one that is made when it is used, that of the one that it makes. */
export function definitionOf(schema: Schema): Definition {
  const made = madeBy(schema);
  return made === undefined ? (schema._zod.def as unknown as Definition) : definitionOf(made);
}

/** @returns what a schema of that kind makes; undefined for every other */
function madeBy(schema: Schema): Schema | undefined {
  const { def, innerType } = schema._zod as { def: { type: string }; innerType?: Schema };
  return def.type === "lazy" ? innerType : undefined;
}

/** @returns the schema without `optional`, `default` and `prefault` around it */
export function bare(schema: Schema): Schema {
  const { innerType } = definitionOf(schema);
  return innerType === undefined ? schema : bare(innerType);
}

/** @returns what is noted about a field, from the outermost note inwards */
export function metaOf(schema: Schema): FieldMeta {
  const { innerType, type, defaultValue } = definitionOf(schema);
  const own = (schema.meta() ?? {}) as FieldMeta;
  const inside = innerType ?? madeBy(schema);
  if (inside === undefined) return own;
  return { ...metaOf(inside), ...(type === "default" ? { default: defaultValue } : {}), ...own };
}

/** @returns the keys that an object schema knows; of a union, those of every variant; undefined for anything else */
export function keysOf(schema: Schema): string[] | undefined {
  const { shape, options } = definitionOf(bare(schema));
  if (shape !== undefined) return Object.keys(shape);
  return options === undefined ? undefined : [...new Set(options.flatMap((option) => keysOf(option) ?? []))];
}

/**
 * Follows a path into the schema.
 * @param value the value that is being judged, to choose the variant of a union by its `type`; optional
 * @returns the schema of the field, or undefined when there is no such field
 */
export function schemaAt(
  schema: Schema,
  path: readonly (string | number)[],
  value?: unknown,
): Schema | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return schema;
  const next = child(variantOf(schema, value), part);
  const inner = (value as Record<string | number, unknown> | undefined)?.[part];
  return next === undefined ? undefined : schemaAt(next, rest, inner);
}

function child(schema: Schema, part: string | number): Schema | undefined {
  const { type, shape, element, valueType, options } = definitionOf(schema);
  if (type === "object") return Object.hasOwn(shape!, part) ? shape![part] : undefined;
  if (type === "array") return /^\d+$/.test(String(part)) ? element : undefined;
  if (type === "record") return valueType;
  for (const option of options ?? []) {
    const found = child(bare(option), part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @returns the variant of a union that the value's `type` names, or the schema itself */
export function variantOf(schema: Schema, value: unknown): Schema {
  const inner = bare(schema);
  const wanted = (value as { type?: unknown } | null | undefined)?.type;
  const variant = definitionOf(inner).options?.find((option) => {
    const tag = definitionOf(bare(option)).shape?.type;
    return tag !== undefined && definitionOf(bare(tag)).values?.includes(wanted);
  });
  return variant === undefined ? inner : bare(variant);
}
