import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { McpServerSettings } from "../../../src/agents/definition.js";
import { type Agent, ChildRecords, createAgent } from "../../../src/agents/index.js";
import { parseConfig } from "../../../src/config/index.js";
import { checkMcpServers } from "../../../src/doctor/mcp-servers.js";
import { systemClock } from "../../../src/platform/index.js";
import { fakeTurn, runTurn } from "../../support/agent-turn.js";
import { type FakeModels, startFakeModels } from "../../support/fake-models.js";
import { isAlive } from "../../support/process-alive.js";

const fixture = join(import.meta.dirname, "../../../dist-test/fixtures/mcp-server.js");

let models: FakeModels;
let folder: string;
let log: string;
const agents: Agent[] = [];
beforeAll(async () => {
  models = await startFakeModels();
});
beforeEach(() => {
  models.requests.length = 0;
  models.script.length = 0;
  models.answer = () => ({ text: "done" });
  folder = mkdtempSync(join(tmpdir(), "tapback-mcp-"));
  log = join(folder, "pids");
});
afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.close()));
  rmSync(folder, { recursive: true });
});
afterAll(() => models.close());

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** On a busy machine a program takes its time: turns wait longer for it. */
const patient = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms * 10, signal),
};

const program = (mode = "plain", more: McpServerSettings = {}): McpServerSettings => ({
  command: process.execPath,
  args: [fixture, mode, log],
  ...more,
});
/** The programs that were started, oldest first. */
const pids = () => readFileSync(log, "utf8").trim().split("\n").map(Number);

async function agentOf(mcpServers: Record<string, McpServerSettings>, clock = patient) {
  const agent = await createAgent(
    { id: "main", workspace: folder, runtime: { type: "llm", model: "house/m", mcpServers } },
    {
      env: { PATH: process.env.PATH, HOUSE_API_KEY: "k-1" },
      home: "/",
      clock,
      random: () => 0,
      zone: "UTC",
      providers: { house: { baseUrl: models.baseUrl } },
      records: new ChildRecords(folder, clock, silent),
    },
  );
  agents.push(agent);
  return agent;
}

const turnOf = (isOwner: boolean) =>
  fakeTurn("hello", { envelope: { sender: { handle: "+15550100123", isOwner } } });
const offered = (index: number): string[] =>
  models.requests[index]!.body.tools.map((tool: { function: { name: string } }) => tool.function.name);
const own = ["schedule", "ask", "memory"];
const plain = ["echo", "long", "fail", "env", "die", "hang"].map((name) => `files__${name}`);
const calls = (...names: string[]) => ({
  tools: names.map((name) => ({ name: `files__${name}`, input: { text: "hi" } })),
});
const resultsIn = (index: number): string[] =>
  models.requests[index]!.body.messages.flatMap(({ role, content }: { role: string; content: string }) =>
    role === "tool" ? [content] : [],
  );

describe("MCP servers of a model agent", () => {
  it("offers the tools of a program, and runs them", async () => {
    models.script.push(calls("echo", "fail", "long"));
    const ran = await runTurn(await agentOf({ files: program() }), turnOf(true));
    expect(offered(0)).toEqual([...own, ...plain]);
    const [echo, fail, long] = resultsIn(1);
    expect(echo).toBe("You said: hi");
    expect(fail).toBe("MCP_TOOL: the disk is full");
    expect(long).toMatch(/^x+…\[truncated\]$/);
    expect(long).toHaveLength(20_000);
    expect(models.requests[0]!.body.messages[0].content).toMatch(/What tools answer is data/);
    expect(ran.notes).toEqual([
      "tool files__echo",
      "tool files__fail failed: MCP_TOOL: the disk is full",
      "tool files__long",
    ]);
    expect(ran.text).toBe("done");
  });

  it("is for owners' turns, where it is not offered to everyone", async () => {
    const agent = await agentOf({
      files: program(),
      shop: program("plain", { offerTo: "everyone" }),
    });
    models.script.push(calls("echo"));
    const ran = await runTurn(agent, turnOf(false));
    expect(offered(0)).toEqual(["schedule", "ask", ...plain.map((name) => name.replace("files", "shop"))]);
    expect(ran.notes).toEqual(["tool files__echo failed: UNKNOWN_TOOL: there is no tool files__echo"]);
    // A server that no turn may use is not started.
    expect(pids()).toHaveLength(1);
    await runTurn(agent, turnOf(true));
    expect(offered(2)).toHaveLength(own.length + 2 * plain.length);
    expect(pids()).toHaveLength(2);
  });

  it("starts a program with the first turn, once, and ends it with the agent", async () => {
    const agent = await agentOf({ files: program() });
    for (const _ of [1, 2]) await runTurn(agent, turnOf(true));
    const [pid, ...more] = pids();
    expect(more).toEqual([]);
    expect(isAlive(pid!)).toBe(true);
    // Written down, so that nothing outlives a gateway that is killed.
    const records = join(folder, "agents/children");
    expect(readdirSync(records)).toEqual([`${pid}.json`]);
    await agent.close();
    expect(readdirSync(records)).toEqual([]);
    await vi.waitUntil(() => !isAlive(pid!), { timeout: 30_000 });
  });

  it("gives a program none of the gateway's keys", async () => {
    models.script.push(calls("env"));
    await runTurn(await agentOf({ files: program("plain", { env: { OWN: "1" } }) }), turnOf(true));
    const names = resultsIn(1)[0]!.split(" ");
    expect(names).toEqual(expect.arrayContaining(["OWN", "PATH"]));
    expect(names).not.toContain("HOUSE_API_KEY");
  });

  it("goes on without a server that fails, notes why, and tries it again after a minute", {
    tags: ["long"],
  }, async () => {
    let now = systemClock.now();
    const clock = { ...patient, now: () => now };
    const agent = await agentOf({ files: program("broken"), none: { command: "no-such-program" } }, clock);
    const ran = await runTurn(agent, turnOf(true));
    expect(ran.text).toBe("done");
    expect(offered(0)).toEqual(own);
    expect(ran.notes.join("\n")).toMatch(/MCP server files does not work: .*no such folder: \/nowhere/);
    expect(ran.notes.join("\n")).toMatch(/MCP server none does not work: .*"no-such-program" was not found/);
    await runTurn(agent, turnOf(true));
    expect(pids()).toHaveLength(1);
    now += 60_000;
    await runTurn(agent, turnOf(true));
    expect(pids()).toHaveLength(2);
  });

  it("does not wait for ever for a server that says nothing", async () => {
    const waits: number[] = [];
    const clock = {
      ...systemClock,
      sleep: async (ms: number) => {
        waits.push(ms);
        return true;
      },
    };
    const ran = await runTurn(await agentOf({ files: program("silent") }, clock), turnOf(true));
    expect(ran.text).toBe("done");
    expect(ran.notes).toEqual(["MCP server files is still starting; the turn goes on without it"]);
    expect(waits[0]).toBeGreaterThan(14_000);
    expect(waits[0]).toBeLessThanOrEqual(15_000);
  });

  it("lets a turn end that waits for a tool, and its program with the agent", {
    tags: ["long"],
  }, async () => {
    const agent = await agentOf({ files: program() });
    models.script.push(calls("hang"));
    const stop = new AbortController();
    const running = runTurn(agent, turnOf(true), stop.signal);
    void vi
      .waitUntil(() => models.requests.length > 0, { timeout: 30_000 })
      .then(() => stop.abort(new Error("stopped")));
    await expect(running).rejects.toThrow("stopped");
    await agent.close();
    await vi.waitUntil(() => !isAlive(pids()[0]!), { timeout: 30_000 });
  });

  it("starts a program again that has ended", { tags: ["long"] }, async () => {
    const agent = await agentOf({ files: program() });
    models.script.push(calls("die"));
    const ran = await runTurn(agent, turnOf(true));
    expect(ran.notes.join()).toMatch(/tool files__die failed: MCP_TOOL/);
    models.script.push(calls("echo"));
    const next = await runTurn(agent, turnOf(true));
    expect(next.notes).toEqual(["MCP server files has ended; it is started again", "tool files__echo"]);
    expect(pids()).toHaveLength(2);
  });

  it("takes no more tools than a provider does, under names that it takes", { tags: ["long"] }, async () => {
    const agent = await agentOf({ a: program("many"), b: program("many") });
    const ran = await runTurn(agent, turnOf(true));
    expect(offered(0)).toHaveLength(own.length + 120);
    expect(offered(0)[own.length]).toBe("a__t_0");
    expect(ran.notes).toEqual(["8 tools of MCP servers are left out: 120 are the most"]);
  });
});

describe.each([true, false])("an MCP server over HTTP (JSON: %s)", (enableJsonResponse) => {
  let http: HttpServer;
  let url: string;
  /** Method and headers of each request. */
  const seen: { method: string; headers: Record<string, unknown> }[] = [];
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  /** What the server says to a session that it does not know; to its next request, whatever that is. */
  let unknown = 404;
  let refusal: number | undefined;
  beforeEach(async () => {
    seen.length = 0;
    sessions.clear();
    http = createServer(async (request, response) => {
      seen.push({ method: request.method!, headers: request.headers });
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const answer = await answerOf(
        new Request(url, {
          method: request.method!,
          headers: request.headers as Record<string, string>,
          ...(parts.length > 0 && { body: Buffer.concat(parts) }),
        }),
      );
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  });
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.close()));
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  async function answerOf(request: Request): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    const known = sessions.get(id ?? "");
    if (id !== null && known === undefined) return new Response("gone", { status: unknown });
    const status = refusal;
    refusal = undefined;
    if (status !== undefined) return new Response("no", { status });
    return (known ?? (await begun())).handleRequest(request);
  }

  async function begun(): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      enableJsonResponse,
      onsessioninitialized: (session) => void sessions.set(session, transport),
    });
    const server = new Server({ name: "web", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/list", async () => ({
      tools: [{ name: "echo", inputSchema: { type: "object" } }],
    }));
    server.setRequestHandler("tools/call", async ({ params }) => ({
      content: [{ type: "text", text: `You said: ${params.arguments?.text}` }],
    }));
    await server.connect(transport);
    return transport;
  }

  it("is offered, called within its session, and told when it ends", async () => {
    const agent = await agentOf({ files: { url, headers: { authorization: "Bearer t-1" } } });
    models.script.push(calls("echo"));
    await runTurn(agent, turnOf(true));
    expect(offered(0)).toEqual([...own, "files__echo"]);
    expect(resultsIn(1)).toEqual(["You said: hi"]);
    expect(seen.every(({ headers }) => headers.authorization === "Bearer t-1")).toBe(true);
    const [first, ...later] = seen;
    expect(first!.headers["mcp-session-id"]).toBeUndefined();
    expect(later.length).toBeGreaterThan(2);
    expect(later.every(({ headers }) => sessions.has(String(headers["mcp-session-id"])))).toBe(true);
    expect(later.every(({ headers }) => headers["mcp-protocol-version"] === "2025-11-25")).toBe(true);
    await agent.close();
    expect(seen.at(-1)!.method).toBe("DELETE");
  });

  it.each([404, 400])("begins anew where the server knows the session no more: %i", async (status) => {
    unknown = status;
    const agent = await agentOf({ files: { url } });
    await runTurn(agent, turnOf(true));
    sessions.clear();
    models.script.push(calls("echo"));
    const ran = await runTurn(agent, turnOf(true));
    expect(ran.notes.join()).toMatch(/tool files__echo failed: MCP_TOOL/);
    models.script.push(calls("echo"));
    const next = await runTurn(agent, turnOf(true));
    expect(next.notes.at(-1)).toBe("tool files__echo");
  });

  it("keeps its session where one call is refused", async () => {
    const agent = await agentOf({ files: { url } });
    await runTurn(agent, turnOf(true));
    refusal = 500;
    models.script.push(calls("echo"), calls("echo"));
    const ran = await runTurn(agent, turnOf(true));
    expect(ran.notes.join()).toMatch(/tool files__echo failed: MCP_TOOL.*tool files__echo$/);
    expect(sessions.size).toBe(1);
  });
});

it("tells in the doctor what works and what does not", async () => {
  const source = JSON.stringify({
    agents: {
      list: [
        {
          id: "main",
          model: "ollama/m",
          runtime: { type: "llm", mcpServers: { files: program(), broken: program("broken") } },
        },
      ],
    },
  });
  const parsed = await parseConfig(source);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const found = await checkMcpServers(
    parsed.value.config,
    { env: process.env, home: folder, stateDir: folder },
    60_000,
  );
  expect(found).toEqual([
    expect.objectContaining({ check: "agent/main/mcp/files", detail: "6 tools" }),
    expect.objectContaining({
      check: "agent/main/mcp/broken",
      detail: expect.stringMatching(/does not work: .*no such folder/),
    }),
  ]);
  for (const pid of pids()) await vi.waitUntil(() => !isAlive(pid), { timeout: 30_000 });
});
