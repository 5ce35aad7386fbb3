import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { keepFiles } from "./keep.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-keep-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("keeps files that are removed afterwards, and passes over what is gone already", () => {
  const [from, to] = [join(folder, "outgoing"), join(folder, "kept")];
  mkdirSync(join(from, "1"), { recursive: true });
  writeFileSync(join(from, "1/a.png"), "a");
  writeFileSync(join(from, "b.png"), "b");
  expect(keepFiles(from, to).sort()).toEqual(["1/a.png", "b.png"]);
  rmSync(from, { recursive: true });
  expect(readFileSync(join(to, "1/a.png"), "utf8")).toBe("a");
  expect(readFileSync(join(to, "b.png"), "utf8")).toBe("b");
  expect(keepFiles(from, to, ["c.png"])).toEqual([]);
  expect(existsSync(join(to, "c.png"))).toBe(false);
  expect(keepFiles(from, to)).toEqual([]);
});
