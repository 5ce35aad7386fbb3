import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeFolder } from "../support/remove-folder.js";
import { atLeast, type ImsgUnderTest } from "./imsg-under-test.js";
import type { RpcChild } from "./rpc-client.js";

type Message = Record<string, unknown>;

/** Protocol reference 3.2, 4 and 7.2: what is read. @param make called once, before the tests */
export function imsgReadingContract(name: string, make: () => Promise<ImsgUnderTest>): void {
  describe(`${name}: reading`, () => {
    let imsg: ImsgUnderTest;
    let rpc: RpcChild;
    const folder = mkdtempSync(join(tmpdir(), "imsg-files-"));
    const mia = "+15550100123";
    beforeAll(async () => {
      imsg = await make();
      rpc = imsg.rpc();
    });
    afterAll(async () => {
      await imsg.close();
      await removeFolder(folder);
    });

    async function history(chatId: number, params: Record<string, unknown> = {}): Promise<Message[]> {
      const { messages } = await rpc.call("messages.history", { chat_id: chatId, ...params });
      return messages as Message[];
    }

    it("reads a direct message whole", async () => {
      const placed = imsg.world.say({
        from: mia,
        text: "Are you free at 5?",
        at: Date.UTC(2026, 4, 9, 6, 13, 20),
      });
      const [message] = await history(placed.chatId);
      expect(message).toMatchObject({
        id: placed.id,
        guid: placed.guid,
        chat_id: placed.chatId,
        chat_identifier: mia,
        chat_guid: `iMessage;-;${mia}`,
        participants: [mia],
        is_group: false,
        sender: mia,
        is_from_me: false,
        text: "Are you free at 5?",
        created_at: "2026-05-09T06:13:20.000Z",
        destination_caller_id: "bot@example.com",
        attachments: [],
        reactions: [],
      });
      for (const absent of ["is_reaction", "reply_to_guid", "thread_originator_guid"])
        expect(message).not.toHaveProperty(absent);
    });

    it("gives own messages their sender: in a direct chat the peer, since 0.19.1 and in groups the own address", async () => {
      const { chatId } = imsg.world.say({ from: mia, text: "hi" });
      imsg.world.say({ from: "me", chat: chatId, text: "Yes" });
      const [own] = await history(chatId);
      const sender = atLeast(imsg.version, "0.19.1") ? own?.destination_caller_id : mia;
      expect(own).toMatchObject({ is_from_me: true, sender });
      const group = imsg.world.group([mia, "sam@example.com"], { name: "Climbing" });
      imsg.world.say({ from: "me", chat: group.id, text: "I am in" });
      expect((await history(group.id))[0]).toMatchObject({
        is_from_me: true,
        sender: "bot@example.com",
        is_group: true,
        chat_name: "Climbing",
        participants: [mia, "sam@example.com"],
      });
    });

    it("reads a text that only attributedBody holds", async () => {
      imsg.world.set({ body: "attributed" });
      const text = `Hé 🎉 ${"x".repeat(300)}`;
      const { chatId } = imsg.world.say({ from: mia, text });
      imsg.world.set({ body: "both" });
      expect((await history(chatId))[0]?.text).toBe(text);
    });

    it("lists newest first, within limit and times, and nothing of an unknown chat", async () => {
      const base = Date.UTC(2026, 0, 1);
      const other = "+15550100456";
      for (let i = 0; i < 5; i++) imsg.world.say({ from: other, text: `n${i}`, at: base + i * 1000 });
      const { id } = imsg.world.chat(other);
      const texts = async (params: Record<string, unknown>) =>
        (await history(id, params)).map(({ text }) => text);
      expect(await texts({})).toEqual(["n4", "n3", "n2", "n1", "n0"]);
      expect(await texts({ limit: 2 })).toEqual(["n4", "n3"]);
      const start = new Date(base + 1000).toISOString();
      const end = new Date(base + 3000).toISOString();
      expect(await texts({ start, end })).toEqual(["n2", "n1"]);
      expect(await texts({ participants: ["nobody@example.com"] })).toEqual([]);
      expect(await history(99_999)).toEqual([]);
    });

    it("shows tapbacks as the state of their message, never as rows", async () => {
      const placed = imsg.world.say({ from: mia, text: "Dinner?" });
      imsg.world.tapback("me", placed.guid, "love");
      imsg.world.tapback(mia, placed.guid, "like");
      imsg.world.tapback(mia, placed.guid, "like", true);
      const [message] = await history(placed.chatId);
      expect(message?.guid).toBe(placed.guid);
      expect(message?.reactions).toMatchObject([{ type: "love", emoji: "❤️", is_from_me: true }]);
    });

    it("names the parent of a threaded reply", async () => {
      const parent = imsg.world.say({ from: mia, text: "Saturday 9am" });
      imsg.world.say({ from: mia, text: "Can we do 10?", replyTo: parent.guid });
      expect((await history(parent.chatId))[0]).toMatchObject({
        text: "Can we do 10?",
        thread_originator_guid: parent.guid,
        reply_to_text: "Saturday 9am",
        reply_to_sender: mia,
      });
    });

    it("shows edits and unsends under the old id", async () => {
      const placed = imsg.world.say({ from: mia, text: "at 5" });
      imsg.world.edit(placed.guid, "at 6");
      expect((await history(placed.chatId))[0]).toMatchObject({ id: placed.id, text: "at 6" });
      imsg.world.unsend(placed.guid);
      expect((await history(placed.chatId))[0]).toMatchObject({ id: placed.id, text: "" });
    });

    it("describes attachments when asked, and says when the file is missing", async () => {
      const file = join(folder, "whiteboard.jpg");
      writeFileSync(file, "not really a picture");
      const placed = imsg.world.say({ from: mia, text: "the whiteboard", attach: [file] });
      expect((await history(placed.chatId))[0]).toMatchObject({
        text: "\ufffcthe whiteboard",
        attachments: [],
      });
      const [message] = await history(placed.chatId, { attachments: true });
      const [attachment] = (message?.attachments ?? []) as Message[];
      expect(attachment).toMatchObject({
        transfer_name: "whiteboard.jpg",
        uti: "public.jpeg",
        mime_type: "image/jpeg",
        total_bytes: 20,
        is_sticker: false,
        missing: false,
      });
      rmSync(String(attachment?.original_path));
      const [later] = await history(placed.chatId, { attachments: true });
      expect(later?.attachments).toMatchObject([{ missing: true }]);
    });

    it("gives the words of a voice message as its text, and a placeholder where there are none", async () => {
      const file = join(folder, "Audio Message.caf");
      writeFileSync(file, "caff");
      const { chatId } = imsg.world.say({ from: mia, attach: [file], audio: true, text: "5 < 6 & home" });
      expect((await history(chatId))[0]?.text).toBe("5 < 6 & home");
      imsg.world.say({ from: mia, attach: [file], audio: true });
      expect((await history(chatId, { attachments: true }))[0]).toMatchObject({
        text: "\ufffc",
        attachments: [{ uti: "com.apple.coreaudio-format", mime_type: "audio/x-caf" }],
      });
    });

    it("lists chats with messages, the most active first", async () => {
      imsg.world.group([mia, "empty@example.com"], { name: "Silent" });
      const last = imsg.world.say({ from: "+15550100789", text: "Your code is 493021", service: "SMS" });
      const { chats } = (await rpc.call("chats.list", { limit: 1000 })) as { chats: Message[] };
      expect(chats[0]).toMatchObject({
        id: last.chatId,
        guid: "SMS;-;+15550100789",
        identifier: "+15550100789",
        service: "SMS",
        participants: ["+15550100789"],
        is_group: false,
      });
      const times = chats.map(({ last_message_at }) => String(last_message_at));
      expect(times).toEqual([...times].sort().reverse());
      expect(chats.some(({ name }) => name === "Silent")).toBe(false);
      expect(((await rpc.call("chats.list", { limit: 1 })) as { chats: Message[] }).chats).toHaveLength(1);
    });

    it("prints the same on the command line", async () => {
      const { chatId, guid } = imsg.world.say({ from: mia, text: "over the command line" });
      const { stdout } = await imsg.run("history", "--chat-id", String(chatId), "--limit", "1", "--json");
      expect(JSON.parse(stdout)).toMatchObject({ guid, text: "over the command line" });
      const group = await imsg.run("group", "--chat-id", String(chatId), "--json");
      expect(JSON.parse(group.stdout)).toMatchObject({ id: chatId, participants: [mia], is_group: false });
      const chats = await imsg.run("chats", "--limit", "1", "--json");
      expect(JSON.parse(chats.stdout)).toMatchObject({ id: chatId });
      const found = await imsg.run("search", "--query", "over the command", "--json");
      expect(JSON.parse(found.stdout)).toMatchObject({ guid });
    });

    it("lists what has one date in any order", async () => {
      const at = Date.UTC(2026, 0, 1);
      const from = "+15550100654";
      for (const text of ["one date a", "one date b", "one date c"]) imsg.world.say({ from, text, at });
      const { id } = imsg.world.chat(from);
      const { stdout } = await imsg.run("search", "--query", "one date", "--json");
      const found = stdout.trim().split("\n");
      const texts = [
        (await history(id)).map(({ text }) => text),
        found.map((line) => (JSON.parse(line) as Message).text),
      ];
      for (const listed of texts)
        expect([...listed].sort()).toEqual(["one date a", "one date b", "one date c"]);
    });

    it("reports its state", async () => {
      const { code, stdout } = await imsg.run("status", "--json");
      expect(code).toBe(0);
      const status = JSON.parse(stdout) as Message;
      expect(status).toMatchObject({ basic_features: true, version: imsg.version });
      expect(status.rpc_methods).toContain("messages.history");
      expect(typeof status.v2_ready).toBe("boolean");
      const refused = await imsg.run("status", "--json", "--db", imsg.world.dbPath);
      expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining("--db") });
    });

    it("folds a link's preview into its text since 0.11.1", async () => {
      const from = "+15550100321";
      const text = "summarize https://example.com/post/1";
      const { chatId } = imsg.world.say({ from, text, splitMs: 0 });
      const messages = await history(chatId);
      const { stdout } = await imsg.run("search", "--query", "example.com/post/1", "--json");
      const found = stdout
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as Message).text);
      const { chats } = (await rpc.call("chats.list")) as { chats: Message[] };
      if (atLeast(imsg.version, "0.13.0"))
        expect(chats.find(({ id }) => id === chatId)?.unread_count).toBe(1);
      // Both have one date, so either may come first.
      expect([...found].sort()).toEqual(messages.map((message) => message.text).sort());
      if (atLeast(imsg.version, "0.11.1")) {
        expect(messages).toHaveLength(1);
        expect(messages[0]).toMatchObject({
          text,
          url_preview: { balloon_bundle_id: "com.apple.messages.URLBalloonProvider" },
        });
      } else
        expect(messages.map((message) => message.text).sort()).toEqual(
          ["https://example.com/post/1", text].sort(),
        );
    });
  });
}
