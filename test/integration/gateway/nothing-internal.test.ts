import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AcpHouse, owner } from "../../support/acp-house.js";

const failureReply = "Sorry, something went wrong. Please try again in a moment.";
const secret = "SECRET-CAUSE";

let acp: AcpHouse;
let server: Server;
beforeEach(async () => {
  acp = new AcpHouse();
  server = createServer((_request, response) => {
    response.writeHead(500, { "content-type": "text/plain" }).end(secret);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.close();
  await acp.close();
});

it("tells a contact of every failure the same neutral line, and nothing else", async () => {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const script = join(acp.house.folder, "fails.mjs");
  writeFileSync(
    script,
    `console.log("${secret} half"); console.error("${secret}"); process.exit(Number(process.argv[2]));`,
  );
  const program = join(import.meta.dirname, "../../fixtures/acp-agent.mjs");
  const fixture = (mode: string) => ({
    type: "acp",
    acp: { command: process.execPath, args: [program], env: { ACP_MODE: mode } },
  });
  const command = (output: string, ...args: string[]) => ({
    type: "command",
    command: process.execPath,
    args: [script, ...args],
    output,
  });
  // An agent, and what it is told.
  const failures: [Record<string, unknown>, string][] = [
    [fixture(""), "crash"],
    [fixture(""), "hangup"],
    [fixture(""), "fail"],
    [fixture(""), "refuse"],
    [fixture(""), "logout"],
    [fixture("login"), "hello"],
    [fixture("old"), "hello"],
    [{ type: "acp", acp: { command: `/nowhere/${secret}` } }, "hello"],
    [command("text", "3"), "hello"],
    [command("jsonl", "4"), "hello"],
    [{ type: "command", command: `/nowhere/${secret}` }, "hello"],
    [{ type: "http", url }, "hello"],
    [{ type: "http", url: `http://127.0.0.1:1/${secret}` }, "hello"],
    [{ type: "llm", model: "broken/model" }, "hello"],
    [{ type: "llm", model: "gone/model" }, "hello"],
  ];
  const handleOf = (index: number) => `+1555020${String(index).padStart(4, "0")}`;
  await acp.configure({
    more: {
      agents: { list: failures.map(([runtime], index) => ({ id: `a${index}`, runtime })) },
      bindings: failures.map((_, index) => ({
        agentId: `a${index}`,
        match: { peer: { kind: "direct", id: handleOf(index) } },
      })),
      models: {
        providers: { broken: { baseUrl: url, apiKey: secret }, gone: { baseUrl: "http://127.0.0.1:1/v1" } },
      },
      commands: { ownerAllowFrom: [owner] },
    },
  });
  await acp.house.start();
  for (const [index, [, text]] of failures.entries()) acp.house.mac.say(handleOf(index), text);
  for (const index of failures.keys()) await acp.house.got(handleOf(index), 1, 60_000);
  await acp.house.settled("every turn has failed", 60_000);
  const told = failures.map((failure, index) => [
    JSON.stringify(failure),
    ...acp.house.textsTo(handleOf(index)),
  ]);
  expect(told).toEqual(failures.map((failure) => [JSON.stringify(failure), failureReply]));
}, 120_000);

it("says of a command's failure that it failed, not why", async () => {
  await acp.configure({
    more: { bindings: [{ agentId: "fixture", match: { peer: { kind: "direct", id: owner } } }] },
  });
  await acp.house.start();
  for (const text of [
    "/acp",
    "/acp spawn",
    "/acp steer",
    "/model a b c",
    "/approve zzzz 1",
    "/acp cwd",
    "/acp bogus",
  ]) {
    const said = await acp.ask(text);
    expect(said).not.toMatch(/Error|undefined|\n\s+at |null/);
  }
}, 60_000);
