import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { edits } from "../../scripts/bites.mjs";

const root = join(import.meta.dirname, "../..");

test.each(edits)("the source still has what this bite edits: $name", ({ file, find, put, also = [] }) => {
  const source = readFileSync(join(root, file), "utf8");
  for (const each of [{ find, put }, ...also]) {
    expect(source).toContain(each.find);
    expect(each.put).not.toBe(each.find);
  }
});
