import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Agent } from "../../../src/agents/index.js";
import { createAgent } from "../../../src/agents/index.js";
import { systemClock } from "../../../src/platform/index.js";
import { acpLab } from "../../support/acp-lab.js";
import { fakeTurn, type Ran, runTurn } from "../../support/agent-turn.js";
import { type FakeModels, startFakeModels } from "../../support/fake-models.js";
import { FurtherMessages } from "../../support/further-messages.js";

const lab = acpLab();
const steers = { ACP_CAPS: "load,steer" };

function begin(agent: Agent, text: string): { further: FurtherMessages; ran: Promise<Ran> } {
  const further = new FurtherMessages();
  const turn = fakeTurn(text);
  turn.steering = further;
  return { further, ran: runTurn(agent, turn) };
}

describe("an ACP agent", () => {
  it("takes what is written meanwhile into its prompt, where it announces that", async () => {
    const { further, ran } = begin(await lab.agentOf({}, steers), "build");
    await expect.poll(() => further.takes, { timeout: 15_000 }).toBe(true);
    further.write("a red one");
    expect((await ran).text).toBe("You added: a red one");
    expect(further.taken).toEqual(["a red one"]);
  });

  it("leaves what it refuses to a turn of its own, and takes nothing after it", async () => {
    const { further, ran } = begin(await lab.agentOf({}, steers), "slow 1500");
    await expect.poll(() => further.takes, { timeout: 15_000 }).toBe(true);
    further.write("no way");
    further.write("a red one");
    const { text, notes } = await ran;
    expect(text).toMatch(/^done/);
    expect(further).toMatchObject({ refused: ["no way"], taken: [] });
    expect(notes.join()).toContain("the agent refused a further message: ");
  });

  it("leaves to a turn of its own what comes when its prompt is over", async () => {
    const { further, ran } = begin(await lab.agentOf({}, steers), "slow 1500");
    await expect.poll(() => further.takes, { timeout: 15_000 }).toBe(true);
    // To this agent a prompt that waits for nothing is over.
    further.write("a red one");
    expect((await ran).text).toMatch(/^done/);
    expect(further).toMatchObject({ refused: [], taken: [] });
  });

  it("is offered nothing where it does not announce it", async () => {
    const { further, ran } = begin(lab.shared, "hello");
    expect((await ran).text).toBe("You said: hello");
    expect(further.takes).toBe(false);
  });
});

describe("the built-in agent", () => {
  let models: FakeModels;
  beforeAll(async () => {
    models = await startFakeModels();
  });
  afterAll(() => models.close());

  it.each(["openai-completions", "anthropic-messages"] as const)(
    "puts what is written meanwhile before its next round, over %s",
    async (api) => {
      const agent = await createAgent(
        { id: "main", workspace: tmpdir(), runtime: { type: "llm", model: "fake/m" } },
        {
          env: {},
          home: "/",
          clock: systemClock,
          random: () => 0,
          zone: "UTC",
          providers: { fake: { api, baseUrl: models.baseUrl, apiKey: "k" } },
        },
      );
      models.requests.length = 0;
      const { further, ran } = begin(agent, "look back");
      const tools = [{ name: "schedule", input: { do: "list" } }];
      models.script.push({
        text: "One moment.",
        tools,
        get after() {
          further.write("only at otters");
          return Promise.resolve();
        },
      });
      const { text, session } = await ran;
      expect(text).toBe("One moment.\n\nHello from the model");
      expect(further.taken).toEqual(["only at otters"]);
      expect(models.requests).toHaveLength(2);
      expect(models.requests[0]!.raw).not.toContain("otters");
      expect(models.requests[1]!.raw).toMatch(/look back.*One moment\..*only at otters/s);
      // It is part of what the session remembers.
      expect(JSON.stringify(session)).toMatch(/look back.*only at otters.*Hello from the model/s);
    },
  );

  it("leaves what comes in its last round to a turn of its own", async () => {
    const agent = await createAgent(
      { id: "main", workspace: tmpdir(), runtime: { type: "llm", model: "fake/m" } },
      {
        env: {},
        home: "/",
        clock: systemClock,
        random: () => 0,
        zone: "UTC",
        providers: { fake: { api: "openai-completions", baseUrl: models.baseUrl, apiKey: "k" } },
      },
    );
    const { further, ran } = begin(agent, "hello");
    further.write("and this");
    expect((await ran).text).toBe("Hello from the model");
    expect(further.taken).toEqual([]);
  });
});
