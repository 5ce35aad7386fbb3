import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AcpSettings } from "../../../src/agents/definition.js";
import { type Agent, type AgentEvent, createAgent } from "../../../src/agents/index.js";
import { messageOf } from "../../../src/platform/index.js";
import { type FakeTurnOptions, fakeMessage, fakeTurn, runTurn } from "../../support/agent-turn.js";
import { isAlive, until } from "../../support/process-alive.js";

const fixture = join(import.meta.dirname, "../../fixtures/acp-agent.mjs");
let folder: string;
let workspace: string;
const agents: Agent[] = [];

/** For tests that ask one thing; a start costs 300 ms. */
let shared: Agent;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-acp-")));
  workspace = join(folder, "workspace");
  mkdirSync(workspace);
  shared = await agentOf();
  agents.splice(0);
});
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.close()));
});
afterAll(async () => {
  await shared.close();
  rmSync(folder, { recursive: true, force: true });
});

async function agentOf(
  settings: Partial<AcpSettings["acp"]> = {},
  env: Record<string, string> = {},
): Promise<Agent> {
  const acp = { command: process.execPath, args: [fixture], env: { ACP_STATE: folder, ...env }, ...settings };
  const agent = await createAgent(
    { id: "main", workspace, runtime: { type: "acp", acp } },
    { env: process.env, home: folder, random: Math.random, zone: "UTC" },
  );
  agents.push(agent);
  return agent;
}

const inSession = (sessionKey: string) => ({ envelope: { sessionKey } });
const ask = async (agent: Agent, text: string, options: FakeTurnOptions = {}) =>
  (await runTurn(agent, fakeTurn(text, options))).text;

describe("acp agent", () => {
  it("answers, keeps its session from turn to turn, and ends it on reset", async () => {
    const agent = await agentOf();
    expect(await ask(agent, "hello there")).toBe("You said: hello there");
    const [first] = agent.sessions!();
    expect(await ask(agent, "prompts")).toBe('["hello there","prompts"]');
    expect(agent.sessions!()).toEqual([first]);
    await agent.reset("agent:main:main");
    expect(isAlive(first!.pid)).toBe(false);
    expect(existsSync(join(folder, `${first!.id}-closed.json`))).toBe(true);
    expect(await ask(agent, "prompts")).toBe('["prompts"]');
  });

  it("gives the rendering of the turn, the links, and pictures", async () => {
    const agent = shared;
    const photo = join(folder, "photo.png");
    writeFileSync(photo, "png");
    const attachments = [
      { path: photo, name: "photo.png", mimeType: "image/png", bytes: 3 },
      { name: "big.mov", mimeType: "video/quicktime", bytes: 9e9, note: "too large" },
    ];
    const envelope = {
      systemPrompt: "Be brief.",
      messages: [fakeMessage("whole"), fakeMessage("", { attachments })],
    };
    const whole = await ask(agent, "", { envelope });
    expect(whole).toMatch(/^<instructions>\nBe brief\.\n<\/instructions>/);
    expect(whole).toMatch(
      /<message from="Mia Wong \(\+15550100123\)" at="2026-05-09T06:14Z" id="7k">\nwhole\n<\/message>/,
    );
    expect(whole).toMatch(/big\.mov.*not available: too large/);
    const kinds = await ask(agent, "", {
      envelope: { messages: [fakeMessage("kinds"), fakeMessage("", { attachments })] },
    });
    expect(JSON.parse(kinds)).toEqual([
      ["text", null],
      ["resource_link", `file://${photo}`],
      ["image", "image/png"],
    ]);
  });

  it("makes blocks of text around tool calls, and keeps thoughts inside", async () => {
    const ran = await runTurn(shared, fakeTurn("blocks"));
    expect(ran.events.filter((event) => event.type === "text")).toEqual([
      { type: "text", text: "Let me look." },
      { type: "text", text: "There are two." },
    ]);
    expect(ran.notes).toEqual(["tool: List files"]);
  });

  it("sends files and pictures from where it may", async () => {
    const agent = shared;
    writeFileSync(join(workspace, "made.txt"), "x");
    const temporaryFolder = join(folder, "turn");
    mkdirSync(temporaryFolder);
    expect((await runTurn(agent, fakeTurn(`link ${workspace}/made.txt`))).media).toEqual([
      join(workspace, "made.txt"),
    ]);
    expect((await runTurn(agent, fakeTurn("link /etc/passwd"))).media).toEqual([]);
    const { media } = await runTurn(agent, fakeTurn("picture", { temporaryFolder }));
    expect(media).toEqual([expect.stringMatching(/\/turn\/.*\.png$/)]);
    expect(readFileSync(media[0]!, "utf8")).toBe("hi");
    expect((await runTurn(agent, fakeTurn("picture"))).notes.join()).toMatch(/left out/);
  });

  it("names the session in the environment, hands over MCP servers, and makes the choices", async () => {
    const agent = await agentOf({ model: "Big one", sessionMode: "code" });
    expect(await ask(agent, "env TAPBACK_SESSION")).toBe("agent:main:main");
    const turn = fakeTurn("session", inSession("other"));
    turn.mcp = [
      { type: "stdio", name: "tapback", command: "tapback", args: ["mcp"], env: { A: "1" } },
      { type: "http", name: "web", url: "http://127.0.0.1:1/", headers: { X: "2" } },
    ];
    expect(JSON.parse((await runTurn(agent, turn)).text)).toMatchObject({
      cwd: workspace,
      model: "big",
      mode: "code",
      mcpServers: [
        { name: "tapback", command: "tapback", args: ["mcp"], env: [{ name: "A", value: "1" }] },
        { type: "http", name: "web", url: "http://127.0.0.1:1/", headers: [{ name: "X", value: "2" }] },
      ],
    });
    const plain = await agentOf({ model: "huge" }, { ACP_CAPS: "load" });
    const ran = await runTurn(plain, turn);
    expect(ran.notes).toEqual([
      expect.stringMatching(/no MCP server over http/),
      expect.stringMatching(/does not offer the model/),
    ]);
  });

  it.each(["load", "resume"])("goes on with the session in another process by session/%s", async (caps) => {
    const first = await agentOf({}, { ACP_CAPS: caps });
    const ran = await runTurn(first, fakeTurn("one"));
    await first.close();
    const second = await agentOf({}, { ACP_CAPS: caps });
    const again = await runTurn(second, fakeTurn("prompts", { session: ran.session }));
    expect(again.text).toBe('["one","prompts"]');
    expect(again.session).toEqual(ran.session);
    expect(again.notes).toEqual([]);
  });

  it("begins anew, and says so, where it cannot", async () => {
    const stale = { session: { acp: 1, sessionId: "gone" } };
    const unknown = await runTurn(await agentOf(), fakeTurn("prompts", stale));
    expect(unknown.text).toBe('["prompts"]');
    expect(unknown.notes.join()).toMatch(/cannot be loaded.*a new one begins/);
    const unable = await runTurn(await agentOf({}, { ACP_CAPS: "" }), fakeTurn("prompts", stale));
    expect(unable.notes.join()).toMatch(/cannot load earlier sessions/);
  });

  it("begins a session with every turn when it is a oneshot", async () => {
    const agent = await agentOf({ mode: "oneshot" });
    await ask(agent, "one");
    const ran = await runTurn(agent, fakeTurn("prompts"));
    expect(ran.text).toBe('["prompts"]');
    expect(ran.session).toBeUndefined();
    expect(agent.sessions!()).toEqual([]);
  });
});

describe("acp agent, permissions", () => {
  /** Runs a turn and answers its permission request. */
  async function decide(agent: Agent, answer: (event: AgentEvent & { type: "permission" }) => void) {
    let text = "";
    for await (const event of agent.run(fakeTurn("permission"), new AbortController().signal)) {
      if (event.type === "permission") answer(event);
      if (event.type === "text") text += event.text;
    }
    return JSON.parse(text);
  }

  it("asks, and passes the answer on", async () => {
    const agent = shared;
    let asked: unknown;
    const outcome = await decide(agent, (event) => {
      asked = event;
      event.answer("yes");
      event.answer("no");
    });
    expect(outcome).toEqual({ outcome: "selected", optionId: "yes" });
    expect(asked).toMatchObject({
      id: expect.stringMatching(/^turn-\d+:1$/),
      title: "Run `rm -rf build`",
      options: [
        { id: "yes", name: "Allow", kind: "allow_once" },
        { id: "no", name: "Deny", kind: "reject_once" },
      ],
    });
  });

  it("denies on denial, on an answer that is none, and when nobody answers", async () => {
    const denied = { outcome: "selected", optionId: "no" };
    expect(await decide(shared, (event) => event.answer(undefined))).toEqual(denied);
    expect(await decide(shared, (event) => event.answer("sure"))).toEqual(denied);
    expect(await decide(await agentOf({ permissionTimeoutSeconds: 0.05 }), () => {})).toEqual(denied);
  });

  it("denies what is open when the turn is cancelled", async () => {
    const abort = new AbortController();
    const agent = shared;
    const running = (async () => {
      for await (const event of agent.run(fakeTurn("permission"), abort.signal))
        if (event.type === "permission") abort.abort(new Error("stopped"));
    })();
    await expect(running).rejects.toThrow("stopped");
    expect(await ask(agent, "still there?")).toBe("You said: still there?");
  });
});

describe("acp agent, files and terminals", () => {
  it("has neither unless it is configured", async () => {
    const agent = shared;
    expect(await ask(agent, `read ${workspace}/a.txt`)).toBe("refused -32601");
    expect(await ask(agent, "terminal echo x")).toBe("refused -32601");
  });

  it("reads and writes inside its working folder only", async () => {
    writeFileSync(join(workspace, "a.txt"), "content");
    writeFileSync(join(folder, "outside.txt"), "secret");
    symlinkSync(join(folder, "outside.txt"), join(workspace, "link"));
    symlinkSync(folder, join(workspace, "up"));
    const agent = await agentOf({ files: "write" });
    expect(await ask(agent, `read ${workspace}/a.txt`)).toBe("ok content");
    expect(await ask(agent, `write ${workspace}/b.txt`)).toBe("ok");
    expect(await ask(agent, `write ${workspace}/b.txt`)).toBe("ok");
    expect(readFileSync(join(workspace, "b.txt"), "utf8")).toBe("new");
    for (const path of [
      `${folder}/outside.txt`,
      `${workspace}/link`,
      `${workspace}/../outside.txt`,
      `${workspace}/up/outside.txt`,
      "a.txt",
    ])
      for (const word of ["read", "write"])
        expect(await ask(agent, `${word} ${path}`)).toBe("refused -32602");
    expect(await ask(agent, `write ${workspace}/up/new.txt`)).toBe("refused -32602");
    expect(readdirSync(folder)).not.toContain("new.txt");
    expect(readFileSync(join(folder, "outside.txt"), "utf8")).toBe("secret");
    const reader = await agentOf({ files: "read" });
    expect(await ask(reader, `write ${workspace}/c.txt`)).toBe("refused -32601");
  });

  it("runs programs in its working folder, with bounded output, and ends them with itself", async () => {
    const agent = await agentOf({ terminal: true });
    expect(JSON.parse(await ask(agent, "terminal pwd >&2; exit 3"))).toMatchObject({
      exitCode: 3,
      truncated: workspace.length > 19,
    });
    const running = ask(agent, `terminal echo $$ > ${folder}/terminal-pid; sleep 100`);
    running.catch(() => {});
    const file = join(folder, "terminal-pid");
    await until("the program runs", () => existsSync(file) && readFileSync(file, "utf8") !== "");
    await agent.close();
    await expect(running).rejects.toMatchObject({ code: "AGENT_CLOSED" });
    expect(isAlive(Number(readFileSync(file, "utf8")))).toBe(false);
  });
});

describe("acp agent, when things go wrong", () => {
  const fails = async (agent: Agent, text: string, signal?: AbortSignal) =>
    runTurn(agent, fakeTurn(text), signal).then(
      () => expect.unreachable("it did not fail"),
      (error) => error,
    );

  it.each([
    ["crash", "AGENT_CRASHED", /exit code 7/, /panic: out of ideas/],
    ["hangup", "AGENT_CRASHED", /closed its connection/, undefined],
    ["fail", "AGENT_PROTOCOL", /model says no/, /quota/],
    ["refuse", "AGENT_REFUSED", /refused/, undefined],
    ["logout", "AGENT_LOGIN", /asks for a login/, undefined],
  ])("%s is %s", async (text, code, message, cause) => {
    const agent = await agentOf();
    const error = await fails(agent, text);
    expect(error).toMatchObject({ name: "TapbackError", code });
    expect(error.message).toMatch(message);
    if (cause) expect(messageOf(error.cause)).toMatch(cause);
    expect(await ask(agent, "and now?")).toBe("You said: and now?");
  });

  it("goes on with its session after a crash", async () => {
    const agent = await agentOf();
    await fails(agent, "crash");
    expect(await ask(agent, "prompts")).toBe('["crash","prompts"]');
  });

  it.each([
    ["login", "AGENT_LOGIN", /Log in with Example/],
    ["silent", "AGENT_NO_ANSWER", /npx/],
    ["old", "AGENT_PROTOCOL", /Update/],
  ])("tells a start that is %s", async (mode, code, hint) => {
    const error = await fails(
      await agentOf({ startTimeoutSeconds: mode === "silent" ? 0.5 : 20 }, { ACP_MODE: mode }),
      "x",
    );
    expect(error).toMatchObject({ code });
    expect(error.hint).toMatch(hint);
  });

  it("tells a program that is missing, ends at once, or is no agent", async () => {
    expect(await fails(await agentOf({ command: "no-such-agent" }), "x")).toMatchObject({
      code: "AGENT_NOT_FOUND",
    });
    expect(await fails(await agentOf({ command: "false", args: [] }), "x")).toMatchObject({
      code: "AGENT_CRASHED",
    });
    expect(await fails(await agentOf({ command: "cat", args: [] }), "x")).toMatchObject({
      code: "AGENT_PROTOCOL",
    });
    const nameless = await createAgent(
      { id: "main", workspace, runtime: { type: "acp", acp: { agent: "no-such-name" } } },
      { env: {}, home: folder, random: Math.random, zone: "UTC" },
    );
    expect(await fails(nameless, "x")).toMatchObject({
      code: "AGENT_UNKNOWN",
      hint: expect.stringMatching(/codex/),
    });
  });

  it("survives lines that are no protocol", async () => {
    expect(await ask(await agentOf({}, { ACP_MODE: "noise" }), "hi")).toBe("You said: hi");
  });

  it("cancels a prompt and keeps the process", async () => {
    const agent = await agentOf();
    await ask(agent, "hi");
    const abort = new AbortController();
    const running = fails(agent, "wait", abort.signal);
    setTimeout(() => abort.abort(new Error("stopped")), 100);
    expect(messageOf(await running)).toBe("stopped");
    expect(JSON.parse(await ask(agent, "prompts"))).toEqual(["hi", "wait", "prompts"]);
  });

  it("ends a process that does not listen to a cancel, with everything below it", async () => {
    const agent = await agentOf();
    const [pid, grandchild] = (await ask(agent, "grandchild")).split(" ").map(Number);
    expect([isAlive(pid!), isAlive(grandchild!)]).toEqual([true, true]);
    const abort = new AbortController();
    const running = fails(agent, "hang", abort.signal);
    setTimeout(() => abort.abort(new Error("stopped")), 50);
    expect(messageOf(await running)).toBe("stopped");
    await until("both are gone", () => !isAlive(pid!) && !isAlive(grandchild!));
  });

  it("cancels when the turn is left early", async () => {
    const agent = shared;
    for await (const event of agent.run(fakeTurn("blocks"), new AbortController().signal))
      if (event.type === "text") break;
    expect(await ask(agent, "still there?")).toBe("You said: still there?");
  });
});

describe("acp agent, many sessions", () => {
  it("bounds its processes, serves all, in order", async () => {
    const agent = await agentOf({ maxProcesses: 3 });
    const order: number[] = [];
    let most = 0;
    await Promise.all(
      Array.from({ length: 9 }, async (_, index) => {
        expect(await ask(agent, `say ${index}`, inSession(`s${index}`))).toBe(`You said: say ${index}`);
        order.push(index);
        most = Math.max(most, agent.sessions!().length);
      }),
    );
    expect(most).toBeLessThanOrEqual(3);
    expect(order.slice(0, 3).every((index) => index < 5)).toBe(true);
    expect(await ask(agent, "prompts", { ...inSession("s0"), session: undefined })).toBe(
      '["say 0","prompts"]',
    );
  });

  it("closes a process that idles", async () => {
    const agent = await agentOf({ idleSeconds: 0.1 });
    await ask(agent, "hi");
    const pid = agent.sessions!()[0]!.pid;
    await until("it is closed", () => agent.sessions!().length === 0 && !isAlive(pid));
    expect(await ask(agent, "prompts")).toBe('["hi","prompts"]');
  });

  it("gives up waiting for a place when the turn is aborted", async () => {
    const agent = await agentOf({ maxProcesses: 1 });
    const busy = ask(agent, "slow 500");
    const abort = new AbortController();
    const waiting = runTurn(agent, fakeTurn("x", inSession("b")), abort.signal);
    abort.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
    expect(await busy).toMatch(/^done/);
    expect(await ask(agent, "hi", inSession("c"))).toBe("You said: hi");
  });
});
