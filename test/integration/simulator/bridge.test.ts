import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulator } from "../../../src/simulator.js";
import { type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";
import type { RpcChild } from "../../contract/rpc-client.js";
import { removeFolder } from "../../support/remove-folder.js";

const mia = "+15550100123";
const chatGuid = `iMessage;-;${mia}`;

describe("the private API over RPC", () => {
  let imsg: ImsgUnderTest;
  let world: Simulator;
  let rpc: RpcChild;
  let theirs: string;
  const folder = mkdtempSync(join(tmpdir(), "bridge-"));
  const picture = join(folder, "picture.png");
  beforeAll(async () => {
    writeFileSync(picture, "png");
    imsg = await underTest({ bridge: true, sip: "disabled" });
    world = imsg.world;
    theirs = world.say({ from: mia, text: "hello" }).guid;
    rpc = imsg.rpc();
  });
  afterAll(async () => {
    await imsg.close();
    await removeFolder(folder);
  });
  const last = () => world.transcript().at(-1)!;

  it("sends through the bridge, and tells the GUID without an id at 0.9.0", async () => {
    const result = await rpc.call("send", { chat_id: 1, text: "over the bridge" });
    expect(result).toEqual({ ok: true, transport: "bridge", guid: last().guid });
    const both = await rpc.request("send", { chat_id: 1, text: "x", file: picture, transport: "bridge" });
    expect(both.error?.data).toBe("bridge transport does not support text and file together");
  });

  it("defers styled text unless data detection is off", async () => {
    expect(
      await rpc.call("send.rich", {
        chat_guid: chatGuid,
        text: "styled",
        effect: "impact",
        reply_to: theirs,
      }),
    ).toEqual({
      ok: true,
      queued: true,
    });
    expect(last()).toMatchObject({
      text: "styled",
      effect: "com.apple.MobileSMS.expressivesend.impact",
      thread: theirs,
    });
    const result = await rpc.call("send.rich", { chat_guid: chatGuid, text: "at once", dd_scan: false });
    expect(result).toEqual({ ok: true, queued: false, guid: last().guid, message_id: last().guid });
    const { messages } = await rpc.call("messages.history", { chat_id: 1, limit: 2 });
    expect((messages as never[])[1]).toMatchObject({ reply_to_guid: theirs, thread_originator_guid: theirs });
  });

  it("sends files, but none behind a symbolic link", async () => {
    const result = await rpc.call("send.attachment", { chat_guid: chatGuid, file: picture });
    expect(result).toMatchObject({ ok: true, guid: last().guid });
    expect(last().attachments[0]).toMatch(/picture\.png$/);
    const link = join(folder, "link.png");
    symlinkSync(picture, link);
    expect((await rpc.request("send.attachment", { chat_guid: chatGuid, file: link })).error?.code).toBe(
      -32603,
    );
    expect((await rpc.request("send.attachment", { chat_guid: chatGuid })).error?.data).toBe(
      "file is required",
    );
  });

  it.each([
    ["heart", "love", "❤️"],
    ["👍", "like", "👍"],
    ["emphasis", "emphasize", "‼️"],
    ["!!", "emphasize", "‼️"],
    ["haha", "laugh", "😂"],
  ])("puts and removes the tapback %s", async (given, name, emoji) => {
    const target = { chat_id: 1, message_id: theirs, reaction: given };
    expect(await rpc.call("tapback", target)).toEqual({ ok: true, reaction: name });
    const mine = () => world.transcript(1).find(({ guid }) => guid === theirs)!.tapbacks;
    expect(mine()).toContainEqual({ emoji, from: "me" });
    expect(await rpc.call("tapback", { ...target, remove: true })).toEqual({
      ok: true,
      reaction: `remove-${name}`,
    });
    expect(mine()).toEqual([]);
  });

  it("says what is wrong with a tapback", async () => {
    const reason = async (params: Record<string, unknown>) =>
      (await rpc.request("tapback", params)).error?.data;
    expect(await reason({ chat_id: 1, reaction: "love" })).toBe("message_id or message_guid is required");
    expect(await reason({ chat_id: 1, message_id: theirs })).toBe("reaction, kind, or emoji is required");
    expect(await reason({ chat_id: 1, message_id: theirs, reaction: "🎉" })).toMatch(
      /^unsupported tapback reaction 🎉;/,
    );
    expect(await reason({ message_id: theirs, reaction: "love" })).toBe(
      "chat_guid, chat_identifier, or chat_id is required",
    );
    expect(await reason({ chat_id: 1, message_id: "NOPE", reaction: "love" })).toMatch(
      /^Dylib error: Message not found/,
    );
    expect(await reason({ chat_guid: "iMessage;-;x", message_id: theirs, reaction: "love" })).toBe(
      "Dylib error: Chat not found: iMessage;-;x",
    );
  });

  it("edits and unsends own messages only", async () => {
    const { guid } = await rpc.call("send", { chat_id: 1, text: "at 5" });
    expect(await rpc.call("message.edit", { chat_id: 1, message_id: guid, text: "at 6" })).toEqual({
      ok: true,
    });
    expect(last()).toMatchObject({ text: "at 6", edited: true });
    expect(await rpc.call("message.unsend", { chat_id: 1, message_id: guid })).toEqual({ ok: true });
    expect(last()).toMatchObject({ text: "", unsent: true });
    const refused = await rpc.request("message.edit", { chat_id: 1, message_id: theirs, text: "x" });
    expect(refused.error?.data).toMatch(/^Dylib error:/);
    expect(await rpc.call("message.delete", { chat_id: 1, message_id: guid })).toEqual({ ok: true });
    expect(world.transcript().some((entry) => entry.guid === guid)).toBe(false);
  });

  it("makes a group, changes it, and leaves it", async () => {
    const { chat_guid } = await rpc.call("chats.create", {
      addresses: [mia, "sam@example.com"],
      name: "Trip",
      text: "hi all",
    });
    const group = world.chat(String(chat_guid));
    const target = { chat_guid };
    for (const [method, params] of [
      ["group.rename", { name: "Trip 2026" }],
      ["group.addParticipant", { address: "ada@example.com" }],
      ["group.removeParticipant", { address: "sam@example.com" }],
      ["group.setIcon", { file: picture }],
      ["group.setIcon", {}],
      ["chats.markUnread", {}],
      ["group.leave", {}],
    ] as const)
      expect(await rpc.call(method, { ...target, ...params }), method).toEqual({ ok: true });
    expect(world.transcript(group.id).map(({ event, text }) => event ?? text)).toEqual([
      "hi all",
      "named the conversation “Trip 2026”",
      "added someone",
      "removed someone",
      "changed the picture",
      "removed the picture",
      "left",
    ]);
    expect(world.chat(group.id).displayName).toBe("Trip 2026");
    const direct = await rpc.request("group.rename", { chat_id: 1, name: "x" });
    expect(direct.error?.data).toMatch(/^Dylib error: Chat is not a group/);
    expect(await rpc.call("chats.delete", target)).toEqual({ ok: true });
    expect(() => world.chat(group.id)).toThrow(/no chat/);
  });

  it("types and reads where it leaves a trace beside the database", async () => {
    await rpc.call("typing", { to: mia });
    await rpc.call("typing", { chat_id: 1, typing: false });
    await rpc.call("read", { to: mia });
    expect(world.events()).toMatchObject([
      { event: "unread" },
      { event: "typing", chatGuid, on: true },
      { event: "typing", chatGuid, on: false },
      { event: "read", chatGuid },
    ]);
  });

  it("stops answering when the helper is gone, and auto goes on with AppleScript", async () => {
    world.fault({ kind: "bridge-lost", ms: 5 });
    const bridge = await rpc.request("send", { chat_id: 1, text: "x", transport: "bridge" });
    expect(bridge.error).toMatchObject({
      code: -32603,
      data: "Timed out waiting for response to 'send-message'",
    });
    expect(await rpc.call("send", { chat_id: 1, text: "by script" })).toMatchObject({
      transport: "applescript",
    });
    const status = JSON.parse((await imsg.run("status", "--json")).stdout);
    expect(status).toMatchObject({
      advanced_features: true,
      v2_ready: false,
      bridge_version: 0,
      selectors: {},
    });
    expect((await imsg.run("launch", "--json")).code).toBe(0);
    expect(await rpc.call("send", { chat_id: 1, text: "back" })).toMatchObject({ transport: "bridge" });
  });
});

describe("the private API by version", () => {
  it("is refused with SIP on, and launched by itself with SIP off before 0.14.0", async () => {
    const imsg = await underTest({});
    const { guid } = imsg.world.say({ from: mia, text: "hello" });
    const rpc = imsg.rpc();
    const tapback = () => rpc.request("tapback", { chat_id: 1, message_id: guid, reaction: "love" });
    expect((await tapback()).error?.data).toContain("System Integrity Protection (SIP) is enabled");
    imsg.world.set({ sip: "disabled" });
    expect((await tapback()).result).toEqual({ ok: true, reaction: "love" });
    expect(imsg.world.settings().bridge).toBe(true);
    await imsg.close();
  });

  it.each(["0.13.0", "0.19.1"])("offers Name & Photo until it was shared, as %s", async (version) => {
    const imsg = await underTest({ version, bridge: true, sip: "disabled" });
    const { world } = imsg;
    world.say({ from: mia, text: "hello" });
    world.say({ from: "+15550100124", text: "hello", service: "SMS" });
    const rpc = imsg.rpc();
    const offer = async () => rpc.call("contacts.shouldShareContact", { chat_id: 1 });
    const share = (chat_id: number) => rpc.request("contacts.shareContactCard", { chat_id });
    expect(await offer()).toMatchObject({ has_personal_nickname: false, should_offer: false });
    expect(JSON.stringify((await share(1)).error)).toContain("No personal Name & Photo is configured");
    world.set({ namePhoto: true });
    expect(await offer()).toEqual({
      ...{ ok: true, can_inspect_offer: true, can_share: true },
      ...{ personal_nickname_loaded: true, has_personal_nickname: true, should_offer: true },
    });
    expect((await share(1)).result).toEqual({ ok: true, requested: true });
    expect(await offer()).toMatchObject({ has_personal_nickname: true, should_offer: false });
    expect(JSON.stringify((await share(2)).error)).toContain("requires an iMessage chat");
    const shared = world.events().filter(({ event }) => event === "name-photo");
    expect(shared.map(({ chatGuid: guid }) => guid)).toEqual([chatGuid]);
    await imsg.close();
  });

  it("tells how far a delivery went since 0.14.0, and blocks behind one in flight", async () => {
    const imsg = await underTest({ version: "0.14.0" });
    const { guid } = imsg.world.say({ from: mia, text: "hello" });
    const rpc = imsg.rpc();
    const tapback = () => rpc.request("tapback", { chat_id: 1, message_id: guid, reaction: "love" });
    expect((await tapback()).error).toMatchObject({
      code: -32603,
      message: "Delivery failed before dispatch",
      data: { retry_safe: true, disposition: "not_started", transport: "bridge", operation: "send-reaction" },
    });
    expect((await rpc.request("handles.check", { address: mia })).error).toMatchObject({ code: -32003 });
    imsg.world.set({ bridge: true, sip: "disabled" });
    imsg.world.fault({ kind: "bridge-lost", ms: 1, inFlight: true, times: 1 });
    expect((await tapback()).error).toMatchObject({ code: -32001, data: { disposition: "still_in_flight" } });
    expect((await tapback()).error).toMatchObject({ code: -32004, message: "Mutation lane blocked" });
    expect(await rpc.call("chats.list")).toHaveProperty("chats");
    expect(
      (await imsg.rpc().request("tapback", { chat_id: 1, message_id: guid, reaction: "like" })).result,
    ).toBeDefined();
    await imsg.close();
  });

  it("launches Messages for typing and receipts alone since 0.14.0", async () => {
    const imsg = await underTest({ version: "0.14.0", sip: "disabled" });
    const { guid } = imsg.world.say({ from: mia, text: "hello" });
    const rpc = imsg.rpc();
    const tapback = { chat_id: 1, message_id: guid, reaction: "love" };
    expect((await rpc.request("tapback", tapback)).error?.code).toBe(-32603);
    expect(await rpc.call("typing", { to: mia })).toEqual({ ok: true });
    expect(imsg.world.settings().bridge).toBe(true);
    expect((await rpc.request("typing", { to: mia, service: "pigeon" })).error).toMatchObject({
      code: -32602,
      data: "Invalid service: pigeon",
    });
    await imsg.close();
  });

  it("is there again when it was lost once", async () => {
    const imsg = await underTest({ bridge: true, sip: "disabled" });
    const { guid } = imsg.world.say({ from: mia, text: "hello" });
    imsg.world.fault({ kind: "bridge-lost", ms: 1, times: 1 });
    const ready = async () => JSON.parse((await imsg.run("status", "--json")).stdout).v2_ready;
    expect(await ready()).toBe(false);
    const rpc = imsg.rpc();
    const tapback = () => rpc.request("tapback", { chat_id: 1, message_id: guid, reaction: "love" });
    expect((await tapback()).error?.data).toContain("Timed out waiting");
    expect((await tapback()).result).toBeDefined();
    expect(await ready()).toBe(true);
    await imsg.close();
  });

  it("finds people by their contacts' names", async () => {
    const imsg = await underTest({ bridge: true, sip: "disabled" });
    const { world } = imsg;
    world.person(mia, "Mia Wong");
    world.person("sam@example.com", "Sam");
    world.person("sam@example.org", "Sam");
    world.say({ from: mia, text: "hello" });
    const rpc = imsg.rpc();
    expect(await rpc.call("send", { to: "mia wong", text: "hi", transport: "bridge" })).toMatchObject({
      ok: true,
      transport: "bridge",
    });
    expect(await rpc.call("typing", { to: "Mia Wong" })).toEqual({ ok: true });
    expect(await rpc.call("read", { to: "Mia Wong" })).toEqual({ ok: true });
    for (const method of ["send", "typing", "read"])
      expect((await rpc.request(method, { to: "Sam", text: "x" })).error, method).toMatchObject({
        code: -32602,
        data: expect.stringMatching(/^Invalid chat target: Sam/),
      });
    await imsg.close();
  });

  it("sends a sticker as one", async () => {
    const imsg = await underTest({ version: "0.14.0", bridge: true, sip: "disabled" });
    imsg.world.say({ from: mia, text: "hello" });
    const file = join(imsg.world.folder, "cat.png");
    writeFileSync(file, "png");
    const rpc = imsg.rpc();
    await rpc.call("send.sticker", { chat_id: 1, file });
    const { messages } = await rpc.call("messages.after", { since_rowid: 1, attachments: true });
    expect(messages).toMatchObject([{ attachments: [{ is_sticker: true, transfer_name: "cat.png" }] }]);
    await imsg.close();
  });

  it("brings polls, status and messages.after with their versions", async () => {
    const imsg = await underTest({ version: "0.14.0", bridge: true, sip: "disabled" });
    imsg.world.say({ from: mia, text: "hello" });
    const rpc = imsg.rpc();
    await rpc.call("watch.subscribe", { since_rowid: 1, debounce_ms: 0 });
    const sent = await rpc.call("poll.send", {
      chat_id: 1,
      question: "Dinner?",
      options: ["Pizza", "Sushi"],
    });
    const { options } = sent.poll as { options: { id: string; text: string }[] };
    await rpc.call("poll.vote", { chat_id: 1, poll_guid: sent.guid, option_index: 2 });
    const gone = await rpc.call("poll.unvote", {
      chat_id: 1,
      poll_guid: sent.guid,
      option_id: options[1]!.id,
    });
    expect(gone).toMatchObject({
      event: "imessage.poll.unvoted",
      option_text: "Sushi",
      remaining_option_ids: [],
    });
    const [created, caption, vote, unvote] = await rpc.messagesOf(4);
    expect(created?.poll).toMatchObject({
      kind: "created",
      question: "Dinner?",
      poll_guid: sent.guid,
      options,
    });
    expect(caption).toMatchObject({ text: "Dinner?", is_from_me: true });
    expect(vote).toMatchObject({
      reply_to_guid: sent.guid,
      poll: { kind: "vote", vote: { option_text: "Sushi", event_type: "selected" } },
    });
    expect(unvote?.poll).not.toHaveProperty("votes");
    const status = await rpc.call("status");
    expect(status).toMatchObject({ protocol_version: 1, database: { ready: true }, bridge: { ready: true } });
    expect(status.methods).toEqual(status.supported_methods);
    const page = await rpc.call("messages.after", { since_rowid: 0, limit: 2 });
    expect(page).toMatchObject({ next_rowid: 2, has_more: true });
    expect(await rpc.call("messages.search", { query: "hel" })).toMatchObject({
      messages: [{ text: "hello" }],
    });
    expect(await rpc.call("messages.stats")).toMatchObject({ total_messages: 5, received_messages: 1 });
    await rpc.call("bridge.events.subscribe");
    await rpc.call("chats.list");
    imsg.world.typing(mia);
    const { params } = await rpc.until(({ method }) => method === "bridge.event");
    expect(params).toMatchObject({ event: { event: "started-typing", data: { chatGuid } } });
    await imsg.close();
  });

  it("does not know later methods earlier", async () => {
    const imsg = await underTest({});
    const rpc = imsg.rpc();
    for (const method of ["poll.send", "status", "initialize", "messages.after", "message.send_status"])
      expect((await rpc.request(method)).error, method).toMatchObject({ code: -32601, data: method });
    const { stdout } = await imsg.run("poll", "send", "--help");
    expect(stdout.toLowerCase()).not.toContain("--question");
    await imsg.close();
  });
});
