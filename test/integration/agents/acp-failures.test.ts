import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Agent, createAgent } from "../../../src/agents/index.js";
import { messageOf, systemClock } from "../../../src/platform/index.js";
import { acpLab, ask } from "../../support/acp-lab.js";
import { fakeTurn, runTurn } from "../../support/agent-turn.js";
import { casesOf } from "../../support/cases.js";
import { isAlive, until } from "../../support/process-alive.js";

const lab = acpLab();
describe("acp agent, when things go wrong", () => {
  const fails = async (agent: Agent, text: string) =>
    runTurn(agent, fakeTurn(text)).then(
      () => expect.unreachable("it did not fail"),
      (error) => error,
    );

  const failures: [text: string, code: string, message: RegExp, cause?: RegExp][] = [
    ["crash", "AGENT_CRASHED", /exit code 7/, /panic: out of ideas/],
    ["hangup", "AGENT_CRASHED", /closed its connection/],
    ["fail", "AGENT_PROTOCOL", /model says no/, /quota/],
    ["nothing", "AGENT_PROTOCOL", /answered session\/prompt without stopReason/],
    ["refuse", "AGENT_REFUSED", /refused/],
    ["logout", "AGENT_LOGIN", /asks for a login/],
  ];
  it.each(casesOf(failures, 3))("%s is %s", async (text, code, message, cause) => {
    const agent = await lab.agentOf();
    const error = await fails(agent, text);
    expect(error).toMatchObject({ name: "TapbackError", code });
    expect(error.message).toMatch(message);
    if (cause) expect(messageOf(error.cause)).toMatch(cause);
    expect(await ask(agent, "and now?")).toBe("You said: and now?");
  });

  it("goes on with its session after a crash", async () => {
    const agent = await lab.agentOf();
    await fails(agent, "crash");
    expect(await ask(agent, "prompts")).toBe('["crash","prompts"]');
  });

  it.each([
    ["login", "AGENT_LOGIN", /Log in with Example/],
    ["silent", "AGENT_NO_ANSWER", /npx/],
    ["old", "AGENT_PROTOCOL", /Update/],
  ])("tells a start that is %s", async (mode, code, hint) => {
    const error = await fails(
      await lab.agentOf({ startTimeoutSeconds: mode === "silent" ? 0.5 : 20 }, { ACP_MODE: mode }),
      "x",
    );
    expect(error).toMatchObject({ code });
    expect(error.hint).toMatch(hint);
  });

  it("tells a program that is missing, ends at once, or is no agent", async () => {
    expect(await fails(await lab.agentOf({ command: "no-such-agent" }), "x")).toMatchObject({
      code: "AGENT_NOT_FOUND",
    });
    expect(await fails(await lab.agentOf({ command: "false", args: [] }), "x")).toMatchObject({
      code: "AGENT_CRASHED",
    });
    expect(await fails(await lab.agentOf({ command: "cat", args: [] }), "x")).toMatchObject({
      code: "AGENT_PROTOCOL",
    });
    const nameless = await createAgent(
      { id: "main", workspace: lab.workspace, runtime: { type: "acp", acp: { agent: "no-such-name" } } },
      { env: {}, home: lab.folder, clock: systemClock, random: Math.random, zone: "UTC" },
    );
    expect(await fails(nameless, "x")).toMatchObject({
      code: "AGENT_UNKNOWN",
      hint: expect.stringMatching(/codex/),
    });
  });

  it("survives lines that are no protocol", async () => {
    expect(await ask(await lab.agentOf({}, { ACP_MODE: "noise" }), "hi")).toBe("You said: hi");
  });

  it("cancels a prompt and keeps the process", async () => {
    const agent = await lab.agentOf();
    await ask(agent, "hi");
    expect(messageOf(await stoppedIn(agent, "wait"))).toBe("stopped");
    expect(JSON.parse(await ask(agent, "prompts"))).toEqual(["hi", "wait", "prompts"]);
  });

  it("ends a process that does not listen to a cancel, with everything below it", {
    tags: ["long"],
  }, async () => {
    const agent = await lab.agentOf();
    const [pid, grandchild] = (await ask(agent, "grandchild")).split(" ").map(Number);
    expect([isAlive(pid!), isAlive(grandchild!)]).toEqual([true, true]);
    expect(messageOf(await stoppedIn(agent, "hang"))).toBe("stopped");
    await until("both are gone", () => !isAlive(pid!) && !isAlive(grandchild!));
  });

  it("ends a process that opens no session, and gives its place back", async () => {
    const mute = await lab.agentOf({ maxProcesses: 1 }, { ACP_MODE: "mute" });
    const file = join(lab.folder, "mute.json");
    const abort = new AbortController();
    const running = runTurn(mute, fakeTurn("hi"), abort.signal).catch((error: unknown) => error);
    await until("it is asked for a session", () => existsSync(file));
    const pid = Number(readFileSync(file, "utf8"));
    rmSync(file);
    abort.abort(new Error("stopped"));
    expect(messageOf(await running)).toBe("stopped");
    expect([isAlive(pid), mute.sessions?.()]).toEqual([false, []]);
    const other = fakeTurn("hi", { envelope: { sessionKey: "another" } });
    const next = new AbortController();
    const waiting = runTurn(mute, other, next.signal).catch((error: unknown) => error);
    await until("another session has its place", () => existsSync(file));
    rmSync(file);
    next.abort(new Error("stopped, too"));
    expect(messageOf(await waiting)).toBe("stopped, too");
  });

  it("says where it ended at a limit of its own", async () => {
    const ended = { type: "note", text: "the agent stopped early: max_turn_requests", isLimit: true };
    const { events, text } = await runTurn(lab.shared, fakeTurn("limit half of it"));
    expect(events).toContainEqual(ended);
    expect(text).toBe("half of it");
    expect((await runTurn(lab.shared, fakeTurn("limit"))).events).toContainEqual(ended);
  });

  it("cancels when the turn is left early", async () => {
    const agent = lab.shared;
    for await (const event of agent.run(fakeTurn("blocks"), new AbortController().signal))
      if (event.type === "text") break;
    expect(await ask(agent, "still there?")).toBe("You said: still there?");
  });
});

/** Stops a turn once its prompt has reached the program. @returns what the turn ends with */
async function stoppedIn(agent: Agent, text: string): Promise<unknown> {
  const abort = new AbortController();
  const running = runTurn(agent, fakeTurn(text), abort.signal).catch((error: unknown) => error);
  await until(`the program works on "${text}"`, () => prompts().includes(text));
  abort.abort(new Error("stopped"));
  return running;
}

/** What the programs were asked so far. */
function prompts(): string[] {
  return readdirSync(lab.folder)
    .filter((name) => name.endsWith(".json") && !name.endsWith("-closed.json"))
    .flatMap((name) => {
      const kept = readFileSync(join(lab.folder, name), "utf8");
      // Empty while it is written.
      return kept === "" ? [] : (JSON.parse(kept) as { prompts: string[] }).prompts;
    });
}
