import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { LlmSettings } from "../../../src/agents/definition.js";
import { createAgent } from "../../../src/agents/index.js";
import { systemClock } from "../../../src/platform/index.js";
import { fakeMessage, fakeTurn, runTurn } from "../../support/agent-turn.js";
import {
  type FakeModels,
  type FakeReply,
  type FakeRequest,
  startFakeModels,
} from "../../support/fake-models.js";

let server: FakeModels;
let folder: string;
beforeAll(async () => {
  server = await startFakeModels();
  folder = mkdtempSync(join(tmpdir(), "tapback-pictures-"));
  writeFileSync(join(folder, "a.png"), Buffer.from("iVBORw0KGgo=", "base64"));
});
beforeEach(() => {
  server.requests.length = 0;
  server.script.length = 0;
  server.answer = () => ({ text: "Hello from the model" });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function agentOf(settings: Partial<LlmSettings> = {}, images: Record<string, boolean> = {}) {
  const { baseUrl } = server;
  return createAgent(
    { id: "main", workspace: tmpdir(), runtime: { type: "llm", model: "house/gpt-4o", ...settings } },
    {
      ...{ env: {}, home: "/", clock: systemClock, random: () => 0, zone: "UTC" },
      providers: { house: { baseUrl, images }, other: { baseUrl, headers: { "x-other": "1" } } },
    },
  );
}

const withPicture = (sessionKey = "s", session?: unknown) => {
  const attachments = [{ path: join(folder, "a.png"), name: "a.png", mimeType: "image/png", bytes: 8 }];
  return fakeTurn("look", {
    session,
    envelope: { sessionKey, messages: [fakeMessage("look", { attachments })] },
  });
};
const words = (text: string, session: unknown, sessionKey = "s") =>
  fakeTurn(text, { session, envelope: { sessionKey } });
const hasPicture = ({ raw }: { raw: string }) => raw.includes("data:image/png;base64,iVBORw0KGgo=");
const pictures = () => server.requests.map(hasPicture);
/** A server that refuses pictures in one of the ways that there are. */
const refusing =
  (refusal: FakeReply) =>
  (request: FakeRequest): FakeReply =>
    hasPicture(request) ? refusal : { text: "In words." };

it("gives pictures to models that take them, and keeps them out of the transcript", async () => {
  const ran = await runTurn(await agentOf(), withPicture());
  expect(pictures()).toEqual([true]);
  expect(JSON.stringify(ran.session)).not.toMatch(/iVBORw0KGgo/);
  expect(JSON.stringify(ran.session)).toMatch(/a\.png/);
  expect(ran.notes).toEqual([]);
});

it("says where pictures are not shown", async () => {
  const ran = await runTurn(await agentOf({ model: "house/m" }), withPicture());
  expect(pictures()).toEqual([false]);
  expect(ran.notes).toEqual([
    "pictures are not shown: house/m takes none, by its name or by models.providers.house.images",
  ]);
});

it("believes the configuration rather than a model's name", async () => {
  const images = { m: true, "gpt-4o": false };
  await runTurn(await agentOf({ model: "house/m" }, images), withPicture());
  await runTurn(await agentOf({}, images), withPicture());
  expect(pictures()).toEqual([true, false]);
});

it.each<[string, FakeReply]>([
  ["OpenAI", { status: 400, body: '{"error":{"message":"image_url is only supported by certain models."}}' }],
  ["vLLM", { status: 400, body: '{"message":"m is not a multimodal model"}' }],
  [
    "OpenRouter",
    { status: 404, body: '{"error":{"message":"No endpoints found that support image input"}}' },
  ],
  ["llama.cpp", { status: 500, body: '{"error":{"message":"image input is not supported - hint: …"}}' }],
  ["Ollama", { status: 500, body: '{"error":"this model is missing data required for image input"}' }],
])(
  "asks once more in words where pictures are refused, in this turn and the next: %s",
  async (_who, refusal) => {
    server.answer = refusing(refusal);
    server.script.push(refusal, { text: "A moment.", tools: [{ name: "schedule", input: { do: "list" } }] });
    const agent = await agentOf();
    const first = await runTurn(agent, withPicture());
    expect(first.text).toBe("A moment.\n\nIn words.");
    expect(first.notes).toContain("house/gpt-4o is asked once more, without pictures");
    const second = await runTurn(agent, words("Remind me to call Ben", first.session));
    expect(second).toMatchObject({ text: "In words.", notes: [] });
    expect(pictures()).toEqual([true, false, false, false]);
  },
);

it("keeps the pictures of other sessions in view", async () => {
  const agent = await agentOf();
  const { session } = await runTurn(agent, withPicture("neighbour"));
  server.script.push({ status: 400 });
  await runTurn(agent, withPicture("s"));
  await runTurn(agent, words("what is on it?", session, "neighbour"));
  expect(pictures()).toEqual([true, true, false, true]);
});

it("fails with what ails the request where words alone are refused, too", async () => {
  server.answer = () => ({ status: 400 });
  await expect(runTurn(await agentOf(), withPicture())).rejects.toMatchObject({ code: "MODEL_REQUEST" });
  expect(pictures()).toEqual([true, false]);
});

it.each([
  ["by its name", "other/qwen3", [true, false]],
  ["as it says itself", "other/qwen2.5vl", [true, true, false]],
])(
  "asks a fallback in words that takes no pictures, %s, and keeps them for the first",
  async (_how, other, seen) => {
    const agent = await agentOf({ fallbackModels: [other] });
    const blind = refusing({ status: 400 });
    const isOther = ({ headers }: FakeRequest) => headers["x-other"] !== undefined;
    const overloaded = { status: 529, headers: { "retry-after": "120" } };
    server.answer = (request) => (isOther(request) ? blind(request) : overloaded);
    const first = await runTurn(agent, withPicture());
    expect(first.text).toBe("In words.");
    expect(pictures()).toEqual(seen);
    server.answer = () => ({ text: "A cat." });
    await runTurn(agent, words("what is on it?", first.session));
    expect(pictures().at(-1)).toBe(true);
  },
);
