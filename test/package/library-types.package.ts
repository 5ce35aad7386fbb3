import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
/** A strict project of a user for Node, which checks the declarations of its libraries too. */
const strict = [
  ...["--strict", "--noEmit", "--module", "nodenext", "--target", "es2023"],
  ...["--lib", "es2023", "--types", "node"],
];

/** The one example in TypeScript of a page of the manual. */
function tsIn(page: string): string {
  const [, code = ""] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(join(root, page), "utf8")) ?? [];
  return code;
}

it("needs no package for its types, but those for vitest and chat", () => {
  const dist = join(root, "dist");
  const imports = readdirSync(dist)
    .filter((file) => file.endsWith(".d.ts"))
    .flatMap((file) =>
      [...readFileSync(join(dist, file), "utf8").matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(
        ([, from = ""]) => `${file} ${from}`,
      ),
    );
  expect(imports.length).toBeGreaterThan(0);
  const foreign = imports.filter((each) => !each.includes(" ./"));
  expect(new Set(foreign)).toEqual(new Set(["chat-sdk.d.ts chat", "testing-vitest.d.ts vitest"]));
});

it("hands out types that compile in a strict project", () => {
  // Inside the package, so that its name leads to the built files.
  const folder = mkdtempSync(join(root, "test/.library-"));
  try {
    const file = join(folder, "user.mts");
    writeFileSync(
      file,
      `import { type Config, createGateway, normalizeHandle, parseConfig } from "tapback";
import { ImsgClient } from "tapback/imsg";
import { openSimulator } from "tapback/simulator";
import { type FunctionAgent, messagesWorld } from "tapback/testing";
export const agent: FunctionAgent = async ({ text, say }) => say(text);
export const world = () => messagesWorld({ agents: { main: agent } });
export const handle: string = normalizeHandle("+1 415 555 0100");
export const limit = (config: Config): number => config.gateway.retentionDays;
// @ts-expect-error a config is no number
export const wrong: number = parseConfig("{}");
export const used = [createGateway, ImsgClient, openSimulator];
`,
    );
    const example = join(folder, "example.mts");
    writeFileSync(example, tsIn("docs/simulator.md"));
    const same = join(folder, "same.mts");
    writeFileSync(
      same,
      `import type { Config } from "tapback";
import type { Config as Inferred } from "../../src/config/schema/config.js";
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const both: [Same<Config, Inferred>, Config extends Inferred ? true : false] = [true, true];
`,
    );
    const checked = spawnSync(
      process.execPath,
      [
        join(root, "node_modules/typescript-native/bin/tsc"),
        "--ignoreConfig",
        ...strict,
        file,
        example,
        same,
      ],
      { cwd: folder, encoding: "utf8" },
    );
    expect(checked.stdout).toBe("");
    expect(checked.status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
