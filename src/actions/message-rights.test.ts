import { describe, expect, it } from "vitest";
import { Bench, row } from "../../test/contract/store/bench.js";
import { ActionBench } from "../../test/support/action-bench.js";
import { groupChat } from "../../test/support/message.js";
import { chatOf } from "../../test/support/send-bench.js";
import { compilePolicy } from "../access/index.js";
import type { Result, TapbackError } from "../platform/index.js";
import { openStore } from "../store/index.js";

const stores = new Bench(openStore);
const mine = chatOf(7, "+15550100123");
const guid = "6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1001";
const love = { messageId: "GUID-40", emoji: "love" };

/** A result as one can compare it. */
const told = (result: Result<object, TapbackError>) =>
  result.ok ? result.value : { code: result.error.code, message: result.error.message };

describe("who may", () => {
  it("act in another conversation: an owner's turn, and where the agent may always write", async () => {
    const bench = await ActionBench.of(stores);
    const elsewhere = { text: "hello", chatId: 8 };
    const refused = await bench.actions.act(bench.turn(), "send", elsewhere);
    expect(told(refused)).toMatchObject({ code: "TURN_SCOPE" });
    expect(await bench.sends()).toEqual([]);
    for (const change of [{ isOwner: true }, { sendTo: [{ kind: "chat_id" as const, chatId: 8 }] }]) {
      const acting = bench.actions.act(
        bench.turn({ ...change, turnId: JSON.stringify(change) }),
        "send",
        elsewhere,
      );
      await bench.clock.advance(1);
      await bench.settle({ state: "stored", rowId: 99 });
      expect((await acting).ok).toBe(true);
    }
    expect(await bench.sends()).toEqual([
      ["chat:8", "hello"],
      ["chat:8", "hello"],
    ]);
  });

  it("be written to: whom the gates admit now (behaviour 10.3)", async () => {
    const bench = await ActionBench.of(stores);
    const policy = compilePolicy({
      accountId: "default",
      dmPolicy: "allowlist",
      allowFrom: ["+15550100456"],
    });
    bench.settings = { ...bench.settings, policy };
    expect(told(await bench.actions.act(bench.turn(), "react", love))).toMatchObject({
      code: "RECIPIENT_REFUSED",
    });
    expect(bench.done).toEqual([]);
    // A person at the command line names whom they like.
    const { turnId: _, ...person } = bench.turn();
    expect((await bench.actions.act(person, "react", love)).ok).toBe(true);
  });

  it("be reached elsewhere: who had the number when it was let in (behaviour 10.3b)", async () => {
    const bench = await ActionBench.of(stores);
    const listed = bench.chats;
    // The database was replaced, and 8 is somebody else, who has not written.
    bench.chats = [mine, chatOf(8, "+15550100999"), groupChat(88)];
    const read = (turnId: string, to: Record<string, unknown>) =>
      bench.actions.act(bench.turn({ isOwner: true, turnId }), "read", to);
    for (const [index, to] of [{ to: "+15550100999" }, { chatId: 8 }].entries())
      expect(told(await read(`t${index}`, to))).toMatchObject({ code: "RECIPIENT_REFUSED" });
    expect(bench.read).toEqual([]);
    // The turn's own chat is what it was, and so is 8 in the database that let it in.
    expect((await read("t3", {})).ok).toBe(true);
    bench.chats = listed;
    expect((await read("t4", { chatId: 8 })).ok).toBe(true);
    expect(bench.read.map(({ id }) => id)).toEqual([7, 8]);
  });

  it("change a group: owners, and only a group", async () => {
    const bench = await ActionBench.of(stores);
    await bench.journal(row(60, { chat: groupChat(88), sender: "+15550100123" }));
    const rename = (isOwner: boolean, chat = groupChat(88)) =>
      bench.actions.act(bench.turn({ isOwner, turnId: `${isOwner} ${chat.id}` }, chat), "renameGroup", {
        name: "x",
      });
    expect(told(await rename(false))).toMatchObject({ code: "ACTION_OWNERS_ONLY" });
    expect(told(await rename(true, mine))).toMatchObject({ code: "ACTION_NOT_HERE" });
    expect(bench.done).toEqual([]);
    expect((await rename(true)).ok).toBe(true);
    bench.settings = { ...bench.settings, toggles: { ...bench.settings.toggles, renameGroup: false } };
    expect(
      told(
        await bench.actions.act(bench.turn({ isOwner: true }, groupChat(88)), "renameGroup", { name: "y" }),
      ),
    ).toMatchObject({ code: "ACTION_OFF" });
  });

  it("change a message: who wrote it", async () => {
    const bench = await ActionBench.of(stores);
    const edit = (messageId: string) => bench.actions.act(bench.turn(), "edit", { messageId, text: "new" });
    expect(told(await edit("GUID-40"))).toMatchObject({ code: "MESSAGE_NOT_OURS" });
    bench.rows = [
      row(70, { fromMe: true, guid, chat: mine }),
      row(71, { guid: guid.replace("1001", "1002"), chat: mine }),
    ];
    expect((await edit(guid)).ok).toBe(true);
    expect(told(await edit(guid.replace("1001", "1002")))).toMatchObject({ code: "MESSAGE_NOT_OURS" });
    expect(bench.done).toHaveLength(1);
  });

  it("begin a conversation: a plain message, and nothing that needs one", async () => {
    const bench = await ActionBench.of(stores);
    const { turnId: _, home: _home, ...person } = bench.turn();
    const to = "+15550100777";
    expect(told(await bench.actions.act(person, "react", { ...love, to }))).toMatchObject({
      code: "CHAT_NOT_FOUND",
    });
    const acting = bench.actions.act(person, "send", { text: "hello", to });
    await bench.clock.advance(1);
    expect(await bench.store.outbox.list({ limit: 9 })).toMatchObject([
      { target: { kind: "handle", handle: to }, origin: "person" },
    ]);
    await bench.settle({ state: "stored", rowId: 99 });
    expect((await acting).ok).toBe(true);
    expect(told(await bench.actions.act(person, "send", { text: "hello" }))).toMatchObject({
      code: "ACTION_PARAMETERS",
    });
  });
});

it("finds a conversation for a person who may look at any", async () => {
  const bench = await ActionBench.of(stores);
  const { turnId: _, ...person } = bench.turn();
  expect(told(await bench.actions.where(person, { chatId: 8 }))).toMatchObject({ chat: { id: 8 } });
  expect(told(await bench.actions.where(person, {}))).toMatchObject({ chat: { id: 7 } });
  expect(told(await bench.actions.where(person, { chatId: 99 }))).toMatchObject({ code: "CHAT_NOT_FOUND" });
  expect(told(await bench.actions.where(person, { to: "" }))).toMatchObject({ chat: { id: 7 } });
});
