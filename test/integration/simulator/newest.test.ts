import { afterEach, describe, expect, it } from "vitest";
import { type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";
import type { RpcChild } from "../../contract/rpc-client.js";

const mia = "+15550100123";
const open: ImsgUnderTest[] = [];

async function mac(settings: Parameters<typeof underTest>[0] = {}): Promise<ImsgUnderTest> {
  const imsg = await underTest({
    version: "0.19.1",
    bridge: true,
    sip: "disabled",
    watchHoldMs: 20,
    ...settings,
  });
  open.push(imsg);
  return imsg;
}

const reported = (rpc: RpcChild) =>
  rpc.lines
    .filter(({ method }) => method === "message")
    .map(({ params }) => params?.message as Record<string, unknown>);

/** Waits until a watch has reported a message that matches. */
const heard = (rpc: RpcChild, message: object) =>
  expect.poll(() => reported(rpc), { timeout: 20_000 }).toContainEqual(expect.objectContaining(message));

afterEach(async () => {
  for (const imsg of open.splice(0)) await imsg.close();
});

describe("imsg 0.19", () => {
  it.each([
    ["first", { is_edited: true, date_edited: expect.any(String) }, { is_unsent: true }],
    ["second", { edited_at: expect.any(String) }, { retracted: true, retracted_at: expect.any(String) }],
  ] as const)("reports edits and unsends, in the %s shape", async (unseen, edited, unsent) => {
    const imsg = await mac({ unseen });
    const { guid, id } = imsg.world.say({ from: mia, text: "at five" });
    const rpc = imsg.rpc();
    await rpc.call("watch.subscribe", { since_rowid: -1, debounce_ms: 0 });
    await heard(rpc, { guid, text: "at five" });
    imsg.world.edit(guid, "at six");
    await heard(rpc, { guid, id, text: "at six", ...edited });
    imsg.world.unsend(guid);
    await heard(rpc, { guid, id, text: "", ...unsent });
  });

  it("stays what it was started as when another version is installed beneath it", async () => {
    const imsg = await mac({ version: "0.9.0" });
    const { guid } = imsg.world.say({ from: mia, text: "hello" });
    const old = imsg.rpc();
    await old.call("watch.subscribe", { since_rowid: -1, debounce_ms: 0 });
    imsg.world.set({ version: "0.19.1", namePhoto: true });
    expect((await old.request("initialize")).error).toMatchObject({ code: -32601 });
    expect((await old.messagesOf(1))[0]).not.toHaveProperty("cursor");
    const { messages } = await old.call("messages.history", { chat_id: 1 });
    expect(messages).toEqual([expect.not.objectContaining({ is_read: expect.anything() })]);
    // Whatever else is set reaches it.
    imsg.world.set({ bridge: false, sip: "enabled" });
    const reaction = { chat_id: 1, message_id: guid, reaction: "love" };
    expect((await old.request("tapback", reaction)).error?.data).toContain("System Integrity Protection");
    expect(await imsg.rpc().call("initialize")).toMatchObject({ version: "0.19.1" });
  });

  it("takes any emoji under a key of its own, and under reaction in no version", async () => {
    const imsg = await mac();
    const { guid } = imsg.world.say({ from: mia, text: "hello" });
    const on = { chat_id: 1, message_id: guid };
    const rpc = imsg.rpc();
    expect(await rpc.call("tapback", { ...on, emoji: "🎉" })).toEqual({ ok: true, emoji: "🎉" });
    expect(await rpc.call("tapback", { ...on, emoji: "👍" })).toEqual({ ok: true, reaction: "like" });
    for (const version of ["0.9.0", "0.14.0", "0.15.10", "0.19.1"]) {
      imsg.world.set({ version });
      const { error } = await imsg.rpc().request("tapback", { ...on, reaction: "🎉" });
      expect(error, version).toMatchObject({
        code: -32602,
        data: expect.stringContaining("unsupported tapback"),
      });
    }
  });

  it("gives the cursor of the last safe row to what overtakes a text that is held back", async () => {
    const imsg = await mac({ watchHoldMs: 600_000 });
    const { guid } = imsg.world.say({ from: mia, text: "hello" });
    const rpc = imsg.rpc();
    await rpc.call("watch.subscribe", { since_rowid: 1, debounce_ms: 0, include_reactions: true });
    const held = imsg.world.say({ from: mia, text: "see https://example.com" });
    const tapback = imsg.world.tapback(mia, guid, "love");
    await heard(rpc, { id: tapback.id, cursor: held.id - 1 });
    expect(reported(rpc).map(({ id }) => id)).toEqual([tapback.id]);
  });

  it("has no names while Contacts are cold, a helper of another version, and a mode that only reads", async () => {
    const imsg = await mac({ helperVersion: "0.15.6", readOnly: true });
    imsg.world.person(mia, "Mia Wong");
    imsg.world.say({ from: mia, text: "hello" });
    imsg.world.fault({ kind: "contacts-cold", ms: 600_000, times: 1 });
    const cold = imsg.rpc();
    expect(await cold.call("status")).toMatchObject({ contacts: { available: false } });
    expect(JSON.stringify(await cold.call("messages.history", { chat_id: 1 }))).not.toContain("sender_name");
    const warm = imsg.rpc();
    expect(JSON.stringify(await warm.call("messages.history", { chat_id: 1 }))).toContain("Mia Wong");
    expect((await warm.request("send", { chat_id: 1, text: "x" })).error).toMatchObject({
      code: -32001,
      data: "send",
    });
    const status = async () => JSON.parse((await imsg.run("status", "--json")).stdout);
    expect(await status()).toMatchObject({ helper_version_mismatch: expect.stringContaining("0.15.6") });
    await imsg.run("launch");
    expect(await status()).not.toHaveProperty("helper_version_mismatch");
  });

  it("tells what became of a poll's caption in three states", async () => {
    const imsg = await mac();
    imsg.world.say({ from: mia, text: "hello" });
    const rpc = imsg.rpc();
    const poll = { chat_id: 1, question: "Which lake?", options: ["North", "South"] };
    const comment = async (more: object = {}) => (await rpc.call("poll.send", { ...poll, ...more })).comment;
    expect(await comment()).toMatchObject({ requested: true, sent: true, verified: true });
    expect(await comment({ suppress_comment: true })).toEqual({ requested: false, sent: false });
    imsg.world.fault({ kind: "caption", times: 1 });
    expect(await comment()).toMatchObject({ sent: false, disposition: "not_started", retry_safe: true });
    imsg.world.fault({ kind: "caption", stored: true, times: 1 });
    expect(await comment()).toMatchObject({ sent: null, verified: false, retry_safe: false });
    expect(
      (await rpc.request("poll.send", { ...poll, comment: "x", suppress_comment: true })).error?.code,
    ).toBe(-32602);
  });

  it("refuses one parameter under two names, and gives one chat", async () => {
    const imsg = await mac();
    const { guid, chatId } = imsg.world.say({ from: mia, text: "hello" });
    const rpc = imsg.rpc();
    const twice = { chat_id: 1, message_id: guid, message_guid: guid, reaction: "love" };
    expect((await rpc.request("tapback", twice)).error).toMatchObject({ code: -32602 });
    expect(await rpc.call("chats.get", { chat_id: chatId })).toMatchObject({ id: chatId, identifier: mia });
    expect((await rpc.request("chats.get", { chat_id: 99 })).error?.code).toBe(-32602);
    expect((await rpc.request("initialize", { protocol_version: 2 })).error).toMatchObject({
      data: "unsupported protocol_version 2; supported version is 1",
    });
  });
});
