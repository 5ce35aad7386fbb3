import { describe } from "vitest";
import type { FunctionAgent, FunctionTurn } from "../agents/index.js";
import { parseConfig } from "../config/index.js";
import { expect, test } from "../testing-vitest.js";
import { listedIn, listingThem } from "./function-agents.js";

const mia = "+15550100123";
const owned = { channels: { imessage: { dmPolicy: "allowlist", allowFrom: [mia] } } };

describe("a function as an agent", () => {
  test.for<[string, string[]]>([
    ["block", ["one", "two", "first", "second", "said", "returned"]],
    ["final", ["one\n\ntwo", "first\n\nsecond", "said\n\nreturned"]],
  ])(
    "may answer with several blocks, at once or one after the other: %s",
    async ([streaming, received], { messagesWorld }) => {
      const answers: Record<string, FunctionAgent> = {
        list: () => ["one", "", "two"],
        stream: async function* (turn) {
          yield "first";
          await turn.sleep(1000);
          yield "second";
        },
        say: (turn) => {
          turn.say("said");
          return "returned";
        },
        nothing: () => null as never,
      };
      const world = await messagesWorld({
        agents: { main: (turn) => answers[turn.text]!(turn) },
        config: { channels: { imessage: { streaming } } },
      });
      const person = world.person(mia);
      for (const name of Object.keys(answers)) {
        person.says(name);
        await world.settles();
      }
      expect(person.received.map(({ text }) => text)).toEqual(received);
    },
  );

  test.for<[string, unknown, { code: string; message: RegExp }]>([
    ["an error", new Error("the cause of it"), { code: "AGENT_FAILED", message: /the cause of it/ }],
    ["a text", "a text of its own", { code: "AGENT_FAILED", message: /a text of its own/ }],
    ["nothing", undefined, { code: "AGENT_FAILED", message: /./ }],
  ])(
    "fails its turn by throwing %s, and tells nobody else why",
    async ([, thrown, error], { messagesWorld }) => {
      const fails: FunctionAgent = () => {
        throw thrown;
      };
      const world = await messagesWorld({
        agents: { main: fails },
        config: { channels: { imessage: { dmPolicy: "open", allowFrom: ["*"] } } },
      });
      const person = world.person(mia);
      const message = person.says("Hello");
      await world.settles();
      expect(world.story(message)?.turn).toMatchObject({
        state: "failed",
        error: { code: error.code, message: expect.stringMatching(error.message) },
      });
      expect(person).toReceive(/something went wrong/);
      expect(world).toHaveLeakedNothing(["the cause of it", "a text of its own"]);
    },
  );

  test.for<[string, FunctionAgent]>([
    ["a number", () => 7 as never],
    ["blocks that are no texts", () => ["fine", { text: "no" }] as never],
    ["more than a megabyte", () => ["x".repeat(600_000), "y".repeat(600_000)]],
    [
      "no end of it",
      async function* () {
        for (;;) yield "again and again ".repeat(1000);
      },
    ],
    ["what a session cannot keep", (turn) => void turn.remember({ big: 1n })],
  ])("fails its turn with %s", async ([, agent], { messagesWorld }) => {
    const world = await messagesWorld({ agents: { main: agent } });
    const message = world.person(mia).says("Hello");
    await world.settles();
    expect(world.story(message)?.turn).toMatchObject({ state: "failed", error: { code: "AGENT_OUTPUT" } });
    expect(world.person(mia)).toReceive(/something went wrong/);
  });

  test("is stopped by /stop: told by its signal, left by its loop, and heard no more", async ({
    messagesWorld,
  }) => {
    const told: string[] = [];
    let left: FunctionTurn | undefined;
    const agents: Record<string, FunctionAgent> = {
      main: async function* (turn) {
        left = turn;
        turn.signal.addEventListener("abort", () => told.push("aborted"));
        try {
          for (let block = 0; ; block++) {
            yield `block ${block}`;
            await turn.sleep(1000);
          }
        } finally {
          told.push("left");
        }
      },
    };
    const world = await messagesWorld({ agents, config: owned });
    const person = world.person(mia);
    const message = person.says("Go on for ever");
    await world.passes({ seconds: 4 });
    person.says("/stop");
    await world.settles();
    expect(world.story(message)?.turn).toMatchObject({ state: "cancelled" });
    expect(told).toEqual(["aborted", "left"]);
    expect(person).toReceive(/stopped/i);
    // The turn is over: it reaches nothing any more, and what nobody waits for ends no process.
    void left!.act("send", { text: "too late" });
    left!.say("too late");
    left!.remember({ late: true });
    await expect(left!.act("react", { emoji: "love" })).rejects.toMatchObject({ code: "NO_TURN" });
    await expect(left!.ask("Still?", ["yes", "no"])).rejects.toMatchObject({ code: "NO_TURN" });
    await world.settles();
    expect(person.received.filter(({ text }) => /too late|Still/.test(text))).toEqual([]);
  });

  test("asks, and goes on with the answer; a turn that runs again is not asked twice", async ({
    messagesWorld,
  }) => {
    const attempts: number[] = [];
    const world = await messagesWorld({
      agents: {
        main: async (turn) => {
          attempts.push(turn.attempt);
          const answer = await turn.ask("Pizza or soup?", ["pizza", "soup"], { timeoutSeconds: 600 });
          if (turn.attempt === 1) await turn.sleep(Number.POSITIVE_INFINITY);
          return "choice" in answer ? `${answer.choice} it is, ${answer.by}` : "nobody answered";
        },
      },
      mac: { version: "0.9.0", bridge: false },
      config: { agents: { defaults: { timeoutSeconds: 60 } } },
    });
    const person = world.person(mia);
    person.says("Dinner?");
    // Longer than the turn may take: its clock stands still.
    await world.passes({ seconds: 120 });
    person.says("2");
    await world.passes({ seconds: 10 });
    await world.fault("gateway-dies");
    await world.settles();
    expect(attempts).toEqual([1, 2]);
    expect(person).toReceive(/Pizza or soup\?/, `soup it is, ${mia}`);
  });

  test("acts with the rights of its turn and no more, and hears why not", async ({ messagesWorld }) => {
    const codes: unknown[] = [];
    const world = await messagesWorld({
      agents: {
        main: async (turn) => {
          const tried = turn.act("send", { to: "+15550100999", text: "psst" });
          codes.push(await tried.catch((error) => error.code));
          await turn.act("react", { messageId: turn.envelope.messages[0]?.sid, emoji: "love" });
          return "done";
        },
      },
    });
    const person = world.person(mia);
    const message = person.says("Write to somebody else");
    await world.settles();
    expect(codes).toEqual(["TURN_SCOPE"]);
    expect(person).toReceive("done");
    expect(person.transcript.find(({ guid }) => guid === message.guid)?.tapbacks).toHaveLength(1);
    expect(world.story(message)?.turn?.notes.join()).toMatch(/TURN_SCOPE/);
  });
});

describe("the list of agents", () => {
  const main = () => "";
  const parsed = async (source: object) => {
    const judged = await parseConfig(JSON.stringify(source));
    if (!judged.ok) throw new Error(JSON.stringify(judged.error));
    return judged.value.config;
  };

  test("gets those that it does not have, behind those that it has", async () => {
    const source = { agents: { list: [{ id: "Main", name: "M" }], defaults: { timeoutSeconds: 5 } } };
    const agents = { main, "My helper": main };
    const ids = ["Main", "My helper"];
    const object = await parsed(listedIn(source, agents));
    expect(object.agents.list.map(({ id }) => id)).toEqual(ids);
    expect(object.agents.defaults.timeoutSeconds).toBe(5);
    const config = listingThem(await parsed(source), agents);
    expect(config.agents.list.map(({ id }) => id)).toEqual(ids);
    expect(config.agents.list).toEqual(object.agents.list);
    // Nothing to add: it is the same.
    expect(listingThem(config, agents)).toBe(config);
    expect(listedIn({}, { main })).toEqual({ agents: { list: [{ id: "main", runtime: { type: "demo" } }] } });
  });

  test.for([{ agents: 7 }, { agents: { list: "x" } }, { agents: null }, { agents: { list: [null, {}, 3] } }])(
    "leaves to the judge what is odd: %j",
    async (source) => {
      expect((await parseConfig(JSON.stringify(listedIn(source, { main })))).ok).toBe(false);
    },
  );
});
