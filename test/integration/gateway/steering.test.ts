import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { waitsText } from "../../../src/turns/running/steering.js";
import { readState } from "../../faults/harness/state.js";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";
import { casesOf } from "../../support/cases.js";
import { startFakeModels } from "../../support/fake-models.js";

let acp: AcpHouse;
beforeEach(() => {
  acp = new AcpHouse();
});
afterEach(() => acp.close());

const alive = "Still working on it.";
const steer = { queue: { mode: "steer" }, progressAfterSeconds: 1 };
const steers = { default: "fixture" as const, env: { ACP_CAPS: "load,close,steer" } };

/** What `explain` tells of the newest message. */
const explained = async () => JSON.parse((await acp.house.tapback(["explain", "last", "--json"])).stdout);

const joined = {
  gate: "steer",
  passed: true,
  detail: expect.stringMatching(/^It joined turn \S+, which was/),
};

it("says once that a long turn is at work, and puts into it what its owner writes meanwhile", async () => {
  await acp.configure({ ...steers, more: { messages: steer } });
  await acp.house.startHere();
  acp.house.mac.say(owner, "build");
  await acp.sees(alive);
  acp.house.mac.say(owner, "a red one");
  await acp.sees("You added: a red one");
  await acp.house.settled();
  expect(acp.house.textsTo(owner)).toEqual([alive, "You added: a red one"]);
  const { steps, turn } = await explained();
  expect(steps).toContainEqual(expect.objectContaining(joined));
  expect(turn).toMatchObject({ state: "done", attempt: 1 });
  expect(await acp.ask("prompts")).toBe('["build","+a red one","prompts"]');
});

it.each(casesOf(["turn.steered", "turn.joined"], 1))(
  "answers once what was on its way into a turn at %s",
  async (crashAt) => {
    await acp.configure({ ...steers, more: { messages: { ...steer, progressAfterSeconds: 0 } } });
    const first = await acp.house.start({ crashAt });
    acp.house.mac.say(owner, "build");
    acp.house.mac.say(owner, "a red one");
    expect(await first.ended).toMatchObject({ signal: "SIGKILL" });
    await acp.house.startHere();
    await acp.sees("You added: a red one");
    await acp.house.settled();
    expect(acp.house.textsTo(owner)).toEqual(["You added: a red one"]);
    const { steps, turn } = await explained();
    expect(steps.filter(({ gate }: { gate: string }) => gate === "steer")).toEqual([
      expect.objectContaining(joined),
    ]);
    expect(turn).toMatchObject({ state: "done", attempt: 2 });
  },
);

it("tells the owner that it waits where the agent takes nothing in, and answers it next", async () => {
  await acp.configure({ default: "fixture", more: { messages: { ...steer, progressAfterSeconds: 0 } } });
  await acp.house.startHere();
  const file = join(acp.house.folder, "go");
  acp.house.mac.say(owner, `until ${file}`);
  acp.house.mac.say(owner, "first");
  await acp.sees(waitsText);
  acp.house.mac.say(owner, "second");
  await expect.poll(() => readState(acp.house.folder)?.openTurns, { timeout: 15_000 }).toBe(3);
  writeFileSync(file, "");
  await acp.sees("You said: second");
  await acp.house.settled();
  expect(acp.house.textsTo(owner)).toEqual([waitsText, "done", "You said: first", "You said: second"]);
});

it("lets a guest's message join no owner's turn, also in a session that both share", {
  tags: ["long"],
}, async () => {
  await acp.configure({
    ...steers,
    more: { messages: { ...steer, progressAfterSeconds: 0 }, session: { dmScope: "main" } },
  });
  await acp.house.startHere();
  const file = join(acp.house.folder, "go");
  acp.house.mac.say(owner, `until ${file}`);
  await expect.poll(() => readState(acp.house.folder)?.openTurns, { timeout: 15_000 }).toBe(1);
  acp.house.mac.say(guest, "hello");
  acp.house.mac.say(owner, "and me");
  await acp.sees(waitsText);
  writeFileSync(file, "");
  await acp.sees("You said: hello", guest);
  await acp.sees("You said: and me");
  await acp.house.settled();
  expect(acp.house.textsTo(guest)).toEqual(["You said: hello"]);
  expect(acp.house.textsTo(owner)).toEqual([waitsText, "done", "You said: and me"]);
});

it("puts what the owner writes before the next round of a model", async () => {
  const models = await startFakeModels();
  try {
    await acp.configure({
      more: {
        agents: { list: [{ id: "main", runtime: { type: "llm", model: "fake/m" } }] },
        models: { providers: { fake: { api: "openai-completions", baseUrl: models.baseUrl, apiKey: "k" } } },
        messages: { ...steer, progressAfterSeconds: 0 },
      },
    });
    await acp.house.startHere();
    let goOn = () => {};
    const after = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    models.script.push({ tools: [{ name: "history", input: {} }], after }, { text: "Otters it is." });
    acp.house.mac.say(owner, "look back");
    await expect.poll(() => models.requests.length, { timeout: 15_000 }).toBe(1);
    acp.house.mac.say(owner, "only at otters");
    await expect.poll(() => readState(acp.house.folder)?.openTurns, { timeout: 15_000 }).toBe(2);
    goOn();
    await acp.sees("Otters it is.");
    await acp.house.settled();
    expect(acp.house.textsTo(owner)).toEqual(["Otters it is."]);
    expect(models.requests).toHaveLength(2);
    expect(models.requests[1]!.raw).toMatch(/look back.*only at otters/s);
    const { steps, turn } = await explained();
    expect(steps).toContainEqual(expect.objectContaining(joined));
    expect(turn).toMatchObject({ state: "done" });
  } finally {
    await models.close();
  }
});
