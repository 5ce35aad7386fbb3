/** What a schema says is wrong with one value: zod's issue by its shape, so that nothing here loads zod. */
export interface ArgumentIssue {
  code: string;
  path: PropertyKey[];
  message: string;
  expected?: string;
  values?: readonly unknown[];
  origin?: string;
  minimum?: number | bigint;
  maximum?: number | bigint;
  /** What is wrong by each alternative of a union. */
  errors?: ArgumentIssue[][];
  /** What the field may be by which a union is told apart. */
  options?: readonly unknown[];
}

/** One wrong argument, as a person or a model can mend it. */
export interface ArgumentFault {
  /** e.g. `options.1`; empty for the arguments as a whole. */
  path: string;
  isMissing: boolean;
  /** e.g. `"limit" must be a number, not "ten"`. */
  sentence: string;
}

/** How much of a wrong value is repeated, UTF-16 code units. */
const mostShown = 40;

const types: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/**
 * Says what is wrong with arguments, one short sentence for each.
 * @param issues of a schema that refused them
 * @param given the arguments as they came
 * @param whole how they are called together
 */
export function argumentFaults(
  issues: readonly ArgumentIssue[],
  given: unknown,
  whole = "the arguments",
): ArgumentFault[] {
  return issues.flatMap(innermost).map((issue) => {
    const path = issue.path.join(".");
    const value = valueAt(given, issue.path);
    const isMissing = value === undefined;
    const name = path === "" ? whole : `"${path}"`;
    const must = `must be ${expectedOf(issue)}`;
    return { path, isMissing, sentence: `${name} ${must}${isMissing ? ", and is missing" : notThis(value)}` };
  });
}

/** Finds the issues inside an issue: where one entry of a list is wrong, that entry is named and not the list. */
function innermost(issue: ArgumentIssue): ArgumentIssue[] {
  const inside = issue.errors?.find(
    (errors) => errors.length > 0 && errors.every(({ path }) => path.length > 0),
  );
  return inside?.map((error) => ({ ...error, path: [...issue.path, ...error.path] })) ?? [issue];
}

function expectedOf(issue: ArgumentIssue): string {
  const { origin = "" } = issue;
  const unit = origin === "string" ? " characters long" : origin === "array" ? " entries long" : "";
  switch (issue.code) {
    case "invalid_type":
      return types[issue.expected ?? ""] ?? issue.expected ?? "something else";
    case "invalid_value":
      // `stringbool` takes many spellings (yes, on, 1); the two plain ones are enough to name.
      if (issue.expected === "stringbool") return "true or false";
      return oneOf((issue.values ?? []).map((value) => JSON.stringify(value)));
    case "too_small":
      return origin === "string" && Number(issue.minimum) === 1
        ? "text that is not empty"
        : `at least ${issue.minimum}${unit}`;
    case "too_big":
      return `at most ${issue.maximum}${unit}`;
    case "invalid_union": {
      if (issue.options) return oneOf(issue.options.map((option) => JSON.stringify(option)));
      const ways = (issue.errors ?? []).flatMap((errors) => (errors[0] ? [expectedOf(errors[0])] : []));
      return oneOf([...new Set(ways)]);
    }
    default:
      return `right (${issue.message})`;
  }
}

function oneOf(ways: string[]): string {
  return ways.length < 2 ? ways.join("") : `${ways.slice(0, -1).join(", ")} or ${ways.at(-1)}`;
}

function notThis(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? ", not an empty list" : ", not this list";
  if (typeof value === "object" && value !== null) return ", not an object";
  const text = JSON.stringify(value) ?? String(value);
  return `, not ${text.length > mostShown ? `${text.slice(0, mostShown - 1)}…` : text}`;
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, part) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, part)
        ? (current as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}
