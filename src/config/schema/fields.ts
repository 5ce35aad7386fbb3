import * as z from "zod";

/** The longest that a timer of Node may run, milliseconds (2^31 - 1). */
const longestTimerMs = 2_147_483_647;

/** Facts about a field that the reference, the editor and the masking read. */
export interface FieldMeta {
  description?: string;
  default?: unknown;
  /** The value is never printed. */
  secret?: boolean;
}

/** Says what a schema is for: noted on the schema itself, which has to be a new one. zod's `describe` makes a second. */
export function about<S extends z.ZodType>(schema: S, description: string): S {
  return noted(schema, { ...z.globalRegistry.get(schema), description });
}

function noted<S extends z.ZodType>(schema: S, meta: FieldMeta): S {
  z.globalRegistry.add(schema, { ...meta });
  return schema;
}

/** A schema that is made when a value for it comes: a file sets little of what there is. */
export function onceUsed<S extends z.ZodType>(make: () => S): z.ZodLazy<S> {
  const schema = z.lazy(make);
  // What stands around it asks whether it has a default of its own, which would make it. It has none.
  schema._zod.optin = undefined;
  return schema;
}

/** A text that is never printed: `config get`, logs and reports show stars instead. */
export const secretText = () => noted(text(), { secret: true });

/** A duration in milliseconds that a timer can hold. */
export const milliseconds = () => z.int().check(z.gte(0), z.lte(longestTimerMs));

/** A text with something in it. */
export const text = () => z.string().min(1);

/** Whether answers wait for an owner's yes (behaviour 18.1). */
export const reviewField = () => z.enum(["off", "on"]);

/** A time zone that this machine knows. */
export const timeZone = () => text().refine(isTimeZone, "a time zone, e.g. Europe/Berlin");

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** Environment variables for a child process; the values may hold secrets. */
export const environment = () => z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), secretValue());

const secretValue = () => noted(z.string(), { secret: true });

/** HTTP headers; the values may hold secrets. */
export const headers = () => z.record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/), secretValue());

/** Id of an agent or account; compared in normal form (behaviour 5.1). */
export const id = () => z.string().regex(/[A-Za-z0-9]/, "an id needs a letter or a digit");

type Overrides<Shape extends z.ZodRawShape> = {
  [Key in keyof Shape]: z.ZodOptional<Shape[Key] extends z.ZodType ? Shape[Key] : never>;
};

/**
 * Makes every field optional and notes its default for the reference, without applying it: what the user left out
 * must stay visible for inheritance between channel and account (behaviour 2.5).
 */
export function overrides<Shape extends Record<string, z.ZodType>>(
  shape: Shape,
  defaults: Record<string, unknown>,
): Overrides<Shape> {
  const entries = Object.entries(shape).map(([key, schema]) => {
    const meta = { ...schema.meta(), ...(key in defaults ? { default: defaults[key] } : {}) };
    return [key, noted(schema.optional(), meta)];
  });
  return Object.fromEntries(entries) as Overrides<Shape>;
}
