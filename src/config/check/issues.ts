import type * as z from "zod";
import type { ConfigPath } from "../path.js";
import { describeType } from "../schema/describe.js";
import { keysOf, metaOf, type Schema, schemaAt, variantOf } from "../schema/walk.js";
import { nearest } from "./near.js";

/** A problem with its path still in parts; `atKey` points at the key instead of the value. */
export interface SchemaIssue {
  path: ConfigPath;
  message: string;
  expected?: string;
  suggestion?: string;
  atKey?: boolean;
}

/**
 * Turns what zod reports into findings with what was expected and what was probably meant.
 * @param value as it is written, with variables not replaced: what they hold may be secret
 * @param most how many issues are told of; an issue is one finding at least
 */
export function findingsOf(
  issues: readonly z.core.$ZodIssue[],
  root: Schema,
  value: unknown,
  most: number,
): SchemaIssue[] {
  // An issue is one finding at least, and one of unknown keys is cut by itself.
  return issues.slice(0, most).flatMap((issue) => {
    const path = pathOf(issue);
    const actual = valueAt(value, path);
    const schema = schemaAt(root, path, value);
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.slice(0, most).map((key) => unknownKey([...path, key], schema, actual));
      case "invalid_key":
        return [{ path, message: keyMessage(issue), atKey: true }];
      case "invalid_union":
        return [...strayKeys(path.slice(0, -1), root, value, most), wrongValue(path, actual, schema, issue)];
      case "custom":
        return [{ path, message: issue.message }];
      case "invalid_format":
        return [{ path, message: notRight(actual, schema), expected: formatOf(issue, schema) }];
      default:
        return [wrongValue(path, actual, schema, issue)];
    }
  });
}

/** How many findings {@link findingsOf} would make without a limit, counted without making them. */
export function countFindings(issues: readonly z.core.$ZodIssue[], root: Schema, value: unknown): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === "unrecognized_keys") return sum + issue.keys.length;
    const stray = issue.code === "invalid_union" ? straysAt(pathOf(issue).slice(0, -1), root, value) : [];
    return sum + stray.length + 1;
  }, 0);
}

const pathOf = (issue: z.core.$ZodIssue) => issue.path as (string | number)[];

/** Where the variant of a union is not known, its keys are not judged; those that no variant has are wrong all the same. */
function strayKeys(path: (string | number)[], root: Schema, value: unknown, most: number): SchemaIssue[] {
  const holder = valueAt(value, path);
  const union = schemaAt(root, path, value);
  return straysAt(path, root, value)
    .slice(0, most)
    .map((key) => unknownKey([...path, key], union, holder));
}

function straysAt(path: ConfigPath, root: Schema, value: unknown): string[] {
  const holder = valueAt(value, path);
  const union = schemaAt(root, path, value);
  const known = union === undefined ? undefined : keysOf(union);
  if (known === undefined || typeof holder !== "object" || holder === null) return [];
  return Object.keys(holder).filter((key) => !known.includes(key));
}

function unknownKey(path: ConfigPath, schema: Schema | undefined, holder: unknown): SchemaIssue {
  const known = schema === undefined ? [] : (keysOf(variantOf(schema, holder)) ?? []);
  const suggestion = nearest(String(path.at(-1)), known);
  return {
    path,
    message: "unknown key",
    expected: known.length === 0 ? "no key here" : `one of ${known.join(", ")}`,
    atKey: true,
    suggestion,
  };
}

function wrongValue(
  path: ConfigPath,
  actual: unknown,
  schema: Schema | undefined,
  issue: z.core.$ZodIssue,
): SchemaIssue {
  const expected = schema === undefined ? issue.message : describeType(schema);
  if (actual === undefined) return { path, message: "missing", expected };
  const suggestion = suggestValue(actual, schema);
  return {
    path,
    message: notRight(actual, schema),
    expected,
    ...(suggestion ? { suggestion } : {}),
  };
}

/** A secret is not repeated, whatever is wrong with it. */
function notRight(actual: unknown, schema: Schema | undefined): string {
  const isSecret = schema !== undefined && metaOf(schema).secret === true;
  return `${isSecret ? "this value" : show(actual)} is not right here`;
}

function suggestValue(actual: unknown, schema: Schema | undefined): string | undefined {
  if (schema === undefined || metaOf(schema).secret) return undefined;
  const expected = describeType(schema);
  // +15555550123 without quotes is a number to JSON5, and loses its plus.
  if (typeof actual === "number" && expected.startsWith("text")) {
    const phone = Number.isSafeInteger(actual) && actual >= 1e9;
    return phone ? `"+${actual}", in quotes` : `"${actual}", in quotes`;
  }
  if (typeof actual !== "string") return expected.startsWith("a list") ? `[${show(actual)}]` : undefined;
  if (expected.startsWith("a list")) return `[${JSON.stringify(actual)}]`;
  if (expected === "true or false" && /^(true|false|yes|no|on|off)$/i.test(actual))
    return /^(true|yes|on)$/i.test(actual) ? "true" : "false";
  if (/^a (whole )?number/.test(expected) && actual.trim() !== "" && Number.isFinite(Number(actual)))
    return String(Number(actual));
  const words = [...expected.matchAll(/"([^"]+)"/g)].map(([, word]) => word!);
  const near = nearest(actual, words);
  return near === undefined ? undefined : JSON.stringify(near);
}

function formatOf(issue: z.core.$ZodIssueInvalidStringFormat, schema: Schema | undefined): string {
  const custom = issue.message.startsWith("Invalid") ? undefined : issue.message;
  return custom ?? (schema === undefined ? "text" : describeType(schema));
}

function keyMessage(issue: z.core.$ZodIssueInvalidKey): string {
  const [inner] = issue.issues;
  return inner === undefined || inner.message.startsWith("Invalid")
    ? "this key has characters it may not have"
    : inner.message;
}

function show(value: unknown): string {
  if (value === null || typeof value !== "object") {
    const text = typeof value === "string" ? JSON.stringify(value) : String(value);
    return text.length > 60 ? `${text.slice(0, 57)}…` : text;
  }
  return Array.isArray(value) ? "a list" : "an object";
}

/** @returns what stands at a path of a parsed value; undefined when nothing does */
export function valueAt(value: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (current, part) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, part)
        ? (current as Record<string | number, unknown>)[part]
        : undefined,
    value,
  );
}
