import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askGateway } from "./client.js";
import { lockState } from "./lock.js";
import { refuseSecondGateway } from "./second-gateway.js";
import { serveControl } from "./server.js";
import type { ControlMethods } from "./table.js";

let folder: string;
let asked: unknown[];
let close: () => Promise<void>;

/** What each method answers; a method that is not named answers what its test never asks for. */
async function serve(answers: Record<string, unknown>): Promise<void> {
  const methods = new Proxy({} as ControlMethods, {
    get: (_, method: string) => async (parameters: unknown) => {
      asked.push(parameters);
      return answers[method];
    },
  });
  const socket = join(folder, "gateway.sock");
  close = await serveControl(socket, methods);
  const info = { pid: process.pid, startedAt: "2026-11-28T00:00:00Z", version: "1", socket };
  writeFileSync(join(folder, "gateway.json"), JSON.stringify(info));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-control-"));
  asked = [];
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

const status = { gateway: null, defaultAccount: "default", accounts: [] };

it("hands over what fits the table, and the answer", async () => {
  await serve({ status, "message.act": { MessageSid: "7" } });
  expect(await askGateway(folder, "status", { probe: true, timeoutMs: 50 })).toEqual({ result: status });
  const act = { account: undefined, action: "send", parameters: { to: "+15550100001", message: "hi" } };
  expect(await askGateway(folder, "message.act", act)).toEqual({ result: { MessageSid: "7" } });
  expect(asked).toEqual([
    { probe: true, timeoutMs: 50 },
    { action: "send", parameters: act.parameters },
  ]);
});

it("refuses parameters that the table does not have, by their names, before anything is done", async () => {
  await serve({ status });
  const refusals: [method: "status" | "message.act" | "mcp.call", given: unknown, says: string][] = [
    ["status", { probe: "yes" }, 'status: "probe" must be true or false'],
    ["status", { prob: true }, 'status: "prob" is not known here'],
    ["status", [], "status: it must be an object"],
    ["message.act", { action: "send" }, 'message.act: "parameters" must be an object, and is missing'],
    ["message.act", { action: 5, parameters: {} }, 'message.act: "action" must be text'],
    ["message.act", { action: "send", parameters: [] }, 'message.act: "parameters" must be an object'],
    ["mcp.call", { session: "s", tool: "t" }, 'mcp.call: "token" must be text, and is missing'],
  ];
  for (const [method, given, says] of refusals)
    await expect(askGateway(folder, method, given as never)).rejects.toMatchObject({
      code: "CONTROL_PARAMETERS",
      message: says,
    });
  expect(asked).toEqual([]);
});

it("refuses what is no method, even what every object has", async () => {
  await serve({});
  for (const method of ["stop", "toString", "__proto__"])
    await expect(askGateway(folder, method as never, {} as never)).rejects.toMatchObject({
      code: "UNKNOWN_METHOD",
    });
});

it("does not use an answer of another form than the table's", async () => {
  const message = { id: 3, state: "delivered", delivery: { checkedAt: 1, downgraded: "no", failed: false } };
  await serve({ status: { ...status, accounts: [{ id: "a" }] }, "message.status": message });
  await expect(askGateway(folder, "status", {})).rejects.toMatchObject({
    code: "CONTROL_RESULT",
    message: expect.stringContaining('"accounts.0.name" must be text, and is missing'),
  });
  await expect(askGateway(folder, "message.status", { message: "3" })).rejects.toMatchObject({
    code: "CONTROL_RESULT",
    message: expect.stringContaining('"delivery.downgraded" must be true or false'),
  });
});

it("takes an answer that says more than this version knows", async () => {
  await serve({ status: { ...status, mood: "fine" } });
  expect((await askGateway(folder, "status", {}))?.result.accounts).toEqual([]);
});

it("takes files in base64, and says at once of what is too long that it is", async () => {
  await serve({ "message.act": { MessageSid: "7" }, status: { long: "x".repeat(33 * 1024 * 1024) } });
  const send = (bytes: number) =>
    askGateway(folder, "message.act", { action: "upload-file", parameters: { buffer: "A".repeat(bytes) } });
  expect(await send(22_500_000)).toEqual({ result: { MessageSid: "7" } });
  await expect(send(33 * 1024 * 1024)).rejects.toMatchObject({
    code: "CONTROL_PARAMETERS",
    message: expect.stringMatching(/^a request of 346\d{5} bytes is longer than the 33554432 /),
    hint: expect.stringContaining("by its path"),
  });
  expect(asked).toHaveLength(1);
  await expect(askGateway(folder, "status", {})).rejects.toMatchObject({
    code: "CONTROL_RESULT",
    message: expect.stringMatching(/^the gateway's answer to status is too long: /),
  });
});

it("goes on reading behind a request that is too long", async () => {
  await serve({ "message.act": { MessageSid: "7" } });
  const socket = connect(join(folder, "gateway.sock"));
  let said = "";
  socket.on("data", (chunk) => {
    said += chunk;
  });
  const request = { id: 2, method: "message.act", params: { action: "send", parameters: {} } };
  socket.write(`${" ".repeat(33 * 1024 * 1024)}\n${JSON.stringify(request)}\n`);
  await vi.waitUntil(() => said.split("\n").length === 3, { timeout: 50_000 });
  expect(
    said
      .split("\n")
      .slice(0, 2)
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { id: null, error: { code: "CONTROL_PARAMETERS" } },
    { id: 2, result: { MessageSid: "7" } },
  ]);
  socket.destroy();
});

it("asks little for a client that does not read the answers, serves the others, and goes on when it reads", async () => {
  const many = 1000;
  // An answer of 200 KB is more than the socket of a system takes.
  const long = "x".repeat(200_000);
  await serve({ status, "message.act": { long } });
  const silent = connect(join(folder, "gateway.sock")).pause();
  const request = JSON.stringify({
    id: 1,
    method: "message.act",
    params: { action: "send", parameters: {} },
  });
  silent.write(`${request}\n`.repeat(many));
  await vi.waitUntil(() => asked.length > 0);
  for (let i = 0; i < 20; i++) expect(await askGateway(folder, "status", {})).toEqual({ result: status });
  // What it was answered waits for it; 16 at a time, and no more once a megabyte waits.
  expect(asked.length - 20).toBeLessThan(50);
  let bytes = 0;
  silent.on("data", (chunk) => {
    bytes += chunk.length;
  });
  silent.resume();
  await vi.waitUntil(() => bytes > many * long.length, { timeout: 50_000 });
  expect(asked).toHaveLength(many + 20);
  silent.destroy();
});

it("finds nobody where a command died that had the state directory to itself", async () => {
  const lock = lockState(folder, "", 0);
  const left = readFileSync(join(folder, "gateway.json"));
  lock.release();
  // A process that dies removes nothing.
  writeFileSync(join(folder, "gateway.json"), left);
  expect(await askGateway(folder, "status", {})).toBeUndefined();
  await expect(refuseSecondGateway(folder)).resolves.toBeUndefined();
});
