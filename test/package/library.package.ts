import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSimulator, simulatorProgram } from "../../src/simulator.js";
import { embed, projectWith, wellEmbedded } from "../support/embedded-package.js";
import { pack } from "../support/installed-package.js";
import { removeFolder } from "../support/remove-folder.js";

const root = join(import.meta.dirname, "../..");
const mia = "+15550100123";
const patient = { timeout: 60_000 };
/** A project of a user, away from this repository, with the package as it would be published. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-embedding-"));
  projectWith(pack(folder).tarball, folder);
  // What any project for Node has; the package itself brings no types of others.
  mkdirSync(join(folder, "node_modules/@types"));
  symlinkSync(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node"));
  symlinkSync(join(root, "node_modules/undici-types"), join(folder, "node_modules/undici-types"));
});
afterAll(() => removeFolder(folder));

/** The examples of a page of the manual in a language. */
function examples(page: string, language: string): string[] {
  const text = readFileSync(join(root, "docs", page), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, code = ""]) => code,
  );
}

it("has the types that it promises, and so have the examples of its pages", () => {
  const types = join(folder, "types.mts");
  cpSync(join(root, "test/fixtures/library-types.mts"), types);
  const pages = ["library.md", "imsg.md"].flatMap((page) =>
    examples(page, "ts").map((code, index) => {
      const file = join(folder, `${page}-${index}.mts`);
      writeFileSync(file, code);
      return file;
    }),
  );
  expect(pages.length).toBeGreaterThan(6);
  const checked = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/typescript-native/bin/tsc"),
      ...["--ignoreConfig", "--strict", "--exactOptionalPropertyTypes", "--noEmit", "--module", "nodenext"],
      ...["--target", "es2023", "--lib", "es2023", "--types", "node"],
      types,
      ...pages,
    ],
    { cwd: folder, encoding: "utf8" },
  );
  expect(checked.stdout).toBe("");
  expect(checked.status).toBe(0);
}, 240_000);

it("embeds a gateway, hands an agent that is a program its tools, and lets the process end", async () => {
  const acpAgent = join(root, "dist-test/fixtures/acp-agent.js");
  const runtime = { runtime: process.execPath, node: dirname(process.execPath), acpAgent };
  const { code, found, stderr } = await embed(folder, runtime);
  expect({ code, found, stderr }).toEqual({
    code: 0,
    found: { ...wellEmbedded, tools: ["message", "history", "schedule", "ask"], chats: 2 },
    stderr: "",
  });
}, 120_000);

it("runs its example, which goes on after a kill where it was, and sends once", async () => {
  const home = join(folder, "pizza");
  const world = openSimulator(join(home, "world"));
  mkdirSync(join(home, ".tapback"), { mode: 0o700 });
  const imessage = { cliPath: simulatorProgram(), dmPolicy: "open", allowFrom: ["*"], watchDebounceMs: 20 };
  writeFileSync(join(home, ".tapback/tapback.json5"), JSON.stringify({ channels: { imessage } }));
  cpSync(join(root, "examples/library/pizza.mjs"), join(folder, "pizza.mjs"));
  const { TAPBACK_STATE_DIR: _state, TAPBACK_CONFIG: _config, ...own } = process.env;
  const env = { ...own, HOME: home, IMSG_SIM_HOME: world.folder };
  let said = "";
  let running: ChildProcess | undefined;
  const start = () => {
    said = "";
    running = spawn(process.execPath, [join(folder, "pizza.mjs"), mia], {
      ...{ cwd: folder, env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    running.stdout!.on("data", (chunk) => {
      said += String(chunk);
    });
  };
  const end = async (signal: NodeJS.Signals) => {
    const ended = once(running!, "close");
    running!.kill(signal);
    return (await ended)[0];
  };
  const received = () =>
    world.transcript().flatMap(({ from, text }) => (from === "me" ? [text.split("\n", 1)[0]!] : []));
  try {
    start();
    await expect.poll(() => said, patient).toContain("owner: stored");
    world.say({ from: mia, text: "Pizza, please" });
    await expect.poll(received, patient).toEqual(["The oven is hot.", "Which pizza?"]);
    await end("SIGKILL");
    world.say({ from: mia, text: "2" });
    start();
    await expect.poll(() => said, patient).toContain("owner: stored");
    const funghi = "Your Funghi is in the oven. That is pizza number 1.";
    await expect.poll(received, patient).toEqual(["The oven is hot.", "Which pizza?", funghi]);
    await expect.poll(() => said, patient).toContain("turn of main: done");
    expect(await end("SIGTERM")).toBe(0);
  } finally {
    running?.kill("SIGKILL");
    world.close();
  }
}, 240_000);
