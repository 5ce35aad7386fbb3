import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";
import { type FakeModels, type FakeRequest, startFakeModels } from "../../support/fake-models.js";

let models: FakeModels;
beforeAll(async () => {
  models = await startFakeModels();
});
beforeEach(() => {
  models.requests.length = 0;
  models.answer = () => ({ text: "Hello from the model" });
});
afterAll(() => models.close());

const stranger = "+15550100003";

/** The built-in agent with a model of the fake server behind it, in a whole gateway on a Mac that can do everything. */
async function start(api: string, imessage: Record<string, unknown> = {}): Promise<AcpHouse> {
  const house = new AcpHouse({ version: "0.14.0", bridge: true });
  await house.configure({
    imessage,
    more: {
      agents: { list: [{ id: "main", runtime: { type: "llm", model: "fake/m" } }] },
      models: { providers: { fake: { api, baseUrl: models.baseUrl, apiKey: "k-1" } } },
    },
  });
  await house.house.startHere();
  return house;
}

/** The short id of the message that the model was given last. */
const sidIn = ({ raw }: FakeRequest) => [...raw.matchAll(/ id=\\"([^"\\]+)\\"/g)].at(-1)?.[1];
const answered = ({ raw }: FakeRequest) => /"role":"tool"|tool_result/.test(raw);

describe.each(["openai-completions", "anthropic-messages"])("the built-in agent over %s", (api) => {
  let house: AcpHouse;
  beforeAll(async () => {
    house = await start(api);
  });
  afterAll(() => house.close());

  it("converses, and knows after a restart what was said, to each person their own", async () => {
    expect(await house.ask("the word is walrus")).toBe("Hello from the model");
    expect(await house.ask("and I am somebody else", guest)).toBe("Hello from the model");
    await house.house.stopHere();
    await house.house.startHere();
    models.answer = () => ({ text: "It was\n\n**walrus**, I think." });
    expect(await house.ask("which word?")).toBe("It was\n\nwalrus, I think.");
    const { raw } = models.requests.at(-1)!;
    expect(raw).toMatch(/the word is walrus.*Hello from the model.*which word\?/s);
    expect(raw).not.toContain("somebody else");
    expect(await house.ask("/new")).toBe("Done. We start afresh.");
    await house.ask("and now?");
    expect(models.requests.at(-1)!.raw).not.toContain("walrus");
  });

  it("uses its tools on the conversation: a tapback, the past, and a message later", async () => {
    await house.ask("I like otters", guest);
    // All that a Mac can offer is on offer, and costs little (target of the benchmark: 4 KB, and what it costs to ask people).
    const [{ raw }] = models.requests as [FakeRequest];
    expect(raw).toMatch(/react\(.*sendWithEffect\(/);
    expect(Buffer.byteLength(raw)).toBeLessThan(4096 + 512);
    models.answer = (request) =>
      answered(request)
        ? { text: "Done." }
        : {
            text: "One moment.",
            tools: [
              { name: "message", input: { action: "react", messageId: sidIn(request), emoji: "love" } },
              { name: "history", input: { query: "otters" } },
              { name: "schedule", input: { do: "add", text: "Now!", inMinutes: 0.02 } },
            ],
          };
    house.house.mac.say(guest, "love it, look back, and tell me later");
    await house.sees("Now!", guest);
    const texts = house.house.textsTo(guest);
    expect(texts).toContainEqual(expect.stringMatching(/^Loved .*love it, look back/));
    expect(texts.filter((text) => text === "One moment.\n\nDone.")).toHaveLength(1);
    const results = models.requests.at(-1)!.raw;
    expect(results).toMatch(/I like otters.*love it, look back.*I like otters/s);
    expect(results).not.toContain("is_error");
  });

  it("answers once and whole when the connection breaks in mid-stream", async () => {
    const half = "half of an answer that is long enough";
    models.script.push({ text: half, cut: "rst" }, { text: half, cut: "end" }, { text: "the whole answer" });
    expect(await house.ask("tell me", stranger)).toBe("the whole answer");
    await house.house.settled();
    expect(house.house.textsTo(stranger)).toHaveLength(1);
    expect(models.requests).toHaveLength(3);
    const { stdout } = await house.house.tapback(["explain", "last", "--json"]);
    expect(stdout).toMatch(/MODEL_NETWORK.*MODEL_CUT/s);
    expect(JSON.parse(stdout)).toMatchObject({ turn: { state: "done" } });
  });
});

it("sends blocks as they are done, and no half of a step that fails", async () => {
  const house = await start("openai-completions", { streaming: "block" });
  try {
    models.script.push(
      { text: "Let me look.", tools: [{ name: "history", input: {} }] },
      { status: 401, body: '{"error":{"message":"SECRET"}}' },
    );
    house.house.mac.say(owner, "look");
    await house.sees("MODEL_KEY");
    await house.house.settled();
    // An owner reads the cause in the answer itself.
    const [first, ...others] = house.house.textsTo(owner);
    expect(first).toBe("Let me look.");
    expect(others).toEqual([expect.stringContaining("got no answer from main")]);
  } finally {
    await house.close();
  }
});
