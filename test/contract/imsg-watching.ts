import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atLeast, type ImsgUnderTest } from "./imsg-under-test.js";

/** Protocol reference 3.4: what a watch reports, and what it does not. @param make called once, before the tests */
export function imsgWatchingContract(name: string, make: () => Promise<ImsgUnderTest>): void {
  describe(`${name}: watching`, () => {
    let imsg: ImsgUnderTest;
    const mia = "+15550100123";
    let last: { id: number; guid: string; chatId: number };
    beforeAll(async () => {
      imsg = await make();
      for (let i = 0; i < 3; i++) last = imsg.world.say({ from: mia, text: `before ${i}` });
    });
    afterAll(() => imsg.close());
    const say = (text: string) => {
      last = imsg.world.say({ from: mia, text });
      return last;
    };

    it("replays everything from a negative row id, ascending", async () => {
      const rpc = imsg.rpc();
      const result = await rpc.call("watch.subscribe", { since_rowid: -1, debounce_ms: 10 });
      expect(result).toMatchObject({ subscription: 1 });
      const ids = (await rpc.messagesOf(3)).map(({ id }) => Number(id));
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
      expect(rpc.messages()[0]).toMatchObject({ text: "before 0" });
    });

    it("starts after a positive row id, and reports what is new once", async () => {
      const rpc = imsg.rpc();
      const since = last.id;
      await rpc.call("watch.subscribe", { since_rowid: since, debounce_ms: 10 });
      say("new 1");
      await rpc.messagesOf(1);
      say("new 2");
      await rpc.messagesOf(2);
      expect(rpc.messages().map(({ text }) => text)).toEqual(["new 1", "new 2"]);
    });

    it("takes 0 for from now on", async () => {
      const rpc = imsg.rpc();
      await rpc.call("watch.subscribe", { since_rowid: 0, debounce_ms: 10 });
      await rpc.call("chats.list");
      const { guid } = say("after zero");
      expect((await rpc.messagesOf(1))[0]).toMatchObject({ guid });
    });

    it("counts subscriptions up, narrows to a chat, and ends one", async () => {
      const rpc = imsg.rpc();
      const since = last.id;
      const other = imsg.world.say({ from: "+15550100456", text: "elsewhere" });
      await rpc.call("watch.subscribe", { since_rowid: since, chat_id: other.chatId, debounce_ms: 10 });
      const second = await rpc.call("watch.subscribe", { since_rowid: other.id, debounce_ms: 10 });
      expect(second.subscription).toBe(2);
      expect(await rpc.call("watch.unsubscribe", { subscription: 2 })).toEqual({ ok: true });
      expect(await rpc.call("watch.unsubscribe", { subscription: 77 })).toEqual({ ok: true });
      say("not in that chat");
      imsg.world.say({ from: "+15550100456", text: "elsewhere again" });
      await rpc.messagesOf(2);
      expect(rpc.messages().map(({ text }) => text)).toEqual(["elsewhere", "elsewhere again"]);
    });

    it("reports tapbacks only when asked", async () => {
      const target = say("tap me");
      const without = imsg.rpc();
      const withTapbacks = imsg.rpc();
      await without.call("watch.subscribe", { since_rowid: target.id, debounce_ms: 10 });
      await withTapbacks.call("watch.subscribe", {
        since_rowid: target.id,
        debounce_ms: 10,
        include_reactions: true,
      });
      imsg.world.tapback(mia, target.guid, "emphasize");
      imsg.world.tapback(mia, target.guid, "🎉");
      imsg.world.tapback(mia, target.guid, "🎉", true);
      say("after the tapbacks");
      await withTapbacks.messagesOf(4);
      await without.messagesOf(1);
      expect(without.messages().map(({ text }) => text)).toEqual(["after the tapbacks"]);
      expect(withTapbacks.messages().slice(0, 3)).toMatchObject([
        {
          is_reaction: true,
          reaction_type: "emphasis",
          reaction_emoji: "‼️",
          is_reaction_add: true,
          reacted_to_guid: target.guid,
        },
        { is_reaction: true, reaction_type: "custom", reaction_emoji: "🎉", is_reaction_add: true },
        { is_reaction: true, is_reaction_add: false },
      ]);
    });

    it("is silent about edits and unsends before 0.19.0", async () => {
      if (atLeast(imsg.version, "0.19.0")) return;
      const rpc = imsg.rpc();
      const target = say("to be changed");
      await rpc.call("watch.subscribe", { since_rowid: target.id, debounce_ms: 10 });
      imsg.world.edit(target.guid, "changed");
      imsg.world.unsend(target.guid);
      say("after the changes");
      await rpc.messagesOf(1);
      expect(rpc.messages().map(({ text }) => text)).toEqual(["after the changes"]);
    });

    it("reports group system rows as messages without text", async () => {
      const group = imsg.world.group([mia, "sam@example.com"], { name: "Climbing" });
      const first = imsg.world.say({ from: mia, chat: group.id, text: "hello group" });
      const rpc = imsg.rpc();
      await rpc.call("watch.subscribe", { since_rowid: first.id, debounce_ms: 10 });
      imsg.world.rename("sam@example.com", group.id, "Climbing 2026");
      expect((await rpc.messagesOf(1))[0]).toMatchObject({
        text: "",
        sender: "sam@example.com",
        chat_id: group.id,
      });
    });

    it("reports a row of two chats once for each before 0.10.0", async () => {
      const group = imsg.world.group([mia, "joint@example.com"], { name: "Joint" });
      const placed = say("in two chats");
      imsg.world.joinAgain(placed.guid, group.id);
      const rpc = imsg.rpc();
      await rpc.call("watch.subscribe", { since_rowid: placed.id - 1, debounce_ms: 10 });
      if (atLeast(imsg.version, "0.10.0")) return;
      await rpc.messagesOf(2);
      expect(rpc.messages().map(({ guid }) => guid)).toEqual([placed.guid, placed.guid]);
      expect(new Set(rpc.messages().map(({ chat_id }) => chat_id))).toEqual(
        new Set([placed.chatId, group.id]),
      );
    });

    it("reports nothing to a subscription that is ended in the same breath", async () => {
      if (!atLeast(imsg.version, "0.14.0")) return;
      const rpc = imsg.rpc();
      rpc.raw(
        '{"jsonrpc":"2.0","id":"s","method":"watch.subscribe","params":{"since_rowid":-1,"debounce_ms":0}}\n',
      );
      rpc.raw('{"jsonrpc":"2.0","id":"u","method":"watch.unsubscribe","params":{"subscription":1}}\n');
      await rpc.until(({ id }) => id === "u");
      expect(await rpc.call("watch.subscribe", { since_rowid: last.id })).toMatchObject({ subscription: 2 });
      say("after it was ended");
      await rpc.messagesOf(1);
      const told = rpc.lines.filter(({ method }) => method === "message");
      expect(told.map(({ params }) => params?.subscription)).toEqual([2]);
    });

    it("takes 64 subscriptions at most since 0.14.0, also when they come at once", async () => {
      if (!atLeast(imsg.version, "0.14.0")) return;
      const rpc = imsg.rpc();
      for (let id = 1; id <= 70; id++)
        rpc.raw(
          `{"jsonrpc":"2.0","id":${id},"method":"watch.subscribe","params":{"since_rowid":${last.id}}}\n`,
        );
      await rpc.until(() => rpc.lines.length === 70);
      const refused = rpc.lines.filter(({ error }) => error?.code === -32000);
      expect(refused.map(({ error }) => error?.message)).toEqual(Array(6).fill("Server busy"));
    });

    it("refuses a negative debounce and a missing subscription", async () => {
      const rpc = imsg.rpc();
      const words = await rpc.request("watch.subscribe", { debounce_ms: "soon" });
      expect(words.error).toMatchObject({
        code: -32602,
        data: expect.stringMatching(/^debounce_ms must be/),
      });
      const debounce = await rpc.request("watch.subscribe", { debounce_ms: -1 });
      expect(debounce.error).toMatchObject({
        code: -32602,
        data: "debounce_ms must be a non-negative integer",
      });
      const missing = await rpc.request("watch.unsubscribe", {});
      expect(missing.error).toMatchObject({ code: -32602, data: "subscription is required" });
    });
  });
}
