import * as z from "zod";
import { argumentFaults, err, ok, type Result, TapbackError } from "../platform/index.js";
import {
  type ActionName,
  actionNamed,
  isNothing,
  namesOf,
  type Parameter,
  type Parameters,
  rowOf,
  targetForms,
  underFirstNames,
} from "./rows/index.js";

/** An action with its parameters, under their first names. */
export type ActionRequest = { action: ActionName } & Record<string, unknown>;

/** Longest text of one action; more is no chat message. */
const maxText = 100_000;

/** Most of the names that an action does not know which an error repeats, and how much of each. */
const mostNamed = 5;
const mostOfName = 40;

const text = z.string().trim().min(1).max(maxText);

const shapes = new Map<ActionName, z.ZodType>();

/**
 * Reads an action and its parameters (behaviour 11).
 * @returns the request under first names, or `ACTION_UNKNOWN`, `ACTION_PARAMETERS`
 */
export function readAction(
  action: string,
  parameters: Record<string, unknown>,
): Result<ActionRequest, TapbackError> {
  const name = actionNamed(action);
  if (name === undefined)
    return err(new TapbackError("ACTION_UNKNOWN", `there is no action ${action.slice(0, 60)}`));
  const known = rowOf(name).parameters;
  const given = underFirstNames(known, parameters);
  const parsed = shapeOf(name).safeParse(given);
  const unknown = unknownIn(parameters, known);
  if (parsed.success && unknown.length === 0) return ok({ action: name, ...(parsed.data as object) });
  const faults = argumentFaults(parsed.error?.issues ?? [], given);
  const missing = faults.filter(({ isMissing }) => isMissing).map(({ path }) => path);
  const wrong = faults.filter(({ isMissing }) => !isMissing).map(({ sentence }) => `${name}: ${sentence}`);
  const sentences = [...wrong];
  if (missing.length > 0) sentences.unshift(`${name} needs ${missing.join(" and ")}`);
  if (unknown.length > 0) sentences.unshift(notKnown(name, unknown, known));
  return err(new TapbackError("ACTION_PARAMETERS", sentences.join("; ")));
}

/** The names of what was given and no parameter is called (behaviour 11.0). */
function unknownIn(given: Record<string, unknown>, known: Parameters): string[] {
  const names = new Set([
    ...Object.entries(known).flatMap(([name, parameter]) => namesOf(name, parameter)),
    ...Object.keys(targetForms),
  ]);
  return Object.keys(given).filter((name) => !names.has(name) && !asksForNothing(name, given[name]));
}

/** Models fill a schema that serves all actions to its end; the channel is the one that there is. */
function asksForNothing(name: string, value: unknown): boolean {
  const isEmptyList = Array.isArray(value) && value.length === 0;
  return isNothing(value) || value === false || isEmptyList || (name === "channel" && value === "imessage");
}

function notKnown(action: ActionName, unknown: string[], known: Parameters): string {
  const named = unknown.slice(0, mostNamed).map((name) => {
    const meant = meantBy(name, known);
    const quoted = JSON.stringify(name.slice(0, mostOfName));
    return meant === undefined ? quoted : `${quoted} (did you mean ${meant}?)`;
  });
  const more = unknown.length > mostNamed ? " and more" : "";
  const names = Object.keys(known);
  const takes = names.length > 0 ? `it takes ${names.join(", ")}` : "it takes none";
  return `${action} has no parameter ${named.join(", ")}${more}; ${takes}`;
}

/** The parameter that is written so but for case and separators, as `as_voice` for `asVoice`, by its first name. */
function meantBy(name: string, known: Parameters): string | undefined {
  const wanted = bare(name.slice(0, mostOfName));
  const names = [
    ...Object.entries(known),
    ...Object.keys(targetForms).map((form) => [form, undefined] as const),
  ];
  return names.find(([first, parameter]) =>
    (parameter ? namesOf(first, parameter) : [first]).some((each) => bare(each) === wanted),
  )?.[0];
}

function bare(name: string): string {
  return name.replace(/[^a-z0-9]/gi, "").toLowerCase();
}

/** Made at the first use of each action: a schema costs time that most starts do not need. */
function shapeOf(name: ActionName): z.ZodType {
  const shape = shapes.get(name) ?? z.object(fieldsOf(rowOf(name).parameters));
  shapes.set(name, shape);
  return shape;
}

function fieldsOf(parameters: Parameters): z.ZodRawShape {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, fieldOf(parameter)]),
  );
}

function fieldOf(parameter: Parameter): z.ZodType {
  const field = schemaOf(parameter);
  if (parameter.kind === "flag") return field.default(false);
  if (parameter.kind === "paths") return field.default([]);
  if (parameter.kind === "number" && parameter.fallback !== undefined)
    return field.default(parameter.fallback);
  return parameter.required ? field : field.optional();
}

function schemaOf(parameter: Parameter): z.ZodType {
  switch (parameter.kind) {
    case "text":
      return text;
    case "title":
      return z.string().max(500);
    case "word":
      return z.union([z.string(), z.number()]).transform(String).pipe(z.string().trim().min(1).max(4096));
    case "raw":
      return z.string();
    case "path":
      return z.string().min(1);
    case "flag":
      return z.union([z.boolean(), z.stringbool()]);
    case "number": {
      const number = z.coerce.number().int().min(1);
      return parameter.most === undefined ? number : number.max(parameter.most);
    }
    case "paths":
      return z.union([
        z.array(z.string().min(1)).max(parameter.most, `takes at most ${parameter.most} files`),
        z.string().transform((path) => [path]),
      ]);
    case "list":
      return z
        .union([z.array(text), z.string().transform(entriesOf)])
        .pipe(z.array(text).min(parameter.least).max(parameter.most));
  }
}

/** The entries of a list that is written as one text, with commas or in lines. */
function entriesOf(list: string): string[] {
  return list
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
