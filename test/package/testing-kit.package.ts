import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { groundFaults } from "../../src/testing/kit/faults.js";
import { shapes } from "../../src/testing/serve/shapes.js";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/testing.md"), "utf8");
/** Inside the package, so that its name leads to the built files. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(root, "test/.kit-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The page's examples in a language. */
function examples(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, code = ""]) => code,
  );
}

function ran(program: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: options.cwd ?? folder,
    env: { ...process.env, NO_COLOR: "1", ...options.env },
    encoding: "utf8",
  });
  return { status, said: `${stdout}${stderr}` };
}

it("has a first test of less than ten lines", () => {
  expect(examples("ts")[0]?.trim().split("\n").length).toBeLessThan(10);
});

it("runs the page's examples for vitest, and they compile", () => {
  const tests = join(folder, "vitest");
  mkdirSync(tests);
  writeFileSync(join(tests, "vitest.config.mjs"), "export default { test: { testTimeout: 60_000 } };\n");
  const files = examples("ts").map((code, index) => {
    const file = join(tests, `example-${index}.test.ts`);
    writeFileSync(file, code);
    return file;
  });
  expect(files.length).toBeGreaterThan(3);
  const vitest = ran(process.execPath, [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--root",
    tests,
  ]);
  expect(vitest.said).toMatch(new RegExp(`Tests +${files.length} passed`));
  const tsc = ran(process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    ...[
      "--ignoreConfig",
      "--strict",
      "--noEmit",
      "--skipLibCheck",
      "--module",
      "nodenext",
      "--target",
      "es2023",
    ],
    ...["--lib", "es2023", "--types", "node"],
    ...files,
  ]);
  expect(tsc).toEqual({ status: 0, said: "" });
});

it("runs the page's example for node:test", () => {
  const file = join(folder, "example.test.mjs");
  writeFileSync(file, examples("js")[0]!);
  expect(ran(process.execPath, ["--test", file])).toMatchObject({ status: 0 });
});

it("runs the example in Python, over imsg-sim serve", () => {
  const IMSG_SIM = `${process.execPath} ${join(root, "dist/simulator/main.js")}`;
  const env = { IMSG_SIM, PYTHONDONTWRITEBYTECODE: "1" };
  const { status, said } = ran("python3", ["-m", "unittest"], { cwd: join(root, "examples/testing"), env });
  expect(said).toMatch(/Ran 4 tests[\s\S]*OK/);
  expect(status).toBe(0);
});

it("names every method of imsg-sim serve, and every fault that is none of the simulator's", () => {
  const named = new Set([...page.matchAll(/`([\w-]+(?:\.\w+)?)`/g)].map(([, name]) => name));
  expect([...Object.keys(shapes), ...groundFaults].filter((name) => !named.has(name))).toEqual([]);
});
