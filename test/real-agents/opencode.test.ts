import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Agent, createAgent } from "../../src/agents/index.js";
import { fakeTurn, runTurn } from "../support/agent-turn.js";
import { type FakeModels, startFakeModels } from "../support/fake-models.js";
import { isAlive, until } from "../support/process-alive.js";

/** Path of an `opencode` program; without it the tests are skipped. */
const program = process.env.TAPBACK_OPENCODE;

/** A real ACP agent, OpenCode, over a model server on loopback. */
describe.skipIf(program === undefined)("opencode", { timeout: 120_000 }, () => {
  let folder: string;
  let workspace: string;
  let models: FakeModels;
  const agents: Agent[] = [];

  beforeAll(async () => {
    models = await startFakeModels();
    folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-opencode-")));
    workspace = join(folder, "workspace");
    mkdirSync(workspace);
    const provider = {
      npm: "@ai-sdk/openai-compatible",
      name: "Fake",
      options: { baseURL: models.baseUrl, apiKey: "none" },
      models: { m: { name: "M", tool_call: true } },
    };
    const config = {
      provider: { fake: provider },
      model: "fake/m",
      small_model: "fake/m",
      permission: { bash: "ask" },
      autoupdate: false,
      share: "disabled",
    };
    writeFileSync(join(workspace, "opencode.json"), JSON.stringify(config));
  });
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.close()));
    models.script.length = 0;
    models.answer = () => ({ text: "Hello from the model" });
  });
  afterAll(async () => {
    await models.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<Agent> {
    const agent = await createAgent(
      { id: "main", workspace, runtime: { type: "acp", acp: { command: program!, args: ["acp"] } } },
      { env: { PATH: process.env.PATH, HOME: folder }, home: folder, random: Math.random, zone: "UTC" },
    );
    agents.push(agent);
    return agent;
  }

  it("answers, and goes on with its session in another process", async () => {
    const first = await start();
    const ran = await runTurn(first, fakeTurn("remember the word walrus"));
    expect(ran.text).toBe("Hello from the model");
    await first.close();
    models.requests.length = 0;
    const again = await runTurn(await start(), fakeTurn("and now?", { session: ran.session }));
    expect(again.text).toBe("Hello from the model");
    expect(again.session).toEqual(ran.session);
    expect(models.requests.some(({ raw }) => raw.includes("walrus") && raw.includes("and now?"))).toBe(true);
  });

  it("asks for permission, and does what it was allowed", async () => {
    const calls = (command: string) => {
      models.answer = ({ raw, body }) =>
        raw.includes('"role":"tool"') || !body.tools
          ? { text: "Done." }
          : { tools: [{ name: "bash", input: { command, description: "make a file" } }] };
    };
    const agent = await start();
    for (const choice of ["allow_once", "reject_once"] as const) {
      const file = join(workspace, `${choice}.txt`);
      calls(`echo x > ${file}`);
      const asked: string[] = [];
      const turn = fakeTurn("make it", { envelope: { sessionKey: choice } });
      for await (const event of agent.run(turn, new AbortController().signal)) {
        if (event.type !== "permission") continue;
        asked.push(event.title);
        event.answer(event.options.find(({ kind }) => kind === choice)?.id);
      }
      expect(asked).toHaveLength(1);
      const { existsSync } = await import("node:fs");
      expect(existsSync(file)).toBe(choice === "allow_once");
    }
  });

  it("is cancelled, and works on", async () => {
    const agent = await start();
    await runTurn(agent, fakeTurn("hi"));
    const [{ pid }] = agent.sessions!() as [{ pid: number; sessionKey: string; busy: boolean }, ...never[]];
    models.answer = () => ({ text: "so it goes on and on", stall: true });
    const abort = new AbortController();
    const running = runTurn(agent, fakeTurn("wait"), abort.signal);
    running.catch(() => {});
    const before = models.requests.length;
    await until("the model was asked", () => models.requests.length > before);
    abort.abort(new Error("stopped"));
    await expect(running).rejects.toThrow("stopped");
    models.answer = () => ({ text: "back again" });
    expect((await runTurn(agent, fakeTurn("again"))).text).toBe("back again");
    expect(agent.sessions!()[0]!.pid).toBe(pid);
  });

  it("is killed in mid-turn, and starts again with its session", async () => {
    const agent = await start();
    const { session } = await runTurn(agent, fakeTurn("the word is walrus"));
    const { pid } = agent.sessions!()[0]!;
    models.answer = () => ({ text: "so it goes on and on", stall: true });
    const running = runTurn(agent, fakeTurn("wait"));
    const before = models.requests.length;
    await until("the model was asked", () => models.requests.length > before);
    process.kill(pid, "SIGKILL");
    await expect(running).rejects.toMatchObject({ code: "AGENT_CRASHED" });
    expect(isAlive(pid)).toBe(false);
    models.answer = () => ({ text: "I am back" });
    expect((await runTurn(agent, fakeTurn("still there?", { session }))).text).toBe("I am back");
    expect(models.requests.at(-1)!.raw).toMatch(/walrus/);
  });
});
