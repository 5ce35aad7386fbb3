import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reasons, reasonText } from "../../src/conversation/index.js";
import { reasonsPage } from "../../src/conversation/reasons-page.js";
import { errorGroups, errorTexts, remedyOf } from "../../src/platform/error-codes/index.js";
import { errorsPage } from "../../src/platform/error-codes/reference/index.js";

const root = join(import.meta.dirname, "../..");
const table = "platform/error-codes/";
const page = (name: string) => readFileSync(join(root, "docs/reference", name), "utf8");

/** Every word that stands in quotes in the source as codes do, outside the table and the tests. */
function quotedWords(): Set<string> {
  const found = new Set<string>();
  for (const file of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts") || file.startsWith(table)) continue;
    const text = readFileSync(join(root, "src", file), "utf8");
    for (const [, word] of text.matchAll(/"([A-Z][A-Z0-9_]+)"/g)) found.add(word!);
  }
  return found;
}

describe("the error codes", () => {
  it("are all used somewhere", () => {
    const used = quotedWords();
    expect(Object.keys(errorTexts).filter((code) => !used.has(code))).toEqual([]);
  });

  it("stand in one group each", () => {
    const listed = errorGroups.flatMap(({ texts }) => Object.keys(texts));
    expect(listed.toSorted()).toEqual(Object.keys(errorTexts).toSorted());
  });

  it("say what happened and what to do, each in sentences", () => {
    const odd = [
      ...Object.entries(errorTexts),
      ...reasons.map((reason) => [reason, reasonText(reason)] as const),
    ].filter(
      ([, { happened, remedy }]) => ![happened, remedy].every((text) => /^(imsg |[A-Z]).*\.$/.test(text)),
    );
    expect(odd).toEqual([]);
  });

  it("have no remedy where another version made the code", () => {
    expect(remedyOf("GATEWAY_LOST")).toContain("Look before you repeat it");
    expect(remedyOf("MADE_TOMORROW")).toBeUndefined();
    expect(remedyOf("constructor")).toBeUndefined();
  });
});

describe("the pages of the reference", () => {
  it("are not stale: run `npm run reference` after a change of a text", () => {
    expect(page("errors.md")).toBe(errorsPage());
    expect(page("reasons.md")).toBe(reasonsPage());
  });
});
