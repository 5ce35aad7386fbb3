import type { Parameter, Parameters } from "./parameter.js";

/** Every name of a parameter, in the order in which they count. */
export function namesOf(name: string, { otherNames = [] }: Parameter): string[] {
  return [name, ...otherNames];
}

/** The values that were given, under first names; what has none, and what no parameter knows, is left out. */
export function underFirstNames(
  parameters: Parameters,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, parameter]) => {
      const spelling = namesOf(name, parameter).find((each) => !isNothing(given[each]));
      if (spelling !== undefined) return [[name, given[spelling]]];
      return parameter.kind === "title" && given[name] === "" ? [[name, ""]] : [];
    }),
  );
}

/** Models fill what they have no value for with an empty string or null. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
