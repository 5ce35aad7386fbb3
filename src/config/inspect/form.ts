import JSON5 from "json5";
import { type ConfigPath, formatPath } from "../path.js";
import { configSchema } from "../schema/config.js";
import { describeType } from "../schema/describe.js";
import { bare, definitionOf, keysOf, metaOf, type Schema, variantOf } from "../schema/walk.js";

/** What a field is filled in with; `other` has a form of its own only as text. */
export type FieldKind = "flag" | "choice" | "number" | "text" | "list" | "other";

/** A field of the configuration as a form shows it. */
export interface FormField {
  /** As people write it. */
  path: string;
  about: string;
  kind: FieldKind;
  /** Of a choice: the values that it takes. */
  choices: string[];
  /** Which values it takes, in words. */
  expected: string;
  /** The default, as it would be typed; null where there is none. */
  fallback: string | null;
  /** What the text says, as it would be typed; null where it says nothing. */
  value: string | string[] | null;
}

/**
 * Lists the fields of a configuration text: all that the schema has, and of lists and of what people name what is there, else the list.
 * @param text whatever it is: where it cannot be read, no field has a value
 * @param block the top-level block whose fields are listed, where no words are asked for
 * @param words of fields of any block, in their path or in what is said about them
 */
export function formOf(text: string, block: string, words = ""): { blocks: string[]; fields: FormField[] } {
  const written = valueIn(text);
  const blocks = keysOf(configSchema)!.filter((key) => key !== "$schema");
  const sought = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fields = blocks
    .filter((key) => sought.length > 0 || key === block)
    .flatMap((key) => fieldsOf(definitionOf(configSchema).shape![key]!, [key], at(written, key)));
  const isLike = ({ path, about }: FormField) =>
    sought.every((word) => `${path} ${about}`.toLowerCase().includes(word));
  return { blocks, fields: fields.filter(isLike) };
}

function valueIn(text: string): unknown {
  try {
    return JSON5.parse(text);
  } catch {
    return undefined;
  }
}

function at(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
}

function fieldsOf(schema: Schema, path: ConfigPath, value: unknown): FormField[] {
  const { type, shape, element, valueType } = definitionOf(variantOf(schema, value));
  if (shape)
    return Object.entries(shape).flatMap(([key, each]) => fieldsOf(each, [...path, key], at(value, key)));
  const inside = type === "record" ? valueType : element;
  const entries = inside && hasFields(inside) ? entriesOf(value) : [];
  // What nobody has named yet is told of as one field, which the text fills in.
  if (entries.length === 0) return [fieldOf(schema, path, value)];
  return entries.flatMap(([key, each]) => fieldsOf(inside!, [...path, key], each));
}

/** The entries of a list, by their places, or of an object. */
function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** Whether there are fields inside, also where it says of which variant. */
function hasFields(schema: Schema): boolean {
  return keysOf(schema) !== undefined && keysOf(schema)!.length > 0;
}

function fieldOf(schema: Schema, path: ConfigPath, value: unknown): FormField {
  const { description = "", default: fallback } = metaOf(schema);
  const kind = kindOf(schema, value);
  return {
    path: formatPath(path),
    about: description,
    kind,
    choices: kind === "choice" ? choicesOf(schema) : [],
    expected: describeType(schema),
    fallback: fallback === undefined ? null : typed(fallback),
    value: value === undefined || value === null ? null : shown(value, kind),
  };
}

function shown(value: unknown, kind: FieldKind): string | string[] {
  return kind === "list" ? (value as unknown[]).map(typed) : typed(value);
}

function typed(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function choicesOf(schema: Schema): string[] {
  const { entries, values } = definitionOf(bare(schema));
  return entries ? Object.values(entries) : (values ?? []).map(String);
}

/** By what the schema takes; a value that a control could not hold is left to the text. */
function kindOf(schema: Schema, value: unknown): FieldKind {
  const { type, element, options } = definitionOf(bare(schema));
  const isPlain = value === undefined || typeof value !== "object";
  if (type === "array") return isList(element!) && isListOfTexts(value) ? "list" : "other";
  if (!isPlain) {
    const takesList = options?.some((option) => kindOf(option, value) === "list");
    return takesList ? "list" : "other";
  }
  if (type === "boolean") return "flag";
  if (type === "enum" || type === "literal") return "choice";
  if (type === "number") return "number";
  if (type === "string") return "text";
  const kinds = new Set((options ?? []).map((option) => kindOf(option, undefined)));
  kinds.delete("other");
  if (value === undefined && kinds.size === 1 && kinds.has("list")) return "list";
  kinds.delete("list");
  return kinds.size > 0 ? "text" : "other";
}

function isList(element: Schema): boolean {
  const { type, options } = definitionOf(bare(element));
  return type === "string" || type === "enum" || (options?.every((option) => isList(option)) ?? false);
}

function isListOfTexts(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((item) => typeof item === "string"));
}
