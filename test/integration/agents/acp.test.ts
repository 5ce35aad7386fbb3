import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Agent, AgentEvent } from "../../../src/agents/index.js";
import { acpLab, ask, inSession } from "../../support/acp-lab.js";
import { fakeMessage, fakeTurn, runTurn } from "../../support/agent-turn.js";
import { casesOf } from "../../support/cases.js";
import { isAlive, until } from "../../support/process-alive.js";

const lab = acpLab();
describe("acp agent", () => {
  it("answers, keeps its session from turn to turn, and ends it on reset", async () => {
    const agent = await lab.agentOf();
    expect(await ask(agent, "hello there")).toBe("You said: hello there");
    const [first] = agent.sessions!();
    expect(await ask(agent, "prompts")).toBe('["hello there","prompts"]');
    expect(agent.sessions!()).toEqual([first]);
    await agent.reset("agent:main:main");
    expect(isAlive(first!.pid)).toBe(false);
    expect(existsSync(join(lab.folder, `${first!.id}-closed.json`))).toBe(true);
    expect(await ask(agent, "prompts")).toBe('["prompts"]');
  });

  it("tells what a prompt cost where the agent tells it, and nothing else (behaviour 18.3c)", async () => {
    const cost = { totalTokens: 18, inputTokens: 3, outputTokens: 4, thoughtTokens: 1, cachedReadTokens: 10 };
    const agent = await lab.agentOf({ agent: "codex", command: process.execPath });
    const events = async (text: string) =>
      (await runTurn(agent, fakeTurn(text))).events.filter(({ type }) => type === "usage");
    expect(await events(`cost ${JSON.stringify(cost)}`)).toEqual([
      { type: "usage", model: "codex", inputTokens: 13, outputTokens: 5, cachedInputTokens: 10 },
    ]);
    expect(await events('cost {"inputTokens":-3,"outputTokens":4,"totalTokens":1}')).toEqual([]);
    expect(await events("hello")).toEqual([]);
  });

  it("gives the rendering of the turn, the links, and pictures", async () => {
    const agent = lab.shared;
    const photo = join(lab.folder, "photo.png");
    writeFileSync(photo, "png");
    const attachments = [
      { path: photo, name: "photo.png", mimeType: "image/png", bytes: 3 },
      { name: "big.mov", mimeType: "video/quicktime", bytes: 9e9, note: "too large" },
    ];
    const envelope = {
      systemPrompt: "Be brief.",
      messages: [fakeMessage("whole"), fakeMessage("", { attachments })],
    };
    const whole = JSON.parse(await ask(agent, "", { envelope }));
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
    const ran = await runTurn(lab.shared, fakeTurn("blocks"));
    expect(ran.events.filter((event) => event.type === "text")).toEqual([
      { type: "text", text: "Let me look." },
      { type: "text", text: "There are two." },
    ]);
    expect(ran.notes).toEqual(["tool: List files"]);
  });

  it("takes nothing for an answer, and asks nobody, for another session of the same process", async () => {
    const ran = await runTurn(lab.shared, fakeTurn("beside"));
    expect(ran.text).toBe("beside: cancelled");
    expect(ran.events.map(({ type }) => type)).not.toContain("permission");
  });

  it("sends files and pictures from where it may", async () => {
    const agent = lab.shared;
    writeFileSync(join(lab.workspace, "made.txt"), "x");
    const temporaryFolder = join(lab.folder, "turn");
    mkdirSync(temporaryFolder);
    expect((await runTurn(agent, fakeTurn(`link ${lab.workspace}/made.txt`))).media).toEqual([
      join(lab.workspace, "made.txt"),
    ]);
    expect((await runTurn(agent, fakeTurn("link /etc/passwd"))).media).toEqual([]);
    const { media } = await runTurn(agent, fakeTurn("picture", { temporaryFolder }));
    expect(media).toEqual([expect.stringMatching(/\/turn\/.*\.png$/)]);
    expect(readFileSync(media[0]!, "utf8")).toBe("hi");
    expect((await runTurn(agent, fakeTurn("picture"))).notes.join()).toMatch(/left out/);
  });

  it("names the session in the environment, hands over MCP servers, and makes the choices", {
    tags: ["long"],
  }, async () => {
    const agent = await lab.agentOf({ model: "Big one", sessionMode: "code" });
    expect(await ask(agent, "env TAPBACK_SESSION")).toBe("agent:main:main");
    const turn = fakeTurn("session", inSession("other"));
    const opened: boolean[] = [];
    let waited = 0;
    turn.mcp = {
      actsFor: "a guest",
      listed: async () => {
        waited += 1;
      },
      open: (lasts) => {
        opened.push(lasts);
        return [
          { type: "stdio", name: "tapback", command: "tapback", args: ["mcp"], env: { A: "1" } },
          { type: "http", name: "web", url: "http://127.0.0.1:1/", headers: { X: "2" } },
        ];
      },
    };
    expect(JSON.parse((await runTurn(agent, turn)).text)).toMatchObject({
      cwd: lab.workspace,
      model: "big",
      mode: "code",
      mcpServers: [
        { name: "tapback", command: "tapback", args: ["mcp"], env: [{ name: "A", value: "1" }] },
        { type: "http", name: "web", url: "http://127.0.0.1:1/", headers: [{ name: "X", value: "2" }] },
      ],
    });
    const plain = await lab.agentOf({ model: "huge" }, { ACP_CAPS: "load" });
    const ran = await runTurn(plain, turn);
    expect(ran.notes).toEqual([
      expect.stringMatching(/no MCP server over http/),
      expect.stringMatching(/does not offer the model/),
    ]);
    const once = await lab.agentOf({ mode: "oneshot" });
    await runTurn(once, turn);
    expect(opened).toEqual([true, true, false]);
    // One that connects late is given the time to look at the tools, before its first prompt.
    expect(waited).toBe(0);
    const late = await lab.agentOf({ agent: "codex" });
    await runTurn(late, turn);
    await runTurn(late, turn);
    expect(waited).toBe(1);
  });

  it.each(casesOf(["load", "resume"], 1))(
    "goes on with the session in another process by session/%s",
    async (caps) => {
      const first = await lab.agentOf({}, { ACP_CAPS: caps });
      const ran = await runTurn(first, fakeTurn("one"));
      await first.close();
      const second = await lab.agentOf({}, { ACP_CAPS: caps });
      const again = await runTurn(second, fakeTurn("prompts", { session: ran.session }));
      expect(again.text).toBe('["one","prompts"]');
      expect(again.session).toEqual(ran.session);
      expect(again.notes).toEqual([]);
    },
  );

  it("begins anew, and says so, where it cannot", async () => {
    const stale = { session: { acp: 1, sessionId: "gone" } };
    const unknown = await runTurn(await lab.agentOf(), fakeTurn("prompts", stale));
    expect(unknown.text).toBe('["prompts"]');
    expect(unknown.notes.join()).toMatch(/cannot be loaded.*a new one begins/);
    const unable = await runTurn(await lab.agentOf({}, { ACP_CAPS: "" }), fakeTurn("prompts", stale));
    expect(unable.notes.join()).toMatch(/cannot load earlier sessions/);
  });

  it("begins a session with every turn when it is a oneshot", { tags: ["long"] }, async () => {
    const agent = await lab.agentOf({ mode: "oneshot" });
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
    const agent = lab.shared;
    let asked: unknown;
    const outcome = await decide(agent, (event) => {
      asked = event;
      event.answer("yes");
      event.answer("no");
    });
    expect(outcome).toEqual({ outcome: "selected", optionId: "yes" });
    expect(asked).toMatchObject({
      id: expect.stringMatching(/^turn-\d+:1$/),
      title: "Run\\u{0} `rm -rf \\u{1b}[1mbuild\\u{1b}[0m`",
      options: [
        { id: "yes", name: "Allow", kind: "allow_once" },
        { id: "no", name: "Deny", kind: "reject_once" },
      ],
    });
  });

  it("denies on denial, on an answer that is none, and when nobody answers", async () => {
    const denied = { outcome: "selected", optionId: "no" };
    expect(await decide(lab.shared, (event) => event.answer(undefined))).toEqual(denied);
    expect(await decide(lab.shared, (event) => event.answer("sure"))).toEqual(denied);
    expect(await decide(await lab.agentOf({ permissionTimeoutSeconds: 0.05 }), () => {})).toEqual(denied);
  });

  it("denies what is open when the turn is cancelled", async () => {
    const abort = new AbortController();
    const agent = lab.shared;
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
    const agent = lab.shared;
    expect(await ask(agent, `read ${lab.workspace}/a.txt`)).toBe("refused -32601");
    expect(await ask(agent, "terminal echo x")).toBe("refused -32601");
  });

  it("reads and writes inside its working folder only", async () => {
    writeFileSync(join(lab.workspace, "a.txt"), "content");
    writeFileSync(join(lab.folder, "outside.txt"), "secret");
    symlinkSync(join(lab.folder, "outside.txt"), join(lab.workspace, "link"));
    symlinkSync(lab.folder, join(lab.workspace, "up"));
    const agent = await lab.agentOf({ files: "write" });
    expect(await ask(agent, `read ${lab.workspace}/a.txt`)).toBe("ok content");
    expect(await ask(agent, `write ${lab.workspace}/b.txt`)).toBe("ok");
    expect(await ask(agent, `write ${lab.workspace}/b.txt`)).toBe("ok");
    expect(readFileSync(join(lab.workspace, "b.txt"), "utf8")).toBe("new");
    for (const path of [
      `${lab.folder}/outside.txt`,
      `${lab.workspace}/link`,
      `${lab.workspace}/../outside.txt`,
      `${lab.workspace}/up/outside.txt`,
      "a.txt",
    ])
      for (const word of ["read", "write"])
        expect(await ask(agent, `${word} ${path}`)).toBe("refused -32602");
    expect(await ask(agent, `write ${lab.workspace}/up/new.txt`)).toBe("refused -32602");
    expect(readdirSync(lab.folder)).not.toContain("new.txt");
    expect(readFileSync(join(lab.folder, "outside.txt"), "utf8")).toBe("secret");
    const reader = await lab.agentOf({ files: "read" });
    expect(await ask(reader, `write ${lab.workspace}/c.txt`)).toBe("refused -32601");
  });

  it("runs programs in its working folder, with bounded output, and ends them with itself", async () => {
    const agent = await lab.agentOf({ terminal: true });
    expect(JSON.parse(await ask(agent, "terminal pwd >&2; exit 3"))).toMatchObject({
      exitCode: 3,
      truncated: lab.workspace.length > 19,
    });
    const running = ask(agent, `terminal echo $$ > ${lab.folder}/terminal-pid; sleep 100`);
    running.catch(() => {});
    const file = join(lab.folder, "terminal-pid");
    await until("the program runs", () => existsSync(file) && readFileSync(file, "utf8") !== "");
    await agent.close();
    await expect(running).rejects.toMatchObject({ code: "AGENT_CLOSED" });
    expect(isAlive(Number(readFileSync(file, "utf8")))).toBe(false);
  });
});
