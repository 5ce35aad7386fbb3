import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { apiTable } from "../table.js";
import { apiPage } from "./index.js";

const page = join(import.meta.dirname, "../../../docs/reference/api.md");

it("is not stale: run `npm run reference` after a change of the table", () => {
  expect(readFileSync(page, "utf8")).toBe(apiPage());
});

it("tells of each request once, and of all that its path names", () => {
  const table = apiTable();
  const names = table.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(table.map(({ id }) => id)).size).toBe(table.length);
  for (const { path, parameters } of table) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(parameters.path.shape), path).toEqual(named);
    expect(path).toMatch(/^\/v1\//);
  }
});
