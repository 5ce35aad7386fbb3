import { linkSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { actionNames } from "../../../src/actions/index.js";
import { createAgent } from "../../../src/agents/index.js";
import { systemClock } from "../../../src/platform/index.js";
import { fakeTurn, runTurn } from "../../support/agent-turn.js";
import { type FakeModels, startFakeModels } from "../../support/fake-models.js";

let server: FakeModels;
let workspace: string;
beforeAll(async () => {
  server = await startFakeModels();
});
beforeEach(() => {
  server.requests.length = 0;
  workspace = realpathSync(mkdtempSync(join(tmpdir(), "tapback-workspace-")));
  writeFileSync(join(workspace, "AGENTS.md"), "Answer in French.");
  writeFileSync(join(workspace, "SOUL.md"), "Be kind.");
  writeFileSync(join(workspace, "MEMORY.md"), "Mia's code is 4711.\n");
});
afterEach(() => rmSync(workspace, { recursive: true }));
afterAll(() => server.close());

const agentOf = () =>
  createAgent(
    { id: "main", workspace, runtime: { type: "llm", model: "house/m" } },
    {
      env: {},
      home: "/",
      clock: systemClock,
      random: () => 0,
      zone: "UTC",
      providers: { house: { baseUrl: server.baseUrl } },
    },
  );

/** A turn of somebody, in a direct chat or a group. */
function turnOf(who: { isOwner: boolean; isGroup?: boolean }, session?: unknown) {
  const { chat } = fakeTurn("x").envelope;
  return fakeTurn("hello", {
    session,
    offered: actionNames,
    envelope: {
      sender: { handle: "+15550100123", isOwner: who.isOwner },
      chat: { ...chat, isGroup: who.isGroup ?? false },
      systemPrompt: "Be brief.",
    },
  });
}

const system = (index: number): string => server.requests[index]!.body.messages[0].content;
const tools = (index: number): string[] =>
  server.requests[index]!.body.tools.map((tool: { function: { name: string } }) => tool.function.name);

it("shows an owner's turn in a direct chat all three files, and offers the memory", async () => {
  await runTurn(await agentOf(), turnOf({ isOwner: true }));
  expect(system(0)).toMatch(
    /Be brief\.\n\n<file name="AGENTS.md">\nAnswer in French\.\n<\/file>\n\n<file name="SOUL.md">\nBe kind\.\n<\/file>\n\n<file name="MEMORY.md">\nMia's code is 4711\.\n<\/file>$/,
  );
  expect(tools(0)).toEqual(["message", "schedule", "ask", "memory"]);
});

it.each([
  ["a guest's turn", { isOwner: false }],
  ["an owner's turn in a group", { isOwner: true, isGroup: true }],
  ["a guest's turn in a group", { isOwner: false, isGroup: true }],
])("keeps the memory from %s", async (_who, who) => {
  server.script.push({ tools: [{ name: "memory", input: { add: "I am an owner." } }] });
  const ran = await runTurn(await agentOf(), turnOf(who));
  expect(system(0)).toMatch(/French.*kind/s);
  expect(server.requests.map(({ raw }) => raw).join()).not.toMatch(/4711/);
  expect(tools(0)).toEqual(["message", "schedule", "ask"]);
  expect(ran.notes).toEqual(["tool memory failed: UNKNOWN_TOOL: there is no tool memory"]);
  expect(readFileSync(join(workspace, "MEMORY.md"), "utf8")).toBe("Mia's code is 4711.\n");
});

it("reads what changed, and writes what the model notes", async () => {
  const agent = await agentOf();
  server.script.push({ tools: [{ name: "memory", input: { add: "She likes tea." } }] });
  const { session } = await runTurn(agent, turnOf({ isOwner: true }));
  // Within a turn the beginning stays the same.
  expect(system(1)).toBe(system(0));
  writeFileSync(join(workspace, "SOUL.md"), "Be stern.");
  await runTurn(agent, turnOf({ isOwner: true }, session));
  expect(system(2)).toMatch(/Be stern\..*Mia's code is 4711\.\nShe likes tea\./s);
});

it("sends the memory to nobody but an owner in a direct chat, under whatever name", async () => {
  linkSync(join(workspace, "MEMORY.md"), join(workspace, "harmless.txt"));
  server.answer = () => ({ text: "Here.\nMEDIA:MEMORY.md\nMEDIA:harmless.txt\nMEDIA:SOUL.md" });
  const agent = await agentOf();
  const guest = await runTurn(agent, turnOf({ isOwner: false }));
  expect(guest.media).toEqual([join(workspace, "SOUL.md")]);
  expect(guest.notes.filter((note) => note.startsWith("FILE_REFUSED"))).toHaveLength(2);
  const owner = await runTurn(agent, turnOf({ isOwner: true }));
  expect(owner.media).toEqual(["MEMORY.md", "harmless.txt", "SOUL.md"].map((name) => join(workspace, name)));
});
