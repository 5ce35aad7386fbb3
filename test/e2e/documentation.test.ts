import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.js";
import { commandAsProgram, commandHere } from "../support/command-here.js";

const root = join(import.meta.dirname, "../..");
const examples = join(root, "examples/agents");
const pages = [
  join(root, "README.md"),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(root, "docs", name)),
];

describe("the manual", () => {
  it.each(pages.map((page) => [page.slice(root.length + 1), page]))(
    "%s prints configurations that are valid",
    async (_, page) => {
      for (const source of configurations(readFileSync(page, "utf8"))) {
        const parsed = await parseConfig(source, { TAPBACK_SECRET: "s" });
        expect(parsed.ok ? [] : parsed.error, source).toEqual([]);
      }
    },
  );
});

/** Blocks of JSON5 that are a whole configuration, or one agent of it. */
function configurations(page: string): string[] {
  return [...page.matchAll(/```json5\n([\s\S]*?)```/g)].flatMap(([, block]) => {
    if (/^\{ id:/.test(block!)) return [`{ agents: { list: [${block}] } }`];
    return /^\{\n? *(\/\/.*\n *)?(channels|agents|models|gateway|bindings|session)\b/.test(block!)
      ? [block!]
      : [];
  });
}

describe("the examples", () => {
  const secret = "shared";
  let folder: string;
  let service: ChildProcess;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tapback-examples-"));
    service = spawn(process.execPath, [join(examples, "web-service.mjs")], {
      env: { ...process.env, PORT: "0", TAPBACK_SECRET: secret },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(service.stdout!, "data")) as [Buffer];
    const port = /\d+/.exec(String(line))![0];
    const python = (name: string) => ({
      type: "command",
      command: "python3",
      args: [join(examples, name)],
    });
    url = `http://127.0.0.1:${port}/`;
    const list = [
      { id: "answer", runtime: python("answer.py") },
      { id: "react", runtime: { ...python("react.py"), output: "jsonl" } },
      { id: "web", runtime: { type: "http", url, secret } },
      { id: "forger", runtime: { type: "http", url, secret: "another" } },
    ];
    writeFileSync(join(folder, "tapback.json5"), JSON.stringify({ agents: { list } }));
  });
  afterAll(() => {
    service.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const program: typeof commandHere = (words, env) =>
    commandAsProgram(join(root, "dist/cli/main.js"), words, env);
  const ask = (id: string, run = commandHere) =>
    run(["agents", "try", id, "hello there"], {
      ...process.env,
      TAPBACK_CONFIG: join(folder, "tapback.json5"),
      TAPBACK_STATE_DIR: join(folder, "state"),
    });

  it.each([
    ["answer", "you wrote 2 words."],
    ["react", "I would love it, but: there is no conversation"],
    ["web", "You wrote: hello there"],
  ])("%s answers", async (id, answer) => {
    expect(await ask(id)).toMatchObject({ code: 0, stdout: expect.stringContaining(answer) });
  });

  it("takes no request twice, and serves nobody without a secret", async () => {
    const body = '{"messages":[{"text":"hello"}]}';
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
    const headers = { "x-tapback-timestamp": timestamp, "x-tapback-signature": `sha256=${signature}` };
    const post = async () => (await fetch(url, { method: "POST", headers, body })).status;
    expect(await post()).toBe(200);
    expect(await post()).toBe(401);
    const open = spawn(process.execPath, [join(examples, "web-service.mjs")], {
      env: { ...process.env, PORT: "0", TAPBACK_SECRET: "" },
      stdio: "ignore",
    });
    expect(await once(open, "exit")).toEqual([1, null]);
  });

  it("refuses a request that is signed with another secret", async () => {
    const { code, stderr } = await ask("forger", program);
    expect([code, stderr]).toEqual([1, expect.stringContaining("401")]);
  });
});
