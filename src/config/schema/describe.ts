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

type Bag = {
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  format?: string;
  patterns?: Set<RegExp>;
};

const bagOf = (schema: Schema) => schema._zod.bag as Bag;

function describeText(schema: Schema): string {
  const { format, minimum } = bagOf(schema);
  if (format === "url") return "an http or https address";
  return minimum === undefined ? "text" : "text that is not empty";
}

function describeNumber(schema: Schema): string {
  const { minimum, maximum, exclusiveMinimum, format } = bagOf(schema);
  const what = format === "safeint" ? "a whole number" : "a number";
  const low = exclusiveMinimum ?? (minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum);
  const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (low === undefined) return what;
  if (exclusiveMinimum !== undefined) return `${what} above ${low}`;
  return high === undefined ? `${what}, ${low} or more` : `${what} from ${low} to ${high}`;
}
