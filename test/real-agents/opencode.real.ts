import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { AcpHouse, guest, owner } from "../support/acp-house.js";
import { type FakeModels, startFakeModels } from "../support/fake-models.js";
import { isAlive, until } from "../support/process-alive.js";

/** Path of an `opencode` program. */
const program = process.env.TAPBACK_OPENCODE;
if (program === undefined) throw new Error("run these with `npm run test:real-agents`");

let models: FakeModels;
let acp: AcpHouse;
let workspace: string;
beforeAll(async () => {
  models = await startFakeModels();
});
afterAll(() => models.close());

beforeEach(async () => {
  models.requests.length = 0;
  models.answer = () => ({ text: "Hello from the model" });
  acp = new AcpHouse();
  const folder = realpathSync(acp.house.folder);
  workspace = join(folder, "workspace");
  mkdirSync(workspace);
  writeFileSync(join(workspace, "opencode.json"), JSON.stringify(settings()));
  const opencode = { command: program, args: ["acp"], env: { HOME: folder } };
  await acp.configure({
    acp: { permissionTimeoutSeconds: 60 },
    more: {
      agents: {
        list: [
          { id: "opencode", default: true, workspace, runtime: { type: "acp", acp: opencode } },
          { id: "demo", runtime: { type: "demo" } },
        ],
      },
    },
  });
});
afterEach(() => acp.close());

/** OpenCode's own configuration: a model server on loopback, and nothing that needs a network. */
function settings() {
  const provider = {
    npm: "@ai-sdk/openai-compatible",
    name: "Fake",
    options: { baseURL: models.baseUrl, apiKey: "none" },
    models: { m: { name: "M", tool_call: true } },
  };
  return {
    provider: { fake: provider },
    model: "fake/m",
    small_model: "fake/m",
    permission: { bash: "ask" },
    autoupdate: false,
    share: "disabled",
  };
}

/** The agent's process: OpenCode has one child of the gateway beside imsg. */
async function agentPids(): Promise<number[]> {
  const { execFileSync } = await import("node:child_process");
  const children = await acp.house.gateways.at(-1)!.children();
  return children.filter((pid) =>
    execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).includes("opencode"),
  );
}

const asked = (text: string) =>
  until(`the model was asked: ${text}`, () => models.requests.some(({ raw }) => raw.includes(text)));

it("answers, and goes on with its session after a restart of the gateway", async () => {
  const first = await acp.house.start();
  expect(await acp.ask("remember the word walrus")).toBe("Hello from the model");
  const [pid] = await agentPids();
  expect(await first.stop()).toMatchObject({ code: 0 });
  await until("the agent has ended", () => !isAlive(pid!));
  await acp.house.start();
  models.answer = () => ({ text: "Still walrus" });
  expect(await acp.ask("and now?")).toBe("Still walrus");
  expect(models.requests.some(({ raw }) => raw.includes("walrus") && raw.includes("and now?"))).toBe(true);
});

it("asks the owner for permission in the chat, and does what a tapback allows and no more", async () => {
  await acp.house.start();
  for (const [kind, allowed] of [
    ["like", true],
    ["dislike", false],
  ] as const) {
    const file = join(workspace, `${kind}.txt`);
    models.answer = ({ raw, body }) =>
      !body.tools || raw.includes(`"role":"tool"`)
        ? { text: `Done with ${kind}.` }
        : { tools: [{ name: "bash", input: { command: `echo x > ${file}`, description: "make a file" } }] };
    expect(await acp.ask(`make ${kind}`)).toMatch(/The agent asks: /);
    const question = await acp.sees("The agent asks: ");
    acp.house.mac.react(guest, question, kind);
    expect(existsSync(file)).toBe(false);
    acp.house.mac.react(owner, question, kind);
    await acp.sees(": noted.");
    await acp.house.settled();
    expect(existsSync(file)).toBe(allowed);
    expect(await acp.ask("/new")).toBe("Done. We start afresh.");
  }
  expect(acp.house.textsTo(owner)).toContain("Done with like.");
});

it("is stopped from the chat, and works on in the same process", async () => {
  await acp.house.start();
  await acp.ask("hi");
  const [pid] = await agentPids();
  models.answer = () => ({ text: "so it goes on and on", stall: true });
  acp.house.mac.say(owner, "tell me all");
  await asked("tell me all");
  expect(await acp.ask("/stop")).toMatch(/^Stopped/);
  models.answer = () => ({ text: "back again" });
  expect(await acp.ask("again")).toBe("back again");
  expect(await agentPids()).toEqual([pid]);
});

it("is killed in mid-turn: the contact gets the neutral line, the owner the cause, and the session goes on", async () => {
  await acp.house.start();
  await acp.ask("the word is walrus", guest);
  const [pid] = await agentPids();
  models.answer = () => ({ text: "so it goes on and on", stall: true });
  acp.house.mac.say(guest, "tell me all");
  await asked("tell me all");
  process.kill(pid!, "SIGKILL");
  expect((await acp.sees("Sorry", guest)).text).toBe(
    "Sorry, something went wrong. Please try again in a moment.",
  );
  expect((await acp.sees("got no answer from opencode")).text).toContain("AGENT_CRASHED");
  expect(isAlive(pid!)).toBe(false);
  models.answer = () => ({ text: "I am back" });
  expect(await acp.ask("still there?", guest)).toBe("I am back");
  expect(models.requests.at(-1)!.raw).toMatch(/walrus/);
  expect(acp.house.textsTo(guest)).toHaveLength(3);
});
