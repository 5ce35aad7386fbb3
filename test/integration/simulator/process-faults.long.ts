import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Simulator } from "../../../src/simulator.js";
import { asProgram, type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";
import { RpcChild } from "../../contract/rpc-client.js";

describe("imsg-sim rpc that misbehaves", () => {
  let imsg: ImsgUnderTest;
  let world: Simulator;
  beforeEach(async () => {
    imsg = await underTest({}, asProgram);
    world = imsg.world;
    world.say({ from: "+15550100123", text: "hello" });
  });
  afterEach(() => imsg.close());

  it("dies once with the code that was asked for, and lives after a restart", async () => {
    world.fault({ kind: "die", code: 7, times: 1, method: "send" });
    const first = imsg.rpc();
    await first.call("chats.list");
    first.raw('{"jsonrpc":"2.0","id":"s","method":"send","params":{"chat_id":1,"text":"x"}}\n');
    expect(await first.exited).toEqual({ code: 7, signal: null });
    expect(world.transcript()).toHaveLength(1);
    expect(await imsg.rpc().call("send", { chat_id: 1, text: "x" })).toMatchObject({ ok: true });
  });

  it("dies after it answered, or after some requests", async () => {
    world.fault({ kind: "die", when: "after", after: 2 });
    const rpc = imsg.rpc();
    for (let i = 0; i < 3; i++) await rpc.call("chats.list");
    expect((await rpc.exited).code).toBe(1);
  });

  it("writes half a line and dies, with the message stored", async () => {
    world.fault({ kind: "half-line", method: "send", code: 9 });
    const rpc = imsg.rpc();
    rpc.raw('{"jsonrpc":"2.0","id":1,"method":"send","params":{"chat_id":1,"text":"half"}}\n');
    expect((await rpc.exited).code).toBe(9);
    expect(rpc.rest).toMatch(/^\{"jsonrpc":"2.0","id":1,"result":/);
    expect(world.transcript().at(-1)?.text).toBe("half");
  });

  it("hangs until a signal ends it", async () => {
    world.fault({ kind: "hang", method: "send" });
    const rpc = imsg.rpc();
    rpc.raw('{"jsonrpc":"2.0","id":1,"method":"send","params":{"chat_id":1,"text":"x"}}\n');
    rpc.raw('{"jsonrpc":"2.0","id":2,"method":"chats.list"}\n');
    rpc.child.stdin.end();
    // Another one comes and goes meanwhile.
    expect(await imsg.rpc().end()).toBe(0);
    expect([rpc.lines, rpc.child.exitCode]).toEqual([[], null]);
    rpc.kill("SIGTERM");
    expect((await rpc.exited).signal).toBe("SIGTERM");
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "leaves to Messages what it had not written yet when %s ends it",
    async (signal) => {
      world.fault({ kind: "late-join", method: "send", ms: 60_000, times: 1 });
      const rpc = imsg.rpc();
      await rpc.call("send", { chat_id: 1, text: "joins late" });
      expect(world.transcript(1).map(({ text }) => text)).toEqual(["hello"]);
      rpc.kill(signal);
      expect(await rpc.exited).toEqual({ code: null, signal });
      expect(world.transcript(1).map(({ text }) => text)).toEqual(["hello", "joins late"]);
    },
  );

  it("ends when stdin closes, and does not wait for what Messages does later", async () => {
    world.fault({ kind: "late-join", method: "send", ms: 600_000, times: 1 });
    const rpc = imsg.rpc();
    await rpc.call("send", { chat_id: 1, text: "joins late" });
    expect(await rpc.end()).toBe(0);
    expect(world.transcript(1).at(-1)?.text).toBe("joins late");
  });

  it("stores a send that it never answers, and goes on", async () => {
    world.fault({ kind: "no-answer", method: "send", times: 1 });
    const rpc = imsg.rpc();
    rpc.raw('{"jsonrpc":"2.0","id":"lost","method":"send","params":{"chat_id":1,"text":"stored"}}\n');
    await rpc.call("chats.list");
    expect(rpc.lines.some(({ id }) => id === "lost")).toBe(false);
    expect(world.transcript().at(-1)?.text).toBe("stored");
  });

  it("makes noise on stderr and stdout", async () => {
    world.fault({ kind: "stderr-noise", lines: 3 }, { kind: "garbage-line", text: "not json", times: 1 });
    const rpc = imsg.rpc();
    await rpc.call("chats.list");
    await rpc.end();
    expect(rpc.garbage).toEqual(["not json"]);
    expect(rpc.stderr.trim().split("\n")).toHaveLength(3);
  });

  it("floods stdout with lines that nobody asked for", async () => {
    world.fault({ kind: "stdout-flood", lines: 5000, times: 1 });
    const rpc = imsg.rpc();
    await rpc.call("chats.list");
    expect(rpc.lines).toHaveLength(5001);
  });

  it("answers an error that was asked for", async () => {
    world.fault({ kind: "error", method: "chats.list", code: -32603, error: "Internal error", text: "boom" });
    expect((await imsg.rpc().request("chats.list")).error).toEqual({
      code: -32603,
      message: "Internal error",
      data: "boom",
    });
  });

  it("takes faults of one process from the environment", async () => {
    const env = { IMSG_SIM_FAULTS: '[{"kind":"die","code":5}]' };
    const doomed = RpcChild.of(asProgram, ["--db", world.dbPath], env);
    doomed.raw('{"id":1,"method":"chats.list"}\n');
    expect((await doomed.exited).code).toBe(5);
    await imsg.rpc().call("chats.list");
  });

  it("concerns a command only when it is named", async () => {
    world.fault({ kind: "die", code: 4, times: 1 }, { kind: "die", code: 6, method: "status", times: 1 });
    expect((await imsg.run("status", "--json")).code).toBe(6);
    expect((await imsg.run("status", "--json")).code).toBe(0);
    const rpc = imsg.rpc();
    rpc.raw('{"id":1,"method":"chats.list"}\n');
    expect((await rpc.exited).code).toBe(4);
  });

  it("answers everything with the permission text before 0.14.0, and exits 1", async () => {
    world.fault({ kind: "database-missing" });
    const rpc = imsg.rpc();
    for (const method of ["chats.list", "no.such.method", "watch.subscribe"]) {
      const { error } = await rpc.request(method);
      expect(error?.code).toBe(-32603);
      expect(String(error?.data).toLowerCase()).toContain("full disk access");
      expect(error?.data).toContain("chat.db");
    }
    rpc.raw("nonsense\n");
    await rpc.until(({ error }) => error?.code === -32700);
    expect(await rpc.end()).toBe(1);
  });

  it("cannot open a database in a folder that is not there", async () => {
    const rpc = RpcChild.of(asProgram, ["--db", join(world.folder, "gone/chat.db")]);
    expect((await rpc.request("chats.list")).error?.code).toBe(-32603);
    expect(await rpc.end()).toBe(1);
  });

  it("recovers from a missing permission since 0.14.0", async () => {
    world.set({ version: "0.14.0" });
    world.fault({ kind: "permission-denied" });
    const rpc = imsg.rpc();
    expect((await rpc.request("chats.list")).error).toMatchObject({
      code: -32002,
      message: "Database unavailable",
      data: { path: world.dbPath, retryable: true },
    });
    expect(await rpc.call("initialize", { protocol_version: 1 })).toMatchObject({
      database: { ready: false },
    });
    world.clearFaults();
    expect(await rpc.call("chats.list")).toHaveProperty("chats");
    expect(await rpc.end()).toBe(0);
  });

  it("goes on with what needs no database, since 0.14.0", async () => {
    world.set({ version: "0.14.0", bridge: true });
    const [{ guid, chatGuid }] = [world.say({ from: "+15550100123", text: "hi" })];
    world.fault({ kind: "permission-denied" });
    const rpc = imsg.rpc();
    const reaction = { message_id: guid, reaction: "love" };
    expect((await rpc.request("tapback", { chat_id: 1, ...reaction })).error?.code).toBe(-32002);
    expect((await rpc.request("send", { chat_id: 1, text: "x" })).error?.code).toBe(-32002);
    expect(await rpc.call("tapback", { chat_guid: chatGuid, ...reaction })).toEqual({
      ok: true,
      reaction: "love",
    });
    expect(await rpc.call("send", { to: "+15550100123", text: "x", transport: "applescript" })).toEqual({
      ok: true,
      transport: "applescript",
    });
    expect(await rpc.call("handles.check", { address: "+15550100123" })).toMatchObject({ available: true });
    await rpc.end();
  });

  it("refuses what is read or looked for in the database although the chat is named whole, since 0.14.0", async () => {
    world.set({ version: "0.15.10", bridge: true });
    const { chatGuid: chat_guid } = world.say({ from: "+15550100123", text: "hi" });
    const { guid: poll_guid } = world.poll("+15550100123", { question: "May I?", options: ["Yes", "No"] });
    const file = join(world.folder, "a.png");
    writeFileSync(file, "a picture");
    const rows = world.transcript();
    world.fault({ kind: "permission-denied" });
    const rpc = imsg.rpc();
    const refused: [method: string, params: object][] = [
      ["send.tracked", { text: "x", attempt_id: "5c1f4a0e-2f0b-4d57-9a53-0f6f4c2b7d10" }],
      ["poll.vote", { poll_guid, option: "Yes" }],
      ["send.sticker", { file }],
      ["send.multipart", { parts: [{ text: "x" }] }],
      ["send.rich", { file }],
      ["send.rich", { url: "https://example.com/a" }],
    ];
    for (const [method, params] of refused)
      expect((await rpc.request(method, { chat_guid, ...params })).error?.code, method).toBe(-32002);
    const byId = await rpc.request("contacts.shouldShareContact", { chat_id: 1 });
    expect(byId.error?.code).toBe(-32002);
    expect(world.transcript()).toEqual(rows);
    expect(await rpc.call("contacts.shouldShareContact", { chat_guid })).toMatchObject({ ok: true });
    expect(await rpc.call("send.rich", { chat_guid, text: "x" })).toMatchObject({ ok: true });
    await rpc.end();
  });

  it("ends with 1 when the database was kept from it, before 0.14.0", async () => {
    world.fault({ kind: "permission-denied" });
    const rpc = imsg.rpc();
    expect((await rpc.request("chats.list")).error?.code).toBe(-32603);
    expect(await rpc.end()).toBe(1);
  });

  it("fails requests on an empty file, but takes a subscription that then ends", async () => {
    const path = join(world.folder, "empty.db");
    writeFileSync(path, "");
    const rpc = RpcChild.of(asProgram, ["--db", path]);
    expect((await rpc.request("chats.list")).error?.code).toBe(-32603);
    expect(await rpc.call("watch.subscribe")).toEqual({ subscription: 1 });
    const { params } = await rpc.until(({ method }) => method === "error");
    expect(params).toMatchObject({ subscription: 1 });
    await rpc.end();
  });

  it("says that the database is locked, and ends the watch with it", async () => {
    world.fault({ kind: "database-locked", ms: 10, times: 2 });
    const rpc = imsg.rpc();
    expect((await rpc.request("chats.list")).error?.data).toBe("database is locked (code: 5)");
    await rpc.call("watch.subscribe");
    const { params } = await rpc.until(({ method }) => method === "error");
    expect(params).toEqual({ subscription: 1, error: { message: "database is locked (code: 5)" } });
    await rpc.call("chats.list");
  });

  it("keeps a watch up that reports nothing", async () => {
    world.fault({ kind: "silent-watch" });
    const rpc = imsg.rpc();
    await rpc.call("watch.subscribe", { since_rowid: -1, debounce_ms: 0 });
    world.say({ from: "+15550100123", text: "unseen" });
    // Another one starts and answers meanwhile.
    await imsg.rpc().call("chats.list");
    expect(rpc.messages()).toEqual([]);
    const { messages } = await rpc.call("messages.history", { chat_id: 1 });
    expect(messages).toHaveLength(2);
  });

  it("reports before it answers the subscription, when told to", async () => {
    world.fault({ kind: "early-notification" });
    const rpc = imsg.rpc();
    await rpc.call("watch.subscribe", { since_rowid: -1 });
    expect(rpc.lines[0]?.method).toBe("message");
  });

  it("goes on with the old file after the database was replaced", async () => {
    const rpc = imsg.rpc();
    await rpc.call("chats.list");
    world.replaceDatabase();
    const other = await imsg.run("say", "--from", "+15550100999", "--text", "in the new file");
    expect(other.code).toBe(0);
    expect(((await rpc.call("chats.list")) as { chats: unknown[] }).chats).toHaveLength(1);
    expect(((await imsg.rpc().call("chats.list")) as { chats: unknown[] }).chats).toHaveLength(2);
  });

  it("records what reached it, when told to", async () => {
    world.set({ record: true });
    await imsg.rpc().call("send", { chat_id: 1, text: "recorded" });
    await imsg.run("status", "--json");
    await imsg.run("send-rich", "--help");
    expect(world.requests()).toMatchObject([
      { method: "send", params: { chat_id: 1, text: "recorded" } },
      { argv: ["status", "--json"] },
      { argv: ["send-rich", "--help", "--db", world.dbPath] },
    ]);
  });
});
