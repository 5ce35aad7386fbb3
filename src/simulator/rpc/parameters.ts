import { namesOf } from "../profiles/profile.js";
import { invalidParams } from "./errors.js";

/**
 * Takes the values of a request that the played version knows.
 * @param known its parameters, each with its aliases
 * @param strict the rules of 0.14.0: an unknown name is refused, and two names of one parameter are
 */
export function knownValues(
  values: Record<string, unknown>,
  known: readonly string[],
  strict: boolean,
): Record<string, unknown> {
  const names = known.map(namesOf);
  const given = Object.entries(values);
  if (!strict) return Object.fromEntries(given.filter(([name]) => names.some((of) => of.includes(name))));
  for (const [name] of given) {
    const aliases = names.find((each) => each.includes(name));
    if (aliases === undefined) throw invalidParams(`unknown parameter ${name}`);
    const twice = aliases.find((other) => other !== name && Object.hasOwn(values, other));
    if (twice !== undefined) throw invalidParams(`${name} and ${twice} are one parameter`);
  }
  return values;
}

/**
 * Parameters of a request, each under its name or one of its aliases. Before 0.14.0 values are bent into the type that is
 * asked for; since then a wrong type is refused (protocol reference 2.1).
 */
export class Parameters {
  constructor(
    private readonly values: Record<string, unknown>,
    private readonly strict: boolean,
  ) {}

  /** The value under the first name that has one. */
  raw(...names: string[]): unknown {
    for (const name of names) {
      const value = this.values[name];
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  }

  /** A text; before 0.14.0 a number counts as one, and a boolean as its number. */
  text(...names: string[]): string | undefined {
    const value = this.raw(...names);
    if (typeof value === "string" || value === undefined) return value;
    this.#refuse(names, "a string");
    return asText(value);
  }

  /** A whole number; before 0.14.0 also one in a text, true is 1, and others lose their fraction. */
  integer(...names: string[]): number | undefined {
    const value = this.raw(...names);
    if (value === undefined || (typeof value === "number" && Number.isInteger(value))) return value;
    this.#refuse(names, "an integer");
    if (typeof value === "number") return Math.trunc(value);
    if (typeof value === "boolean") return Number(value);
    return typeof value === "string" ? wholeNumber(value) : undefined;
  }

  /** A boolean; before 0.14.0 also `"true"` and any number but 0, `"false"` and 0. */
  flag(...names: string[]): boolean | undefined {
    const value = this.raw(...names);
    if (value === undefined || typeof value === "boolean") return value;
    this.#refuse(names, "a boolean");
    if (typeof value === "number") return value !== 0;
    return value === "true" ? true : value === "false" ? false : undefined;
  }

  /** A list of texts; before 0.14.0 also one text with commas. */
  list(...names: string[]): string[] | undefined {
    const value = this.raw(...names);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    this.#refuse(names, "an array of strings");
    if (Array.isArray(value)) return value.map(asText).filter((item) => item !== undefined);
    if (typeof value !== "string") return undefined;
    return value
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  }

  #refuse(names: string[], wanted: string): void {
    if (this.strict) throw invalidParams(`${names[0]} must be ${wanted}`);
  }
}

function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(Number(value)) : undefined;
}

/** A whole number as imsg reads it from a text: nothing else stands there, not even a blank. */
export function wholeNumber(text: string): number | undefined {
  const number = /^[+-]?\d+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
  return number !== undefined && BigInt.asIntN(64, number) === number ? Number(number) : undefined;
}
