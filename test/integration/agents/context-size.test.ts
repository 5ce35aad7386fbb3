import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAgent } from "../../../src/agents/index.js";
import { contextSizeOf } from "../../../src/agents/llm/context-size.js";
import type { ModelEndpoint } from "../../../src/agents/llm/endpoints.js";
import { systemClock } from "../../../src/platform/index.js";
import { fakeTurn, runTurn } from "../../support/agent-turn.js";
import { type FakeModels, startFakeModels } from "../../support/fake-models.js";

let server: FakeModels;
beforeAll(async () => {
  server = await startFakeModels();
});
beforeEach(() => {
  server.requests.length = 0;
  server.asked.length = 0;
  server.told = {};
  server.answer = () => ({ text: "ok" });
});
afterAll(() => server.close());

const endpoint = (more: Partial<ModelEndpoint> = {}): ModelEndpoint => ({
  ref: "house/m",
  provider: "house",
  model: "m",
  api: "openai-completions",
  baseUrl: server.baseUrl,
  headers: {},
  images: false,
  ...more,
});
const list = (entry: object) => ({
  data: [
    { id: "other", context_length: 999 },
    { id: "m", ...entry },
  ],
});

describe("what endpoints tell of a model's size", () => {
  it.each<[string, Record<string, unknown>, number | undefined]>([
    ["OpenRouter", { "/v1/models": list({ context_length: 131072 }) }, 131072],
    [
      "OpenRouter, whose best provider takes less",
      { "/v1/models": list({ context_length: 131072, top_provider: { context_length: 32768 } }) },
      32768,
    ],
    ["vLLM", { "/v1/models": list({ max_model_len: 8192 }) }, 8192],
    ["Groq", { "/v1/models": list({ context_window: 16384 }) }, 16384],
    ["LM Studio", { "/api/v0/models": list({ max_context_length: 32768 }) }, 32768],
    [
      "LM Studio, loaded with less",
      { "/api/v0/models": list({ max_context_length: 32768, loaded_context_length: 4096 }) },
      4096,
    ],
    [
      "Ollama, loaded",
      {
        "/api/ps": { models: [{ model: "m", context_length: 4096 }] },
        "/api/show": { model_info: { "llama.context_length": 131072 } },
      },
      4096,
    ],
    [
      "Ollama, loaded, named without its tag",
      {
        "/v1/models": { data: [{ id: "m:latest" }] },
        "/api/ps": {
          models: [
            { model: "m:8b", context_length: 999 },
            { model: "m:latest", context_length: 4096 },
          ],
        },
        "/api/show": { model_info: { "llama.context_length": 131072 } },
      },
      4096,
    ],
    [
      "Ollama, set for the model",
      {
        "/api/show": {
          parameters: 'stop "<|x|>"\nnum_ctx                        8192',
          model_info: { "llama.context_length": 131072 },
        },
      },
      8192,
    ],
    [
      "Ollama, what the model could take",
      { "/api/show": { model_info: { "general.architecture": "llama", "llama.context_length": 131072 } } },
      131072,
    ],
    [
      "a list with nonsense",
      { "/v1/models": list({ context_length: -1, max_model_len: "8192" }) },
      undefined,
    ],
    ["a list that is none", { "/v1/models": { data: { m: 1 } }, "/api/v0/models": [null] }, undefined],
    ["nobody", {}, undefined],
  ])("%s", async (_who, told, size) => {
    server.told = told;
    expect(await contextSizeOf(endpoint(), systemClock)).toBe(size);
  });

  it("takes no other tag than the one that is named", async () => {
    server.told = { "/api/ps": { models: [{ model: "m:latest", context_length: 4096 }] } };
    expect(await contextSizeOf(endpoint({ model: "m:8b" }), systemClock)).toBeUndefined();
  });

  it("Anthropic", async () => {
    server.told = { "/v1/models/m%2F1": { id: "m/1", max_input_tokens: 200000 } };
    const size = await contextSizeOf(endpoint({ api: "anthropic-messages", model: "m/1" }), systemClock);
    expect(size).toBe(200000);
    expect(server.asked).toEqual(["/v1/models/m%2F1"]);
  });

  it("is given up where nothing is answered, and where the answer has no end", async () => {
    const slow = createServer(() => {});
    const endless = createServer((_, response) => {
      const write = () => {
        while (response.write(" ".repeat(65_536)));
      };
      response.on("drain", write);
      write();
    });
    for (const each of [slow, endless]) {
      await new Promise<void>((resolve) => each.listen(0, "127.0.0.1", resolve));
      const baseUrl = `http://127.0.0.1:${(each.address() as AddressInfo).port}/v1`;
      const timers: number[] = [];
      const clock = {
        ...systemClock,
        after: (ms: number, act: () => void) => {
          timers.push(ms);
          return systemClock.after(each === slow ? 50 : ms, act);
        },
      };
      expect(await contextSizeOf(endpoint({ baseUrl }), clock)).toBeUndefined();
      expect(timers).toEqual([5000]);
      each.closeAllConnections();
      await new Promise((resolve) => each.close(resolve));
    }
  });
});

describe("an agent whose endpoint tells its size", () => {
  const agentOf = (settings: object = {}) =>
    createAgent(
      { id: "main", workspace: tmpdir(), runtime: { type: "llm", model: "house/m", ...settings } },
      {
        env: {},
        home: "/",
        clock: systemClock,
        random: () => 0,
        zone: "UTC",
        providers: { house: { baseUrl: server.baseUrl } },
      },
    );
  const isSummary = ({ raw }: { raw: string }) => raw.includes("keep the memory");

  it("sends it no more than it takes, summaries too, and asks it once", async () => {
    server.told = { "/v1/models": list({ max_model_len: 4096 }) };
    server.answer = (request) => ({ text: isSummary(request) ? "Mia likes tea." : "ok" });
    const agent = await agentOf();
    let session: unknown;
    for (let turn = 0; turn < 12; turn++)
      session = (await runTurn(agent, fakeTurn(`message ${turn} ${"word ".repeat(500)}`, { session })))
        .session;
    // Four and a half bytes for a token is the most that is ever assumed, and a quarter is for the answer.
    const most = Math.max(...server.requests.map(({ body }) => JSON.stringify(body.messages).length));
    expect(most).toBeLessThan(4096 * 0.75 * 4.5);
    expect(server.requests.some(isSummary)).toBe(true);
    expect(JSON.stringify(session)).toMatch(/Mia likes tea\./);
    expect(JSON.stringify(session)).toMatch(/message 11/);
    expect(server.asked).toEqual(["/v1/models"]);
  });

  it("summarises no more than it takes", async () => {
    server.told = { "/v1/models": list({ max_model_len: 4096 }) };
    const said = (text: string) => [
      { role: "user", content: [{ type: "text", text }] },
      { role: "assistant", content: [{ type: "text", text: "ok" }] },
    ];
    const session = { llm: 1, turns: [said("the oldest ".repeat(3000)), said("short")] };
    const ran = await runTurn(await agentOf(), fakeTurn("and now?", { session }));
    expect(ran.text).toBe("ok");
    const summary = server.requests.find(isSummary)!;
    expect(summary.raw.length).toBeGreaterThan(4000);
    expect(summary.raw.length).toBeLessThan(4096 * 0.75 * 4.5);
  });

  it("believes what it counted of the last request", async () => {
    server.told = { "/v1/models": list({ max_model_len: 4096 }) };
    const agent = await agentOf();
    // 100 tokens are counted: four and a half bytes for a token, where three are assumed before.
    const { session } = await runTurn(agent, fakeTurn("the first"));
    const long = "word ".repeat(1900);
    await runTurn(agent, fakeTurn(long, { session }));
    expect(server.requests.some(isSummary)).toBe(false);
    await runTurn(await agentOf(), fakeTurn(long, { session }));
    expect(server.requests.some(isSummary)).toBe(true);
  });

  it("shortens a tool's result before the model has to refuse it", async () => {
    server.told = { "/v1/models": list({ max_model_len: 2048 }) };
    const look = { name: "history", input: {} };
    server.script.push({ tools: [look, look] });
    const turn = fakeTurn("what was said?");
    turn.history = {
      recent: async () =>
        Array.from({ length: 20 }, () => ({
          ...{ sender: "Mia", text: "All of what was said. ".repeat(12), sentAt: "2026-05-08T10:00:00Z" },
        })),
      search: async () => [],
    };
    const ran = await runTurn(await agentOf(), turn);
    expect(ran.text).toBe("ok");
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]!.raw).toMatch(/\[shortened\]/);
    expect(ran.notes.join()).toMatch(/results of tools were shortened/);
  });

  it("keeps more of the past than characters alone would allow, where the model takes more", async () => {
    server.told = { "/v1/models": list({ context_length: 200_000 }) };
    const agent = await agentOf();
    let session: unknown;
    for (let turn = 0; turn < 6; turn++)
      session = (await runTurn(agent, fakeTurn(`message ${turn} ${"word ".repeat(4400)}`, { session })))
        .session;
    expect(JSON.stringify(session).length).toBeGreaterThan(120_000);
    expect(server.requests.some(isSummary)).toBe(false);
  });
});
