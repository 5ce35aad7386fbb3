import type { ConfigPath } from "../path.js";

/** A variable that the environment does not have. */
export interface MissingVariable {
  path: ConfigPath;
  name: string;
}

/**
 * Replaces `${NAME}` in every text of a parsed configuration by the environment's value (behaviour 2.1).
 * `$${NAME}` stands for the characters `${NAME}`; what is not a name in braces is left as it is.
 * @returns a new value, and the variables that are missing, each where it is used
 */
export function substitute(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
): { value: unknown; missing: MissingVariable[] } {
  const missing: MissingVariable[] = [];
  const result = mapTexts(value, (text, path) =>
    text.replace(variable, (_, dollar: string, name: string) => {
      if (dollar !== "") return `\${${name}}`;
      const replacement = env[name];
      if (replacement === undefined) missing.push({ path, name });
      return replacement ?? "";
    }),
  );
  return { value: result, missing };
}

/** @returns the names that {@link substitute} would look up in a value, each once */
export function variableNames(value: unknown): string[] {
  const names = new Set<string>();
  mapTexts(value, (text) => {
    for (const [, dollar, name] of text.matchAll(variable)) if (dollar === "") names.add(name!);
    return text;
  });
  return [...names];
}

/** `${NAME}`, with the dollar sign before it that takes its meaning away, if any. */
export const variable = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** @returns the value with each text in it changed; keys stay */
export function mapTexts(value: unknown, change: (text: string, path: ConfigPath) => string): unknown {
  const walk = (current: unknown, path: ConfigPath): unknown => {
    if (typeof current === "string") return change(current, path);
    if (Array.isArray(current)) return current.map((item, index) => walk(item, [...path, index]));
    if (typeof current !== "object" || current === null) return current;
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(current))
      Object.defineProperty(result, key, {
        value: walk(item, [...path, key]),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    return result;
  };
  return walk(value, []);
}
