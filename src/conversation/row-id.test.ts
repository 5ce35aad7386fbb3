import { describe, expect, it } from "vitest";
import { newestRowId } from "./row-id.js";

describe("the newest row id", () => {
  it.each([
    ["the highest of what came", 10, [12, 11], 12],
    ["what is known, when older rows come", 10, [4], 10],
    ["the last that is a million above", 10, [1_000_010], 1_000_010],
    ["what is known, where one lies further above", 10, [1_000_011], 10],
    ["what is known beside an absurd one", 10, [Number.MAX_SAFE_INTEGER], 10],
    ["the highest before an absurd one", 10, [12, Number.MAX_SAFE_INTEGER], 12],
    ["an absurd one that came twice is one row", 10, [2 ** 40, 2 ** 40], 10],
    ["a leap that a second row confirms", 10, [5_000_000, 5_000_001], 5_000_001],
    ["an empty database begins at nothing", -1, [5], 5],
  ])("%s", (_, newest, seen, found) => {
    expect(newestRowId(newest, seen)).toBe(found);
  });
});
