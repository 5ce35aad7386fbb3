import * as z from "zod";
import { bare, definitionOf, type Schema } from "./walk.js";

/** Says in words which values a field takes, for errors and for the reference. */
export function describeType(schema: Schema): string {
  const inner = bare(schema);
  const { type, element, valueType, options, values, entries } = definitionOf(inner);
  switch (type) {
    case "boolean":
      return "true or false";
    case "string":
      return describeText(inner);
    case "number":
      return describeNumber(inner);
    case "enum":
      return oneOf(Object.values(entries ?? {}));
    case "literal":
      return oneOf(values ?? []);
    case "array":
      return `a list, each ${describeType(element!)}`;
    case "record":
      return `an object, each value ${describeType(valueType!)}`;
    case "union":
      return options!.map(describeVariant).join(", or ");
    default:
      return "an object";
  }
}

function describeVariant(option: Schema): string {
  const tag = definitionOf(bare(option)).shape?.type;
  return tag === undefined ? describeType(option) : `an object with type ${describeType(tag)}`;
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

type Limits = {
  type?: string;
  format?: string;
  minLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
};

const limitsOf = (schema: Schema) => z.toJSONSchema(schema, { io: "input" }) as Limits;

function describeText(schema: Schema): string {
  const { format, minLength } = limitsOf(schema);
  if (format === "uri") return "an http or https address";
  return minLength === undefined ? "text" : "text that is not empty";
}

function describeNumber(schema: Schema): string {
  const { type, minimum, maximum, exclusiveMinimum } = limitsOf(schema);
  const what = type === "integer" ? "a whole number" : "a number";
  if (exclusiveMinimum !== undefined) return `${what} above ${exclusiveMinimum}`;
  // zod gives every whole number the bounds of what a double can hold.
  if (minimum === undefined || minimum === Number.MIN_SAFE_INTEGER) return what;
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
    ? `${what}, ${minimum} or more`
    : `${what} from ${minimum} to ${maximum}`;
}
