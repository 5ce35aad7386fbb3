import { afterAll, beforeAll, expect, it } from "vitest";
import { AcpHouse, owner } from "../../support/acp-house.js";

const acp = new AcpHouse();
beforeAll(async () => {
  await acp.configure();
});
afterAll(() => acp.close());

const run = async (...args: string[]) => {
  // Its tools are served by the program that was started, so here that has to be ours.
  const inItself = args[1] === "doctor";
  const { code, stdout, stderr } = await acp.house[inItself ? "program" : "tapback"]([...args, "--json"]);
  return { code, value: JSON.parse(stdout || stderr) as Record<string, never> & Record<string, never>[] };
};

it("lists agents and known names, and says what an agent lacks", { tags: ["long"] }, async () => {
  const { code, value } = await run("agents", "list");
  expect(code).toBe(0);
  expect(value.agents).toMatchObject([
    { id: "main", runtime: "demo", default: true },
    { id: "fixture", runtime: "acp" },
  ]);
  expect(value.known).toContainEqual(expect.objectContaining({ name: "codex", title: "OpenAI Codex" }));
  expect(await run("agents", "doctor")).toMatchObject({
    code: 0,
    value: [
      { id: "main", ok: true },
      { ok: true, detail: "fixture started, opened a session and asked for Tapback's tools" },
    ],
  });
  const late = await acp.house.tapback(["agents", "doctor", "fixture"], { ACP_CONNECT: "late" });
  expect(late).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(
      "opened a session; it did not ask for Tapback's tools before a first message",
    ),
  });
  // An id is known as it is written in agents.list.
  expect(await run("agents", "doctor", "Fixture ")).toMatchObject({ value: [{ id: "fixture", ok: true }] });
  expect(await run("agents", "doctor", "nobody")).toMatchObject({ code: 1 });
});

it("lets an agent answer once, and tells why it could not", async () => {
  const { code, value } = await run("agents", "try", "fixture", "hello");
  expect(code).toBe(0);
  expect(value.events).toContainEqual({ type: "text", text: "You said: hello" });
  expect(await run("agents", "try", "fixture", "logout")).toMatchObject({
    code: 1,
    value: { error: { code: "AGENT_LOGIN" } },
  });
  const nobody = await run("agents", "try", "nobody", "hello");
  expect(nobody.value.error).toMatchObject({ code: "AGENT_UNKNOWN", message: "there is no agent nobody" });
  expect(JSON.stringify(nobody.value.error)).not.toContain("/acp");
});

it("tells in advance what would fail, and afterwards what the program said", async () => {
  const cwd = "/nowhere/at/all";
  const list = [
    { id: "cwd", runtime: { type: "acp", acp: { command: process.execPath, cwd } } },
    { id: "key", runtime: { type: "llm", model: "fake/m", fallbackModels: ["anthropic/x"] } },
    { id: "loud", runtime: { type: "acp", acp: { command: "sh", args: ["-c", "echo kaboom >&2; exit 3"] } } },
  ];
  const lab = new AcpHouse();
  try {
    await lab.configure({
      more: { agents: { list }, models: { providers: { fake: { baseUrl: "http://127.0.0.1:1" } } } },
    });
    const env = { ANTHROPIC_API_KEY: "" };
    const { code, stdout } = await lab.house.tapback(["agents", "doctor", "--json"], env);
    expect(code).toBe(1);
    const all = await lab.house.tapback(["doctor", "--json"], env);
    expect(JSON.parse(all.stdout)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          check: "agent/cwd",
          level: "fail",
          remedy: expect.stringContaining("cwd"),
        }),
        expect.objectContaining({ check: "agent/key", level: "fail" }),
        expect.objectContaining({
          check: "agent/loud",
          level: "fail",
          detail: expect.stringContaining("kaboom"),
        }),
      ]),
    );
    expect(JSON.parse(stdout)).toMatchObject([
      { id: "cwd", ok: false, detail: expect.stringContaining(`${cwd}" does not exist`) },
      { id: "key", ok: false, detail: "There is no key for anthropic" },
      { id: "loud", ok: false, detail: expect.stringContaining("exit code 3") },
    ]);
    const tried = await lab.house.tapback(["agents", "try", "loud", "hello"]);
    expect(tried).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^kaboom\nerror: loud ended with exit code 3/),
    });
  } finally {
    await lab.close();
  }
});

it("lists and cancels what is scheduled", async () => {
  const none = await run("schedule", "list");
  expect(none).toEqual({ code: 0, value: [] });
  const gateway = await acp.house.startHere();
  await acp.ask("remind me in 3 hours to drink");
  const { value } = await run("schedule", "list");
  expect(value).toHaveLength(1);
  expect(value[0]).toMatchObject({ account: "default", target: expect.stringMatching(/^chat_id:/) });
  expect(value[0]!.goesAt).toBe(value[0]!.dueAt);
  await run("config", "set", "channels.imessage.outbound.quietHours", "00:00-24:00");
  const [quiet] = (await run("schedule", "list")).value;
  expect(Date.parse(String(quiet!.goesAt))).toBeGreaterThan(Date.parse(String(quiet!.dueAt)));
  expect((await acp.house.tapback(["schedule", "list"])).stdout).toMatch(/, goes .*00:00:00 \(quiet hours\)/);
  expect(await run("schedule", "cancel", String(value[0]!.id))).toMatchObject({ code: 0 });
  expect(await run("schedule", "cancel", String(value[0]!.id))).toMatchObject({
    code: 1,
    value: { error: { code: "SCHEDULE_UNKNOWN" } },
  });
  expect(acp.house.textsTo(owner)).toHaveLength(1);
  await gateway.stop();
});

it("serves no tools without a token", async () => {
  expect(await run("mcp", "--session", "agent:main:main")).toMatchObject({
    code: 1,
    value: { error: { code: "MCP_UNAUTHORISED" } },
  });
});
