import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

/** Statements and comments, without their layout and order: imports are sorted here. */
function statementsIn(code: string): string[] {
  const plain = code.replace(/^\/\/ (The bot of|It keeps|@chat).*$/gm, "").replace(/,(\s*[})])/g, "$1");
  return plain
    .split(";")
    .map((part) => part.replace(/\s+/g, ""))
    .sort();
}

it("has the bot of the SDK's guide as it is written there, and for Messages with ten changed lines", () => {
  const guide = textOf(
    "node_modules/chat/resources/guides/how-to-build-a-slack-bot-with-next-js-and-redis.md",
  );
  const [, bot = ""] = /^``(import .*)``$/m.exec(guide) ?? [];
  expect(bot).toContain("createSlackAdapter");
  expect(statementsIn(textOf("examples/chat-sdk/slack.mjs"))).toEqual(statementsIn(bot));

  const linesOf = (file: string) =>
    textOf(`examples/chat-sdk/${file}`)
      .split("\n")
      .filter((line, index) => line !== "" && !(index < 3 && line.startsWith("//")));
  const before = new Set(linesOf("slack.mjs"));
  const changed = linesOf("bot.mjs").filter((line) => !before.has(line));
  expect(changed.length).toBeLessThanOrEqual(10);
});

it("runs that bot on a simulated Mac", () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--test", join(root, "examples/chat-sdk/try.mjs")],
    {
      encoding: "utf8",
    },
  );
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining("# pass 1") });
});

it("has examples in its page that compile, and a test that runs", () => {
  // Inside the package, so that its name leads to the built files.
  const folder = mkdtempSync(join(root, "test/.chat-sdk-"));
  try {
    const examples = [...textOf("docs/chat-sdk.md").matchAll(/^```ts\n(.*?)^```$/gms)];
    const files = examples.map(([, code = ""], index) => {
      const file = join(folder, `example-${index}${code.includes("testing/vitest") ? ".test" : ""}.mts`);
      writeFileSync(file, code);
      return file;
    });
    expect(files.length).toBe(4);
    writeFileSync(
      join(folder, "vitest.config.mjs"),
      'export default { test: { testTimeout: 60_000, include: ["*.test.mts"] } };\n',
    );
    const vitest = spawnSync(
      process.execPath,
      [join(root, "node_modules/vitest/vitest.mjs"), "run", "--root", folder],
      { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
    );
    expect(`${vitest.stdout}${vitest.stderr}`).toMatch(/Tests +1 passed/);
    const types = join(folder, "types.mts");
    writeFileSync(
      types,
      `import type { Adapter } from "chat";
import { createTapbackAdapter, type TapbackAdapter, type TapbackThread } from "tapback/chat-sdk";
import type { FunctionAgent, Gateway } from "tapback";
export const adapter: Adapter<TapbackThread, unknown> = createTapbackAdapter({ gateway: { stateDir: "/tmp/x" }, agentId: "bot" });
export const agent = (tapback: TapbackAdapter): FunctionAgent => tapback.asAgent();
export const gateway = (tapback: TapbackAdapter): Gateway | undefined => tapback.gateway;
// @ts-expect-error a gateway has no such option
createTapbackAdapter({ gateway: { state: "/tmp/x" } });
`,
    );
    const checked = spawnSync(
      process.execPath,
      [
        join(root, "node_modules/typescript-native/bin/tsc"),
        ...["--ignoreConfig", "--strict", "--exactOptionalPropertyTypes", "--noEmit", "--skipLibCheck"],
        ...["--module", "nodenext", "--target", "es2023", "--lib", "es2023", "--types", "node"],
        ...[types, ...files],
      ],
      { cwd: folder, encoding: "utf8" },
    );
    expect(checked.stdout).toBe("");
    expect(checked.status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);

it("is the only part that loads the SDK, and is loaded by nothing else", () => {
  const dist = join(root, "dist");
  const scripts = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.c?js$/.test(file),
  );
  const naming = (what: RegExp) =>
    scripts.filter((file) => what.test(readFileSync(join(dist, file), "utf8")));
  expect(naming(/(?:from|import|import\(|require\()\s*"chat"/)).toEqual(["chat-sdk.js"]);
  expect(naming(/["/]chat-sdk\.js"/)).toEqual([]);
});

it("loads no gateway where that is elsewhere", () => {
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const parts = textOf(`dist/${file}`).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g);
    for (const [, part = ""] of parts) load(part);
  };
  load("chat-sdk.js");
  const weight = [...loaded].reduce((sum, file) => sum + textOf(`dist/${file}`).length, 0);
  expect([...loaded].filter((file) => /^(?:gateway|sqlite|config|app|index)\b/.test(file))).toEqual([]);
  // The adapter, Markdown and handles; a gateway is some megabytes.
  expect(weight).toBeLessThan(200_000);
});
