import { mapTexts, substitute, variable } from "../check/substitute.js";
import type { Schema } from "../schema/walk.js";
import { isTree, type Move, type Tree, treeOf, without } from "./moves.js";

type Env = Readonly<Record<string, string | undefined>>;

/** @returns the other system's configuration with what is no variable there, for its name has small letters, written as text */
export function withTheirVariables(old: Tree): Tree {
  const written = mapTexts(old, (text) =>
    text.replace(variable, (whole, dollar: string, name: string) =>
      dollar === "" && /[a-z]/.test(name) ? `$${whole}` : whole,
    ),
  );
  return treeOf(written);
}

/**
 * The other system sets variables in its own configuration, for whatever the environment lacks. There is no such
 * block here, so their values take the place of their names.
 * @returns the configuration with the values, and what became of the block
 */
export function fillIn(old: Tree, env: Env): { old: Tree; moves: Move[] } {
  if (!isTree(old.env)) return { old, moves: [] };
  const { vars, ...rest } = old.env;
  const used = new Set<string>();
  const values = new Map(
    [...Object.entries(treeOf(vars)), ...Object.entries(rest)].flatMap(([name, value]) =>
      typeof value === "string" && env[name] === undefined ? [[name, value] as const] : [],
    ),
  );
  const filled = mapTexts(without(old, "env"), (text) =>
    text.replace(variable, (whole, dollar: string, name: string) => {
      const value = dollar === "" ? values.get(name) : undefined;
      if (value === undefined) return whole;
      used.add(name);
      return value.replaceAll("${", "$$${");
    }),
  );
  const move = (path: string[], name: string, value: unknown): Move => ({
    from: [...path, name],
    to: undefined,
    value,
    why: used.has(name)
      ? "its value stands where it was named"
      : "set it in the environment of the gateway, where it is needed",
  });
  return {
    old: filled as Tree,
    moves: [
      ...Object.entries(treeOf(vars)).map(([name, value]) => move(["env", "vars"], name, value)),
      ...Object.entries(rest).map(([name, value]) => move(["env"], name, value)),
    ],
  };
}

/** Texts that stand for a variable's value, in the order in which they are tried: every field that takes text takes one of them. */
const samples: readonly ((name: string) => string)[] = [
  () => "https://placeholder.invalid",
  numberFor,
  () => "openai/placeholder",
  () => "/placeholder",
  () => "placeholder",
  () => "US",
];

/** @returns a phone number that stands for the value of a variable, of each its own */
export function numberFor(name: string): string {
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.codePointAt(0)!) % 9_999_991, 7);
  return `+1555${String(sum).padStart(7, "0")}`;
}

/**
 * Replaces variables by their values. One that the environment lacks is expected to be there when the gateway runs, so
 * texts that the field takes stand for it.
 * @returns the value with each of these texts, in the order in which they are tried; with the first of all where the field takes none
 */
export function standIns(value: unknown, schema: Schema | undefined, env: Env): [unknown, ...unknown[]] {
  const names = missingIn(value, env);
  const filled = (names.length === 0 ? samples.slice(0, 1) : samples).map(
    (sample) =>
      substitute(value, { ...env, ...Object.fromEntries(names.map((name) => [name, sample(name)])) }).value,
  );
  const [first = filled[0], ...more] = filled.filter((one) => schema?.safeParse(one).success);
  return [first, ...more];
}

/** @returns a configuration with a text in the place of each variable: of one that is not set, {@link numberFor} */
export function withValues(tree: Tree, env: Env): Tree {
  const unset = Object.fromEntries(missingIn(tree, env).map((name) => [name, numberFor(name)]));
  return treeOf(substitute(tree, { ...env, ...unset }).value);
}

/** @returns the names of variables in the value that the environment lacks, each once */
export function missingIn(value: unknown, env: Env): string[] {
  return [...new Set(substitute(value, env).missing.map(({ name }) => name))];
}

/** @returns the value with each text in it written so that nothing in it is taken for a variable */
export function literally(value: unknown): unknown {
  return mapTexts(value, (text) => text.replaceAll("${", "$$${"));
}

/** @returns why what variables without a value hold is left out, in one sentence */
export function whyUnset(names: readonly string[]): string {
  const [is, it] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  return `${names.map((name) => `\${${name}}`).join(" and ")} ${is} not set: set ${it}, and import again`;
}
