import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type FakeModels, startFakeModels } from "../support/fake-models.js";
import { pack, unpackGlobally } from "../support/installed-package.js";
import { python } from "../support/python.js";
import { removeFolder } from "../support/remove-folder.js";

const root = join(import.meta.dirname, "../..");
const terminal = join(root, "test/fixtures/terminal.py");
const mia = "+15550100123";
const key = "sk-played-0123456789";
let folder: string;
let home: string;
let models: FakeModels;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-first-answer-"));
  mkdirSync(join(folder, "tools"));
  symlinkSync(process.execPath, join(folder, "tools/node"));
  unpackGlobally(pack(folder).tarball, join(folder, "installed"));
});
afterAll(() => removeFolder(folder));

beforeEach(async () => {
  home = mkdtempSync(join(folder, "home-"));
  models = await startFakeModels();
  models.key = key;
  models.answer = ({ raw }) => ({
    text: raw.includes("Say hello") ? "Hello, nice to meet you." : "You have mail.",
  });
});
afterEach(() => models.close());

/** Node and what was installed are found, no more: neither agents of this machine nor its keys. */
const environment = () => {
  const bin = join(folder, "installed/bin");
  return {
    HOME: home,
    PATH: `${bin}:${join(folder, "tools")}`,
    IMSG_SIM_HOME: home,
    TERM: "xterm-256color",
    NO_COLOR: "1",
  };
};

interface Step {
  see: string;
  type?: string;
  run?: string[];
}

/** A person at a terminal. Async, for the model answers from this process. */
async function play(steps: Step[], ...words: string[]) {
  const { PATH } = environment();
  const command = ["env", `PATH=${PATH}`, join(folder, "installed/bin/tapback"), ...words];
  const { stdout } = await promisify(execFile)(python, [terminal, JSON.stringify(steps), ...command], {
    env: { ...environment(), PATH: process.env.PATH },
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout) as { output: string; code: number; missed: string | null };
}

async function tapback(words: string[], input = "") {
  const ran = promisify(execFile)(join(folder, "installed/bin/tapback"), words, { env: environment() });
  ran.child.stdin!.end(input);
  return ran.catch((error: { code: number; stdout: string; stderr: string }) => error) as Promise<{
    code?: number;
    stdout: string;
    stderr: string;
  }>;
}

/** What the terminal shows in the end, without the frames between, colours and what is of this one run. */
function screen(output: string): string[] {
  return output
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "")
    .split(/\r?\n/)
    .map((line) => line.split("\r").at(-1)!.trimEnd());
}

it("goes from the installed package to the first answer with one command and four questions, as the manual shows it", async () => {
  const sim = join(folder, "installed/bin/imsg-sim");
  const steps = [
    // Anthropic stands first, OpenAI second.
    { see: "Who answers\\?", type: "\u001b[B\r" },
    { see: "Your key of OpenAI", type: "sk-wrong-0123456789\r" },
    { see: "refused the key[\\s\\S]*Your key of OpenAI", type: `${key}\r` },
    { see: "Whose Messages account", type: "\r" },
    { see: "let yourself in with one text", type: "\r" },
    {
      see: "let in as the owner:\\s+(\\S+ \\S+ \\S+ \\S+)[\\s\\S]*connected to Messages",
      run: [sim, "say", "--from", mia, "--text", "{1}"],
    },
    { see: "Let in \\+15550100123", run: [sim, "say", "--from", mia, "--text", "Is there any mail?"] },
    { see: "Answered.* your first message", type: "\u0003" },
  ];
  const { output, code, missed } = await play(
    steps,
    "init",
    "--cli-path",
    "imsg-sim",
    "--base-url",
    models.baseUrl,
  );
  expect({ code, missed }).toEqual({ code: 0, missed: null });
  // It is asked for in what a person reads once, and never shown.
  expect(output).not.toContain(key);
  const env = join(home, ".tapback/env");
  expect(statSync(env).mode & 0o777).toBe(0o600);
  expect(readFileSync(env, "utf8")).toBe(`OPENAI_API_KEY='${key}'\n`);
  expect(readFileSync(join(home, ".tapback/tapback.json5"), "utf8")).not.toContain(key);
  const { stdout } = await promisify(execFile)(sim, ["transcript"], { env: environment() });
  expect(stdout).toContain("You have mail.");
  const shown = screen(output);
  for (const line of printedLines())
    expect(
      shown.some((each) => each.includes(line)),
      line,
    ).toBe(true);
});

/** What the manual prints of that terminal, without what differs from run to run: times, the phrase, and what `…` stands for. */
function printedLines(): string[] {
  const page = readFileSync(join(root, "docs/first-answer.md"), "utf8");
  const [, block] = /```text\n([\s\S]*?)```/.exec(page)!;
  return block!
    .split("\n")
    .filter((line) => !/^\$|^ +(\w+ ?){4}$/.test(line))
    .map((line) =>
      line
        .replace(/^[\d:]{8} /, "")
        .replace(/(?<=\w.*) …$/, "")
        .trim(),
    )
    .filter((line) => line !== "");
}

it("does the same by options, and asks nothing", async () => {
  const words = [
    "init",
    "--yes",
    "--json",
    "--cli-path",
    "imsg-sim",
    "--model",
    "house/m",
    "--base-url",
    models.baseUrl,
  ];
  const done = await tapback([...words, "--key-stdin"], `${key}\n`);
  expect(JSON.parse(done.stdout)).toEqual({
    path: join(home, ".tapback/tapback.json5"),
    answer: "Hello, nice to meet you.",
  });
  expect(readFileSync(join(home, ".tapback/env"), "utf8")).toBe(`HOUSE_API_KEY='${key}'\n`);
  const ready = await tapback(["agents", "doctor", "--json"]);
  expect(JSON.parse(ready.stdout)).toMatchObject([{ id: "main", ok: true }]);
  writeFileSync(join(home, ".tapback/env"), "HOUSE_API_KEY=sk-wrong-0123456789\n");
  const refused = await tapback(["doctor"]);
  expect(refused.stdout).toMatch(/^fail +agent\/main: house\/m refused the key/m);
});

it("says what is wrong when the agent gives no first answer, and ends so", async () => {
  const words = [
    "init",
    "--yes",
    "--cli-path",
    "imsg-sim",
    "--model",
    "house/m",
    "--base-url",
    models.baseUrl,
  ];
  const done = await tapback([...words, "--key-stdin"], "sk-wrong-0123456789");
  expect(done.code).toBe(1);
  expect(done.stderr).toContain("refused the key");
  expect(done.stdout).toContain("The configuration is written");
  expect(await tapback([...words, "--force", "--no-try"])).not.toHaveProperty("code");
});

it.each([
  [["--model", "nowhere/m"]],
  [["--model", "m"]],
  [["--model", "openai/m", "--acp", "codex"]],
  [["--key-stdin"]],
  [["--acp", "nobody"]],
])("refuses %j", async (words) => {
  expect(await tapback(["init", "--yes", ...words], "k")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("[USAGE]"),
  });
});
