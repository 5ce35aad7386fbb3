import { expect, it } from "vitest";
import { Parameters } from "./parameters.js";

const values = {
  n: "12",
  m: 3.7,
  yes: "true",
  no: 0,
  text: 5,
  list: "a, b,,c",
  bad: [],
  nothing: null,
  limit: 4,
};

it("bends values when lenient", () => {
  const lenient = new Parameters(values, false);
  expect(lenient.integer("n")).toBe(12);
  expect(lenient.integer("m")).toBe(3);
  expect(lenient.integer("bad")).toBeUndefined();
  expect(lenient.flag("yes")).toBe(true);
  expect(lenient.flag("no")).toBe(false);
  expect(lenient.text("text")).toBe("5");
  expect(lenient.list("list")).toEqual(["a", "b", "c"]);
  expect(lenient.text("nothing", "missing")).toBeUndefined();
  expect(lenient.integer("absent", "limit")).toBe(4);
});

it.each([
  ["integer", true, 1],
  ["integer", false, 0],
  ["integer", "+5", 5],
  ["integer", " 5", undefined],
  ["integer", "9223372036854775808", undefined],
  ["text", true, "1"],
  ["flag", 2, true],
  ["flag", "1", undefined],
  ["list", ["a", 2, true, null, {}], ["a", "2", "1"]],
  ["list", 5, undefined],
] as const)("bends as %s %j", (way, value, bent) => {
  expect(new Parameters({ value }, false)[way]("value")).toEqual(bent);
});

it("refuses wrong types when strict", () => {
  const strict = new Parameters(values, true);
  expect(strict.integer("limit")).toBe(4);
  for (const ask of [
    () => strict.integer("n"),
    () => strict.integer("m"),
    () => strict.flag("yes"),
    () => strict.text("text"),
    () => strict.list("list"),
  ])
    expect(ask).toThrow("Invalid params");
});
