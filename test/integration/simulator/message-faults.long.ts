import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Settings, Simulator } from "../../../src/simulator.js";
import { asProgram, type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";

const mia = "+15550100123";

describe("messages that go wrong", () => {
  let imsg: ImsgUnderTest;
  let world: Simulator;
  beforeEach(async () => {
    imsg = await underTest({}, asProgram);
    world = imsg.world;
    world.say({ from: mia, text: "hello" });
  });
  afterEach(() => imsg.close());
  const watching = async (settings: Partial<Settings> = {}, params = {}) => {
    world.set(settings);
    const rpc = imsg.rpc();
    await rpc.call("watch.subscribe", { since_rowid: 1, debounce_ms: 0, ...params });
    return rpc;
  };

  it.each([-1743, -1728, -1712, -600])("are refused by Messages with %i", async (error) => {
    world.fault({ kind: "send-error", error });
    const answer = await imsg.rpc().request("send", { chat_id: 1, text: "x" });
    expect(answer.error).toMatchObject({ code: -32603, message: "Internal error" });
    expect(answer.error?.data).toMatch(/^AppleScript failed:/);
    expect(answer.error?.data).toContain(`(${error})`);
    expect(world.transcript()).toHaveLength(1);
    const { code, stdout } = await imsg.run("send", "--chat-id", "1", "--text", "x");
    expect([code, stdout.includes(`(${error})`)]).toEqual([1, true]);
  });

  it("may be stored although an error is answered, which 0.14.0 calls unknown", async () => {
    world.set({ version: "0.14.0" });
    world.fault({ kind: "send-error", error: -1712, stored: true });
    const { error } = await imsg.rpc().request("send", { chat_id: 1, text: "maybe" });
    expect(error).toMatchObject({
      code: -32001,
      data: { disposition: "may_have_completed", retry_safe: false },
    });
    expect(world.transcript().at(-1)?.text).toBe("maybe");
    world.clearFaults();
    world.fault({ kind: "send-error", error: -1743 });
    const refused = await imsg.rpc().request("send", { chat_id: 1, text: "surely not" });
    expect(refused.error).toMatchObject({
      code: -32603,
      message: "Delivery failed before dispatch",
      data: { disposition: "not_started", retry_safe: true, transport: "applescript" },
    });
  });

  it("are answered without id when the fault or the stored form hides the row", async () => {
    const bare = { ok: true, transport: "applescript" };
    world.fault({ kind: "no-guid", times: 1 });
    const rpc = imsg.rpc();
    expect(await rpc.call("send", { chat_id: 1, text: "one" })).toEqual(bare);
    world.set({ body: "attributed" });
    expect(await rpc.call("send", { chat_id: 1, text: "two" })).toEqual(bare);
    expect(world.transcript().map(({ text }) => text)).toEqual(["hello", "one", "two"]);
  });

  it("become a ghost row in a group on macOS 26", async () => {
    const group = world.group([mia, "sam@example.com"]);
    world.fault({ kind: "ghost-row" });
    const { error } = await imsg.rpc().request("send", { chat_id: group.id, text: "lost" });
    expect(error?.data).toMatch(/^AppleScript failed:.*wrote an unjoined empty outgoing row \(\d+\)/s);
    expect(world.transcript(group.id)).toEqual([]);
  });

  it("are not delivered, and message.send_status knows", async () => {
    world.set({ version: "0.10.0" });
    world.fault({ kind: "undelivered", times: 1 });
    const rpc = imsg.rpc();
    const failed = await rpc.call("send", { chat_id: 1, text: "x" });
    const sent = await rpc.call("send", { chat_id: 1, text: "y" });
    expect(await rpc.call("message.send_status", { guid: failed.guid })).toMatchObject({
      send_state: "failed",
    });
    expect(await rpc.call("message.send_status", { guid: sent.guid })).toMatchObject({
      send_state: "delivered",
      status_fields: { is_delivered: true, error: 0 },
    });
    expect(await rpc.call("message.send_status", { guid: "UNKNOWN" })).toMatchObject({
      send_state: "pending",
      status_fields: null,
    });
  });

  it("come without their chat at first: once with chat_id 0 before 0.10.0", async () => {
    world.fault({ kind: "late-join", ms: 100, times: 1 });
    const rpc = await watching();
    world.say({ from: mia, text: "late" });
    expect((await rpc.messagesOf(1))[0]).toMatchObject({
      text: "late",
      chat_id: 0,
      chat_guid: "",
      participants: [],
    });
    await world.settled();
    world.say({ from: mia, text: "next" });
    await rpc.messagesOf(2);
    expect(rpc.messages().map(({ text }) => text)).toEqual(["late", "next"]);
    expect(world.transcript().map(({ text }) => text)).toContain("late");
  });

  it("come without their chat at first: held back until it is there since 0.10.0", async () => {
    world.fault({ kind: "late-join", ms: 50, times: 1 });
    const rpc = await watching({ version: "0.10.0" });
    world.say({ from: mia, text: "late" });
    await world.settled();
    expect((await rpc.messagesOf(1))[0]).toMatchObject({ text: "late", chat_id: 1 });
  });

  it("have a file that is not there yet", async () => {
    const file = join(world.folder, "IMG_2042.heic");
    writeFileSync(file, "picture");
    world.fault({ kind: "late-attachment", ms: 50 });
    const rpc = await watching({}, { attachments: true });
    world.say({ from: mia, attach: [file] });
    const [message] = await rpc.messagesOf(1);
    expect(message?.attachments).toEqual([
      {
        filename: "",
        transfer_name: "IMG_2042.heic",
        uti: "public.heic",
        mime_type: "image/heic",
        total_bytes: 0,
        is_sticker: false,
        original_path: "",
        missing: true,
      },
    ]);
    await world.settled();
    const { messages } = await rpc.call("messages.history", { chat_id: 1, limit: 1, attachments: true });
    expect((messages as never[])[0]).toMatchObject({ attachments: [{ total_bytes: 7, missing: false }] });
  });

  it("look as if somebody else had sent them, for a moment", async () => {
    world.fault({ kind: "wrong-direction", ms: 50, method: "send" });
    const rpc = await watching();
    await rpc.call("send", { chat_id: 1, text: "mine" });
    expect((await rpc.messagesOf(1))[0]).toMatchObject({ text: "mine", is_from_me: false });
    await vi.waitFor(() => expect(world.transcript().at(-1)?.from).toBe("me"));
  });

  it("come twice in a chat with oneself, once for each direction", async () => {
    world.set({ me: ["+15550100999"] });
    const self = world.say({ from: "+15550100999", text: "note to self" });
    const rpc = imsg.rpc();
    await rpc.call("watch.subscribe", { since_rowid: 1, debounce_ms: 0 });
    await rpc.messagesOf(2);
    await rpc.call("send", { chat_id: self.chatId, text: "answer" });
    const rows = await rpc.messagesOf(4);
    expect(rows.map(({ text, is_from_me }) => [text, is_from_me])).toEqual([
      ["note to self", true],
      ["note to self", false],
      ["answer", true],
      ["answer", false],
    ]);
    expect(new Set(rows.map(({ guid }) => guid)).size).toBe(4);
    for (const row of rows)
      expect(row).toMatchObject({
        sender: "+15550100999",
        chat_identifier: "+15550100999",
        destination_caller_id: "+15550100999",
        is_group: false,
      });
  });

  it("split a link off into a row of its own, folded by version", async () => {
    const link = "https://example.com/post/1";
    world.fault({ kind: "split-send", ms: 0 });
    const old = await watching();
    world.say({ from: mia, text: `summarize ${link}` });
    await old.messagesOf(2);
    expect(old.messages().map(({ text }) => text)).toEqual([`summarize ${link}`, link]);
    await old.end();
    const folding = await watching({ version: "0.14.0" });
    expect((await folding.messagesOf(1))[0]).toMatchObject({
      text: `summarize ${link}`,
      url_preview: { id: 3 },
      cursor: 3,
    });
    world.say({ from: mia, text: "after" });
    await folding.messagesOf(2);
    expect(folding.messages().map(({ text }) => text)).toEqual([`summarize ${link}`, "after"]);
  });

  it("arrive as a backlog: fresh row ids, old times out of order", async () => {
    const rows = world.burst(mia, 5, 3_600_000);
    const rpc = await watching();
    const messages = await rpc.messagesOf(5);
    expect(messages.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    const times = messages.map(({ created_at }) => Date.parse(String(created_at)));
    expect(times).not.toEqual([...times].sort());
    for (const time of times) expect(Date.now() - time).toBeGreaterThan(25 * 60_000);
  });

  it("are stored again with a new row id and GUID", async () => {
    const [first] = world.transcript();
    const again = world.reinsert(first!.guid);
    const rpc = await watching();
    const [message] = await rpc.messagesOf(1);
    expect(message).toMatchObject({ id: again.id, guid: again.guid, text: "hello", created_at: first!.at });
    expect(again.guid).not.toBe(first!.guid);
  });

  it("carry the chat name that the process first saw, before 0.14.0", async () => {
    const { id } = world.group([mia, "sam@example.com"], { name: "Old" });
    world.say({ from: mia, chat: id, text: "before" });
    for (const version of ["0.9.0", "0.14.0"]) {
      world.rename(mia, id, "Old");
      const rpc = await watching({ version });
      await rpc.until(() => rpc.messages().some(({ text }) => text === "before"));
      world.rename(mia, id, "New");
      const said = world.say({ from: mia, chat: id, text: "after" });
      await rpc.until(() => rpc.messages().some(({ guid }) => guid === said.guid));
      const seen = rpc.messages().find(({ guid }) => guid === said.guid)?.chat_name;
      expect(seen, version).toBe(version === "0.9.0" ? "Old" : "New");
      await rpc.end();
    }
  });

  it("drain 100 a poll", async () => {
    for (let i = 0; i < 250; i++) world.say({ from: mia, text: `n${i}` });
    const rpc = await watching({ watchPollMs: 60_000 });
    await rpc.messagesOf(100);
    await rpc.call("chats.list");
    expect(rpc.messages()).toHaveLength(100);
    world.say({ from: mia, text: "a change on disk" });
    await rpc.messagesOf(200);
    await rpc.call("send", { chat_id: 1, text: "another" });
    const all = await rpc.messagesOf(252);
    expect(all.map(({ id }) => id)).toEqual(Array.from({ length: 252 }, (_, i) => i + 2));
  });

  it("overflow a small buffer since 0.14.0", async () => {
    for (let i = 0; i < 5; i++) world.say({ from: mia, text: `n${i}` });
    const rpc = await watching({ version: "0.14.0" }, { buffer_limit: 2 });
    const { params } = await rpc.until(({ method }) => method === "watch.overflow");
    expect(params).toEqual({
      subscription: 1,
      resume_after_rowid: 3,
      reason: "buffer_limit_exceeded",
      terminal: true,
    });
    expect(rpc.messages()).toHaveLength(2);
  });
});
