import fc from "fast-check";
import JSON5 from "json5";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../../test/support/property-runs.js";
import { type Node, scan } from "../json5/scan.js";
import type { ConfigPath } from "../path.js";
import { setIn, unsetIn } from "./model.js";
import { setValue, unsetValue } from "./text.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const key = fc.constantFrom("a", "b", "name", "+1555", "*", "42", "it's", 'say "hi"', "ключ", "a b");
const leaf = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -1.5,
    1e21,
    "",
    "it's",
    'say "hi"',
    "// no comment",
    "{,}",
    "a\nb\\",
  ),
  // json5 warns on the console about a raw U+2028.
  fc.string({ unit: "binary" }).map((text): Json => text.replace(/[\u2028\u2029]/g, "")),
);
const json = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, tie("object"), fc.array(tie("value"), { maxLength: 3 })),
  object: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<Json>,
}));

/** Prints a value as untidy people do; `pick` decides. */
function untidy(value: Json, pick: (count: number) => number, depth = 0): string {
  let comments = 0;
  const gap = (allowLine = true): string => {
    const choice = pick(8);
    if (choice === 0) return ` /* c${comments++}-${depth}, { */ `;
    if (choice === 1 && allowLine) return ` // c${comments++}-${depth} "}\n`;
    if (choice === 2) return "\r\n\t";
    if (choice <= 4) return `\n${"  ".repeat(depth)}`;
    return choice === 5 ? "" : " ";
  };
  const quote = (text: string) =>
    pick(2) === 0
      ? JSON.stringify(text)
      : `'${JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return String(value);
  const isList = Array.isArray(value);
  const name = (text: string) => (/^[a-z]+$/.test(text) && pick(2) === 0 ? text : quote(text));
  const parts = isList
    ? value.map((item) => untidy(item, pick, depth + 1))
    : Object.entries(value).map(([k, item]) => `${name(k)}${gap()}:${gap()}${untidy(item, pick, depth + 1)}`);
  const body = parts.map((part, index) => {
    const comma = index < parts.length - 1 || pick(2) === 0 ? `${gap()},` : "";
    return gap() + part + comma;
  });
  return (isList ? "[" : "{") + body.join("") + gap() + (isList ? "]" : "}");
}

/** Every place of a tree with its raw text. */
function leaves(source: string, node: Node, path: ConfigPath = []): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (current: Node, at: ConfigPath) => {
    if (current.kind === "scalar") found.set(JSON.stringify(at), source.slice(current.start, current.end));
    else if (current.kind === "array")
      current.items.forEach(({ value }, index) => void walk(value, [...at, index]));
    else
      for (const { key, keyStart, keyEnd, value } of current.members) {
        found.set(`key ${JSON.stringify([...at, key])}`, source.slice(keyStart, keyEnd));
        walk(value, [...at, key]);
      }
  };
  walk(node, path);
  return found;
}

const commentsOf = (text: string) =>
  [
    ...text.matchAll(
      /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|(\/\*[\s\S]*?\*\/|\/\/[^\n\r\u2028\u2029]*)/g,
    ),
  ].flatMap(([, comment]) => (comment === undefined ? [] : [comment]));

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const unit of whole) if (at < part.length && part.startsWith(unit, at)) at += unit.length;
  return at === part.length;
}

function placesOf(value: Json, path: ConfigPath = []): ConfigPath[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => placesOf(item, [...path, index]))
    : Object.entries(value).flatMap(([k, item]) => placesOf(item, [...path, k]));
  return [path, ...inner];
}

describe("edits of JSON5 text", () => {
  it("change what they are asked to and no other byte, in any sequence", () => {
    const choices = fc.array(fc.nat(), { minLength: 64, maxLength: 64 });
    const steps = fc.array(
      fc.record({ where: fc.nat(), kind: fc.constantFrom("set", "add", "unset"), key, value: json.value }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(json.object, choices, steps, (start, numbers, edits) => {
        let turn = 0;
        let source = untidy(start, (count) => numbers[turn++ % numbers.length]! % count);
        expect(JSON5.parse(source)).toEqual(start);
        for (const edit of edits) {
          const model = JSON5.parse(source) as Json;
          const places = placesOf(model);
          const chosen = places[edit.where % places.length]!;
          const holder = chosen.reduce<Json>((v, part) => (v as Record<string, Json>)[part]!, model);
          const path =
            edit.kind === "add" ? [...chosen, Array.isArray(holder) ? holder.length : edit.key] : chosen;
          if (path.length === 0 || (edit.kind === "add" && (typeof holder !== "object" || holder === null)))
            continue;
          const isNew = edit.kind === "add" && !(String(path.at(-1)) in (holder as object));
          const result =
            edit.kind === "unset" ? unsetValue(source, path) : setValue(source, path, edit.value);
          if (!result.ok) throw result.error;
          if (edit.kind === "unset") unsetIn(model, path);
          else setIn(model, path, edit.value);
          expect(JSON5.parse(result.value)).toEqual(model);
          check(source, result.value, path, edit.kind === "unset" ? "unset" : isNew ? "new" : "replace");
          source = result.value;
        }
      }),
      runsOf(400),
    );
  });
});

function check(before: string, after: string, path: ConfigPath, kind: "unset" | "new" | "replace"): void {
  if (kind === "new") expect(isSubsequence(before, after)).toBe(true);
  if (kind === "unset") expect(isSubsequence(after, before)).toBe(true);
  const oldLeaves = leaves(before, scan(before));
  const newLeaves = leaves(after, scan(after));
  const list = typeof path.at(-1) === "number" ? path.slice(0, -1) : path;
  const touched = JSON.stringify(list).slice(0, -1);
  for (const [place, raw] of oldLeaves) {
    const bare = place.replace(/^key /, "");
    if (bare.startsWith(touched) || touched === "[") continue;
    expect([place, newLeaves.get(place)]).toEqual([place, raw]);
  }
  if (kind === "new") expect(commentsOf(after)).toEqual(commentsOf(before));
}
