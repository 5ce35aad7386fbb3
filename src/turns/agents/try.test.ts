import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { type AgentDeps, type AgentEvent, ChannelSessions } from "../../agents/index.js";
import { parseConfig } from "../../config/index.js";
import { tryAgent } from "./try.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-try-"));
});
afterEach(() => removeFolder(folder));

const clock = new FakeClock();

/** Tries an agent whose turns are answered by a session that the test plays. */
async function trying(id: string) {
  const sessions = new ChannelSessions(
    clock,
    async () => false,
    () => {},
  );
  const runtime = { type: "channel", oneSession: true };
  const agents = { list: [{ id: "main", systemPrompt: "Be kind.", runtime }] };
  const parsed = await parseConfig(JSON.stringify({ agents }), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const deps: AgentDeps = {
    ...{ env: { PATH: "" }, home: folder, clock, random: () => 0, zone: "UTC", channels: sessions },
  };
  const stop = new AbortController();
  const agent = { id, text: "run it" };
  const events: AgentEvent[] = [];
  const run = async () => {
    for await (const event of tryAgent(parsed.value.config, agent, join(folder, "state"), deps, stop.signal))
      events.push(event);
  };
  return { sessions, run, events, stop };
}

const request = { requestId: "r1", tool: "Bash", description: "rm -rf /", preview: "" };
const left = new AbortController().signal;

it("denies what an agent asks for in a turn that nobody watches, and shows that it asked (behaviour 17.3)", async () => {
  const { sessions, run, events } = await trying("MAIN");
  const { attachment } = sessions.attach({ agentId: "main", account: "default" });
  const ran = run();
  const [push] = await sessions.next(attachment, left);
  expect(push).toMatchObject({ type: "push", content: expect.stringContaining("run it") });
  expect(sessions.permission(attachment, request)).toBe(true);
  expect(await sessions.next(attachment, left)).toEqual([{ type: "verdict", requestId: "r1", allow: false }]);
  const turnId = push?.type === "push" ? push.turnId! : "";
  const replied = sessions.reply(attachment, turnId, "done", []);
  await ran;
  expect(events).toEqual([
    expect.objectContaining({ type: "permission", title: "Bash: rm -rf /" }),
    { type: "text", text: "done" },
  ]);
  sessions.turnEnded(turnId, { outcome: "done", isHeld: false });
  await replied;
});

it("has no conversation to act in", async () => {
  const { sessions, run } = await trying("main");
  const { attachment } = sessions.attach({ agentId: "main", account: "default" });
  const ran = run();
  const [push] = await sessions.next(attachment, left);
  const turnId = push?.type === "push" ? push.turnId! : "";
  const call = (tool: string, input: object) => sessions.tool(attachment, turnId, tool, input);
  for (const [tool, input] of [
    ["message", { action: "send", to: "+15550100123", text: "hi" }],
    ["schedule", { do: "add", text: "hi", inMinutes: 5 }],
    ["ask", { question: "Which?", options: ["A", "B"] }],
  ] as const)
    expect(await call(tool, input)).toMatchObject({ isError: true });
  void sessions.reply(attachment, turnId, "", []).catch(() => {});
  await ran;
});

it("is of an agent of the configuration, or of a known one, and of no other", async () => {
  const unknown = await trying("nobody");
  await expect(unknown.run()).rejects.toMatchObject({
    code: "AGENT_UNKNOWN",
    message: "there is no agent nobody",
    hint: expect.stringContaining("tapback agents list"),
  });
  // It is known by its name, and its program is not on this machine.
  const known = await trying("copilot");
  await expect(known.run()).rejects.toMatchObject({ code: expect.not.stringMatching("AGENT_UNKNOWN") });
  const away = await trying("main");
  await expect(away.run()).rejects.toMatchObject({ code: "AGENT_DETACHED" });
});
