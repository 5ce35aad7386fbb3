import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeModels, startFakeModels } from "../../../test/support/fake-models.js";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { parseConfig } from "../../config/index.js";
import { proofOf } from "./proof.js";

const acpAgent = join(import.meta.dirname, "../../../test/fixtures/acp-agent.mjs");
const enough = 60_000;
let folder: string;
let models: FakeModels;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapback-proof-"));
  models = await startFakeModels();
});
afterAll(async () => {
  await models.close();
  await removeFolder(folder);
});

async function prove(
  agent: object,
  env: Record<string, string> = {},
  limitMs = enough,
  program?: () => { command: string; args: string[] },
) {
  const providers = { house: { baseUrl: models.baseUrl, apiKey: "good-key-0123" } };
  const source = JSON.stringify({ agents: { list: [{ id: "main", ...agent }] }, models: { providers } });
  const parsed = await parseConfig(source, {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const place = { env: { ...process.env, ...env }, home: folder, stateDir: join(folder, "state"), program };
  return proofOf({ id: "main" }, parsed.value.config, place, limitMs);
}

describe("an ACP agent", () => {
  const acp = (mode = "", more: object = {}) => ({
    runtime: {
      type: "acp",
      acp: { command: process.execPath, args: [acpAgent], env: { ACP_MODE: mode }, ...more },
    },
  });

  it("is ready when it has opened a session", async () => {
    expect(await prove(acp())).toMatchObject({
      ok: true,
      detail: expect.stringContaining("opened a session"),
    });
  });

  it("is ready with the gateway's tools when it has asked for them", async () => {
    const server = `
      const lines = require("readline").createInterface({ input: process.stdin });
      lines.on("line", (line) => {
        const { id, method } = JSON.parse(line);
        if (method === "tools/list") require("fs").writeFileSync(process.argv.at(-1), "");
        if (id) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: { tools: [] } }));
      });`;
    const program = () => ({ command: process.execPath, args: ["-e", server] });
    expect(await prove(acp(), {}, enough, program)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/asked for Tapback's tools$/),
    });
  });

  it("is not when it is not logged in, and says so in its own words", async () => {
    expect(await prove(acp("login"))).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/asks for a login: .*Authentication required/i),
      remedy: expect.stringContaining("log in"),
    });
  });

  it("is not when it ends, and what it said last is told", async () => {
    const dying = acp("", { args: ["-e", "console.error('no such licence'); process.exit(7)"] });
    expect(await prove(dying)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/exit code 7.*no such licence/),
      remedy: expect.stringContaining("Run it by hand"),
    });
  });

  it("is not when it does not answer in time", async () => {
    expect(await prove(acp("silent"), {}, 1500)).toMatchObject({
      ok: false,
      detail: expect.stringContaining("not ready within"),
      remedy: expect.stringContaining("agents doctor main"),
    });
  });

  it("is not where its program is missing, with how to get it", async () => {
    const known = { runtime: { type: "acp", acp: { agent: "copilot" } } };
    expect(await prove(known, { PATH: folder })).toMatchObject({
      ok: false,
      detail: expect.stringContaining("copilot"),
      remedy: "npm install -g @github/copilot",
    });
  });
});

describe("a model", () => {
  it("is ready when its endpoint took the key, whoever may see the list of models", async () => {
    models.key = "good-key-0123";
    expect(await prove({ model: "house/m" })).toEqual({
      ok: true,
      detail: `house/m at ${models.baseUrl}, the key is good`,
    });
    models.key = "another-key-0123";
    const refused = await prove({ model: "house/m" });
    expect(refused).toMatchObject({ ok: false, detail: expect.stringContaining("refused the key: ") });
    expect(refused.detail).toContain("Incorrect API key");
    delete models.key;
  });

  it("is asked nothing where the list says all there is to know", async () => {
    models.requests.splice(0);
    const runtime = { type: "llm", model: "ollama/m" };
    const parsed = await parseConfig(
      JSON.stringify({
        agents: { list: [{ id: "main", runtime }] },
        models: { providers: { ollama: { baseUrl: models.baseUrl } } },
      }),
      {},
    );
    if (!parsed.ok) throw new Error("invalid");
    const place = { env: {}, home: folder, stateDir: join(folder, "state") };
    const proof = await proofOf({ id: "main" }, parsed.value.config, place, enough);
    expect({ proof, asked: models.requests.length }).toEqual({
      proof: { ok: true, detail: `ollama/m at ${models.baseUrl}` },
      asked: 0,
    });
  });

  it("is not when the endpoint does not know it, and those that it has are named", async () => {
    models.offered = ["small", "large"];
    models.script.push({ status: 404, body: '{"error":{"message":"no such model"}}' });
    expect(await prove({ model: "house/m" })).toMatchObject({
      ok: false,
      detail: expect.stringContaining("does not know the model"),
      remedy: "It has small, large.",
    });
    models.offered = ["m"];
  });

  it("is not without a key, nor where nothing answers", async () => {
    expect(await prove({ model: "anthropic/claude" }, { ANTHROPIC_API_KEY: "" })).toMatchObject({
      ok: false,
      remedy: expect.stringContaining("tapback secrets set ANTHROPIC_API_KEY"),
    });
    const closed = await startFakeModels();
    await closed.close();
    const { baseUrl } = models;
    models.baseUrl = closed.baseUrl;
    expect(await prove({ model: "house/m" })).toMatchObject({
      ok: false,
      detail: expect.stringContaining("cannot be reached"),
    });
    models.baseUrl = baseUrl;
  });
});

it("a web service is ready when it answers anything at all", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push([request.method, request.headers.authorization].join(" "));
    response.writeHead(405).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await prove({ runtime: { type: "http", url } })).toMatchObject({ ok: true });
  const named = url.replace("//", "//ann:s3cret@");
  expect(await prove({ runtime: { type: "http", url: named } })).toMatchObject({ ok: true });
  expect(asked).toEqual(["HEAD ", `HEAD Basic ${Buffer.from("ann:s3cret").toString("base64")}`]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await prove({ runtime: { type: "http", url } })).toMatchObject({
    ok: false,
    detail: expect.stringContaining("cannot be reached"),
  });
});

it("a program is ready when it may be run in its folder; it is not started", async () => {
  expect(await prove({ runtime: { type: "command", command: "sh" } })).toMatchObject({ ok: true });
  for (const runtime of [
    { type: "command", command: "no-such-program" },
    { type: "command", command: "sh", cwd: "/no/such/folder" },
  ])
    expect(await prove({ runtime })).toMatchObject({ ok: false, remedy: expect.any(String) });
});

it("a program is looked for in the PATH that it is started with", async () => {
  writeFileSync(join(folder, "own-answer"), "", { mode: 0o755 });
  const command = { type: "command", command: "own-answer" };
  expect(await prove({ runtime: { ...command, env: { PATH: folder } } })).toEqual({
    ok: true,
    detail: `starts ${join(folder, "own-answer")}`,
  });
  expect(await prove({ runtime: command })).toMatchObject({ ok: false, code: "AGENT_NOT_FOUND" });
  const elsewhere = { type: "command", command: "sh", env: { PATH: folder } };
  expect(await prove({ runtime: elsewhere })).toMatchObject({ ok: false, code: "AGENT_NOT_FOUND" });
});
