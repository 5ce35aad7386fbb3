import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeFolder } from "../support/remove-folder.js";
import { atLeast, type ImsgUnderTest } from "./imsg-under-test.js";
import type { RpcChild } from "./rpc-client.js";

type Shape = Record<string, unknown>;

/** What every message has (protocol reference 4.2); what is not there is left out, never null (protocol reference 4). */
const always = [
  ..."attachments chat_guid chat_id chat_identifier chat_name created_at destination_caller_id guid id".split(
    " ",
  ),
  ..."is_from_me is_group participants reactions sender text".split(" "),
];
const reply = ["thread_originator_guid", "reply_to_text", "reply_to_sender"];
const tapback = ["is_reaction", "reaction_type", "reaction_emoji", "is_reaction_add", "reacted_to_guid"];
const chat = "guid id identifier is_group last_message_at name participants service".split(" ");
const routing = ["account_id", "account_login", "last_addressed_handle"];

/** Protocol reference 4: exactly the fields that each object has, by version. @param make called once, before the tests */
export function imsgShapesContract(name: string, make: () => Promise<ImsgUnderTest>): void {
  describe(`${name}: shapes`, () => {
    let imsg: ImsgUnderTest;
    let rpc: RpcChild;
    const folder = mkdtempSync(join(tmpdir(), "imsg-shapes-"));
    const mia = "+15550100123";
    beforeAll(async () => {
      imsg = await make();
      rpc = imsg.rpc();
    });
    afterAll(async () => {
      await imsg.close();
      await removeFolder(folder);
    });
    const since = (version: string, ...names: string[]) => (atLeast(imsg.version, version) ? names : []);
    const keys = (value: unknown) => Object.keys(value as Shape).sort();
    const sorted = (...names: string[]) => names.sort();
    const newest = async (chatId: number) => {
      const { messages } = await rpc.call("messages.history", {
        chat_id: chatId,
        limit: 1,
        attachments: true,
      });
      return (messages as Shape[])[0]!;
    };
    const inbound = () => since("0.13.0", "is_read");

    it("a direct message, an own one and one of a group", async () => {
      const { chatId } = imsg.world.say({ from: mia, text: "hi" });
      expect(keys(await newest(chatId))).toEqual(sorted(...always, ...inbound()));
      imsg.world.say({ from: "me", chat: chatId, text: "yes" });
      expect(keys(await newest(chatId))).toEqual(sorted(...always));
      const group = imsg.world.group([mia, "sam@example.com"]);
      imsg.world.say({ from: mia, chat: group.id, text: "all" });
      const message = await newest(group.id);
      expect(keys(message)).toEqual(sorted(...always, ...inbound()));
      expect(message.chat_name).toBe(group.identifier);
    });

    it("a message of a contact, and a reply", async () => {
      imsg.world.person("sam@example.com", "Sam");
      const first = imsg.world.say({ from: "sam@example.com", text: "Saturday" });
      const named = [...always, "sender_name", ...inbound()];
      expect(keys(await newest(first.chatId))).toEqual(sorted(...named));
      imsg.world.say({ from: "sam@example.com", text: "or Sunday", replyTo: first.guid });
      expect(keys(await newest(first.chatId))).toEqual(
        sorted(...named, ...reply, ...since("0.10.0", "thread_originator_part")),
      );
    });

    it("tapback rows of a watch, and the state in history", async () => {
      const target = imsg.world.say({ from: mia, text: "tap me" });
      const watching = imsg.rpc();
      await watching.call("watch.subscribe", {
        since_rowid: target.id,
        include_reactions: true,
        debounce_ms: 0,
      });
      imsg.world.tapback("ada@example.com", target.guid, "love");
      imsg.world.tapback("ada@example.com", target.guid, "🎉");
      imsg.world.tapback("ada@example.com", target.guid, "love", true);
      const rows = await watching.messagesOf(3);
      const live = since("0.14.0", "cursor");
      for (const row of rows) expect(keys(row)).toEqual(sorted(...always, ...tapback, ...inbound(), ...live));
      const { reactions } = await newest(target.chatId);
      expect((reactions as Shape[]).map(keys)).toEqual([
        ["created_at", "emoji", "id", "is_from_me", "sender", "type"],
      ]);
    });

    it("an attachment", async () => {
      const file = join(folder, "note.txt");
      writeFileSync(file, "note");
      const { chatId } = imsg.world.say({ from: mia, attach: [file] });
      const { attachments } = await newest(chatId);
      expect((attachments as Shape[]).map(keys)).toEqual([
        "filename is_sticker mime_type missing original_path total_bytes transfer_name uti".split(" "),
      ]);
    });

    it("chats, over RPC and on the command line", async () => {
      imsg.world.say({ from: "+15550100789", text: "SMS", service: "SMS" });
      const { chats } = (await rpc.call("chats.list", { limit: 1 })) as { chats: Shape[] };
      const unread = since("0.13.0", "unread_count");
      expect(keys(chats[0])).toEqual(
        sorted(...chat, ...unread, ...since("0.14.0", "display_name", ...routing)),
      );
      const line = async (...args: string[]) =>
        JSON.parse((await imsg.run(...args, "--json")).stdout) as Shape;
      expect(keys(await line("chats", "--limit", "1"))).toEqual(
        sorted(...chat, ...unread, "display_name", ...routing),
      );
      const group = await line("group", "--chat-id", String(chats[0]?.id));
      expect(keys(group)).toEqual(sorted(...chat.filter((field) => field !== "last_message_at"), ...routing));
    });

    it("the state", async () => {
      const status = JSON.parse((await imsg.run("status", "--json")).stdout) as Shape;
      expect(keys(status)).toEqual(
        sorted(
          ..."version basic_features advanced_features typing_indicators read_receipts sip message".split(
            " ",
          ),
          ..."bridge_version v2_ready selectors rpc_methods".split(" "),
        ),
      );
    });
  });
}
