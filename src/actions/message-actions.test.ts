import { describe, expect, it, vi } from "vitest";
import { Bench, row } from "../../test/contract/store/bench.js";
import { ActionBench } from "../../test/support/action-bench.js";
import { groupChat } from "../../test/support/message.js";
import { chatOf } from "../../test/support/send-bench.js";
import { BridgeError } from "../bridge/index.js";
import type { Result, TapbackError } from "../platform/index.js";
import { type ActionRecord, openStore } from "../store/index.js";

const stores = new Bench(openStore);
const mine = chatOf(7, "+15550100123");
const guid = "6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1001";
const love = { messageId: "GUID-40", emoji: "love" };

/** A result as one can compare it. */
const told = (result: Result<object, TapbackError>) =>
  result.ok ? result.value : { code: result.error.code, message: result.error.message };

const records = async ({ store }: ActionBench, turnId = "t1"): Promise<Partial<ActionRecord>[]> =>
  store.actions.ofTurn(turnId);

describe("an action on the Mac", () => {
  it("is done in the turn's own chat, and recorded before and after (behaviour 11)", async () => {
    const bench = await ActionBench.of(stores);
    let during: Partial<ActionRecord>[] = [];
    bench.outcome = async () => {
      during = await records(bench);
      return { state: "done", facts: { guid: "GUID-41" } };
    };
    const entry = await bench.store.journal.findByGuid("GUID-41");
    const facts = { MessageSidFull: "GUID-41", MessageSid: entry!.id.toString(36) };
    expect(told(await bench.actions.act(bench.turn(), "react", love))).toEqual(facts);
    expect(bench.done).toEqual([
      {
        action: "react",
        chat: { id: 7, guid: mine.guid },
        parameters: { message: "GUID-40", reaction: "love", remove: false },
      },
    ]);
    expect(during).toMatchObject([{ state: "running", beganAt: bench.clock.now() }]);
    expect(await records(bench)).toMatchObject([
      {
        account: "default",
        turnId: "t1",
        chat: "chat_id:7",
        name: "react",
        parameters: { messageId: "GUID-40", emoji: "love", remove: false },
        state: "done",
        endedAt: bench.clock.now(),
        facts,
      },
    ]);
  });

  it.each([
    ["failed", new BridgeError("DATABASE_LOCKED", "busy", { disposition: "not_sent" }), "failed"],
    [
      "may have happened",
      new BridgeError("REQUEST_TIMEOUT", "no answer", { disposition: "unknown" }),
      "unknown",
    ],
  ])("that %s says so, and is recorded so", async (_, error, state) => {
    const bench = await ActionBench.of(stores);
    bench.outcome = { state: "failed", error };
    const message = `iMessage react failed: ${error.message}`;
    expect(told(await bench.actions.act(bench.turn(), "react", love))).toEqual({ code: error.code, message });
    expect(await records(bench)).toMatchObject([{ state, error: { code: error.code, message } }]);
  });

  it("that this Mac cannot do is recorded as failed", async () => {
    const bench = await ActionBench.of(stores);
    bench.outcome = { state: "unsupported", missing: "method", why: "this imsg has none" };
    expect(told(await bench.actions.act(bench.turn(), "react", love))).toEqual({
      code: "ACTION_UNAVAILABLE",
      message: "iMessage react is not available: this imsg has none",
    });
    expect(await records(bench)).toMatchObject([{ state: "failed", error: { code: "ACTION_UNAVAILABLE" } }]);
  });

  it.each(["BRIDGE_UNAVAILABLE", "BRIDGE_TIMEOUT"] as const)(
    "that lacks the bridge says how to get it: %s",
    async (code) => {
      const bench = await ActionBench.of(stores);
      bench.outcome = { state: "failed", error: new BridgeError(code, "gone", { disposition: "not_sent" }) };
      const result = await bench.actions.act(bench.turn(), "react", love);
      expect(told(result)).toEqual({
        code,
        message: "iMessage react requires the imsg private API bridge: gone",
      });
      expect(!result.ok && result.error.hint).toMatch(/imsg launch/);
    },
  );
});

describe("a turn that runs again after a crash", () => {
  it("finds what it did, and does it once", async () => {
    const bench = await ActionBench.of(stores);
    const act = (occasion = 0) => bench.actions.act(bench.turn(), "react", love, occasion);
    await act();
    expect(told(await act())).toEqual({ repeated: true });
    expect(bench.done).toHaveLength(1);
    // The second time that this run asks is another action.
    await act(1);
    expect(bench.done).toHaveLength(2);
    // So is what another turn asks, or this one in another chat or with other words.
    await bench.actions.act(bench.turn({ turnId: "t2" }), "react", love);
    await bench.actions.act(bench.turn(), "react", { ...love, emoji: "like" });
    expect(bench.done).toHaveLength(4);
    expect((await records(bench)).map(({ state }) => state)).toEqual(["done", "done", "done"]);
  });

  it("does not repeat what nobody knows the end of", async () => {
    const bench = await ActionBench.of(stores);
    const parameters = { messageId: "GUID-40", emoji: "love", remove: false };
    const begun = { account: "default", turnId: "t1", chat: "chat_id:7", name: "react", parameters };
    await bench.store.actions.begin(begun, 0, [], 1);
    const result = await bench.actions.act(bench.turn(), "react", love);
    expect(told(result)).toMatchObject({ code: "OUTCOME_UNKNOWN" });
    expect(bench.done).toEqual([]);
  });

  it("tries again what surely failed", async () => {
    const bench = await ActionBench.of(stores);
    bench.outcome = {
      state: "failed",
      error: new BridgeError("DATABASE_LOCKED", "busy", { disposition: "not_sent" }),
    };
    await bench.actions.act(bench.turn(), "react", love);
    bench.outcome = { state: "done", facts: {} };
    expect(told(await bench.actions.act(bench.turn(), "react", love))).toEqual({});
    expect(bench.done).toHaveLength(2);
    expect(await records(bench)).toMatchObject([{ state: "done" }]);
  });

  it("waits for a message that is on its way already", async () => {
    const bench = await ActionBench.of(stores);
    const first = bench.actions.act(bench.turn(), "send", { text: "hello" });
    await bench.clock.advance(1);
    const again = bench.actions.act(bench.turn(), "send", { text: "hello" });
    await bench.settle({ state: "stored", guid: "G1", rowId: 99 });
    const [one, other] = await Promise.all([first, again]);
    expect(told(one)).toMatchObject({ MessageSidFull: "G1" });
    expect(told(other)).toMatchObject({ MessageSidFull: "G1" });
    expect(await bench.sends()).toEqual([["chat:7", "hello"]]);
  });

  it("says the same to two people when it is asked to", async () => {
    const bench = await ActionBench.of(stores);
    const owner = bench.turn({ isOwner: true });
    const acts = [7, 8].map((chatId) => bench.actions.act(owner, "send", { text: "hello", chatId }));
    await bench.clock.advance(1);
    await bench.settle({ state: "stored", rowId: 99 });
    expect((await Promise.all(acts)).map(({ ok }) => ok)).toEqual([true, true]);
    expect((await bench.sends()).sort()).toEqual([
      ["chat:7", "hello"],
      ["chat:8", "hello"],
    ]);
    expect((await records(bench)).map(({ chat }) => chat)).toEqual(["chat_id:7", "chat_id:8"]);
  });

  it("knows a file by what is in it", async () => {
    const bench = await ActionBench.of(stores);
    const icon = (buffer: string) => ({ buffer: Buffer.from(buffer).toString("base64"), filename: "a.png" });
    const files = { check: async () => ({}) as never, folder: `${stores.folder}/out`, maxMb: 1 };
    const group = bench.turn({ isOwner: true, files }, groupChat(88));
    await bench.journal(row(60, { chat: groupChat(88), sender: "+15550100123" }));
    for (const bytes of ["one", "one", "two"]) await bench.actions.act(group, "setGroupIcon", icon(bytes));
    expect(bench.done).toHaveLength(2);
    const [first] = await records(bench);
    expect(first!.parameters).toEqual({
      buffer: expect.stringMatching(/^sha256:[\da-f]{64}$/),
      filename: "a.png",
    });
  });
});

describe("an action that sends", () => {
  const act = (bench: ActionBench, name = "send", parameters: object = { text: "hello" }) =>
    bench.actions.act(bench.turn(), name, parameters as Record<string, unknown>);

  it("answers with what was sent", async () => {
    const bench = await ActionBench.of(stores);
    const acting = act(bench);
    await bench.clock.advance(1);
    await bench.settle({ state: "stored", guid: "GUID-41", rowId: 41 });
    const result = told(await acting);
    expect(result).toEqual({
      MessageSidFull: "GUID-41",
      MessageSid: expect.any(String),
      ids: [expect.any(Number)],
    });
    expect(await records(bench)).toMatchObject([{ state: "done", facts: result }]);
    expect(bench.clock.waiting).toBe(0);
  });

  it.each([
    ["not_sent", "failed"],
    ["unknown", "unknown"],
  ] as const)("whose message came to %s is recorded as %s, never as done", async (state, recorded) => {
    const bench = await ActionBench.of(stores);
    const acting = act(bench);
    await bench.clock.advance(1);
    await bench.settle({ state, error: { code: "APPLESCRIPT_FAILED", message: "no" } });
    const error = { code: "APPLESCRIPT_FAILED", message: "iMessage send failed: no" };
    expect(told(await acting)).toEqual(error);
    expect(await records(bench)).toMatchObject([{ state: recorded, error }]);
  });

  it("says after half a minute that it is on its way, once the disk has it", async () => {
    const bench = await ActionBench.of(stores);
    const toDisk = vi.spyOn(bench.store, "toDisk");
    let result: object | undefined;
    void act(bench).then((done) => {
      result = told(done);
    });
    await bench.clock.advance(29_999);
    expect(result).toBeUndefined();
    await bench.clock.advanceUntil(() => result !== undefined, 1);
    expect(result).toEqual({ ids: [expect.any(Number)], queued: true });
    expect(toDisk).toHaveBeenCalledOnce();
  });

  it("says at once that a budget holds it back", async () => {
    const bench = await ActionBench.of(stores);
    let result: object | undefined;
    void act(bench).then((done) => {
      result = told(done);
    });
    await bench.clock.advance(1);
    const error = { code: "PACED" as const, message: "held back: 20 messages" };
    await bench.settle({ state: "retry", dueAt: bench.clock.now() + 60_000, error });
    await bench.clock.advanceUntil(() => result !== undefined, 100);
    expect(result).toMatchObject({ queued: true, held: expect.stringContaining("20 messages") });
  });

  it("asks whether the Mac can before anything is sent", async () => {
    const bench = await ActionBench.of(stores);
    bench.support = { supported: false, missing: "bridge", why: "not up" };
    const effect = { text: "hello", effect: "confetti" };
    expect(told(await act(bench, "sendWithEffect", effect))).toEqual({
      code: "ACTION_UNAVAILABLE",
      message: "iMessage sendWithEffect requires the imsg private API bridge",
    });
    expect(await bench.sends()).toEqual([]);
    expect(await records(bench)).toEqual([]);
    // What nobody can tell is tried.
    bench.support = undefined;
    const acting = act(bench, "sendWithEffect", effect);
    await bench.clock.advance(1);
    await bench.settle({ state: "stored", rowId: 99 });
    expect((await acting).ok).toBe(true);
  });

  it.each<[string, object, object]>([
    ["reply", { messageId: "GUID-40", text: "a" }, { text: "a", replyTo: "GUID-40", strict: true }],
    [
      "sendWithEffect",
      { text: "a", effect: "slam" },
      { text: "a", effect: "com.apple.MobileSMS.expressivesend.impact", strict: true },
    ],
  ])("hands the outbox all that %s carries", async (name, parameters, item) => {
    const bench = await ActionBench.of(stores);
    const acting = act(bench, name, parameters);
    await bench.clock.advance(1);
    const [sent] = await bench.store.outbox.list({ limit: 9 });
    expect(sent).toMatchObject({
      ...item,
      target: { kind: "chat_id", chatId: 7 },
      chatKey: "chat:7",
      origin: "turn",
    });
    await bench.settle({ state: "stored", rowId: 99 });
    await acting;
  });
});

it("lists the newest messages, oldest first, with their ids, and marks the chat read", async () => {
  const bench = await ActionBench.of(stores);
  bench.rows = [
    row(40, { chat: mine, sender: "+15550100123", text: "first" }),
    row(42, { chat: mine, fromMe: true, text: "third", guid }),
    row(41, { chat: chatOf(8, "+15550100456"), text: "of another chat" }),
  ];
  const entry = await bench.store.journal.findByGuid("GUID-40");
  expect(told(await bench.actions.act(bench.turn(), "read", {}))).toMatchObject({
    messages: [
      {
        MessageSid: entry!.id.toString(36),
        MessageSidFull: "GUID-40",
        sender: "+15550100123",
        text: "first",
      },
      { MessageSidFull: guid, sender: "me", text: "third" },
    ],
  });
  expect(bench.read).toEqual([{ id: 7, guid: mine.guid }]);
  expect(told(await bench.actions.act(bench.turn(), "read", { limit: 1 }))).toMatchObject({
    messages: [{ text: "third" }],
  });
  // A look is no action: it may be asked again and again.
  expect(await records(bench)).toEqual([]);
});
