import { expect, it } from "vitest";
import type { Decision } from "../../../src/conversation/index.js";
import { type Bench, dispatch, drop, item, openTurn, row, turn } from "./bench.js";

const note = "held back: 20 messages";

/** What is done to one of several that are alike: the others stay as they were. */
export function neighbourContract(bench: Bench): void {
  it("cancels what waits in one session: its rows end, the other sessions wait on", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "a1", [1], "a");
    await openTurn(store, claim, "a2", [2], "a");
    await openTurn(store, claim, "a3", [3], "a");
    await openTurn(store, claim, "b1", [4], "b");
    await openTurn(store, claim, "b2", [5], "b");
    const [running] = await store.turns.claim("node-1", 1, 2000);
    expect((await store.turns.cancelQueued("a", 3000)).map(({ id }) => id)).toEqual(["a2", "a3"]);
    expect(await store.turns.cancelQueued("a", 3001)).toEqual([]);
    const states = async (...ids: string[]) =>
      Promise.all(ids.map(async (id) => (await store.turns.get(id))?.state));
    expect(await states("a1", "a2", "a3", "b1", "b2")).toEqual([
      "running",
      "cancelled",
      "cancelled",
      "queued",
      "queued",
    ]);
    expect(await store.turns.get("a2")).toMatchObject({ endedAt: 3000 });
    expect((await store.turns.get("b1"))?.endedAt).toBeUndefined();
    const rowStates = await Promise.all([1, 2, 3, 4].map((id) => store.journal.findByGuid(`GUID-${id}`)));
    expect(rowStates.map((entry) => entry?.state)).toEqual(["in_turn", "done", "done", "in_turn"]);
    expect((await store.turns.claim("node-1", 9, 4000)).map(({ turn: { id } }) => id)).toEqual(["b1"]);
    // What comes next in the session is its head again.
    await openTurn(store, claim, "a4", [6], "a");
    const end = await store.turns.end(running!.claim, { outcome: "done", replies: [] }, 5000, true);
    expect(end.next?.turn.id).toBe("a4");
  });

  it("tells how far the rows are that were named, of each its own, and nothing of one that is not there", async () => {
    const { store, claim } = await bench.claimed();
    const ids = await store.journal.admit(claim, [row(1), row(2), row(3), row(4)], "live", 1000);
    const [first, second, third, unasked] = ids.map((id) => id!);
    await store.journal.decide(claim, second!, dispatch, 1001);
    await store.journal.decide(claim, third!, drop, 1002);
    const states = await store.journal.states([third!, first!, second!, unasked! + 1000]);
    expect(Object.fromEntries(states)).toEqual({ [first!]: "new", [second!]: "decided", [third!]: "done" });
    expect(await store.journal.states([])).toEqual(new Map());
  });

  it("cancels of a session what came from one conversation, in any form of its name", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: work } = await store.accounts.claim("work", "node-1");
    const place = async (id: string, target: string, of = claim) => {
      const { envelope, ...rest } = turn(id, "s", of.id);
      const opened = { ...rest, envelope: { ...envelope, chat: { ...envelope.chat, target } } };
      await store.turns.open(of, opened, [], [], 1000);
    };
    await place("mine", "chat_id:7");
    await place("by-guid", "chat_guid:iMessage;-;+1");
    await place("other-chat", "chat_id:8");
    await place("other-account", "chat_id:7", work);
    const from = { account: "default", chats: ["chat_id:7", "chat_guid:iMessage;-;+1"] };
    expect((await store.turns.cancelQueued("s", 2000, from)).map(({ id }) => id)).toEqual([
      "mine",
      "by-guid",
    ]);
    expect((await store.turns.nextQueued("s"))?.id).toBe("other-chat");
    expect((await store.turns.lastQueued("s"))?.id).toBe("other-account");
    expect(await store.turns.counts("default")).toEqual({ queued: 1, running: 0 });
    expect(await store.turns.counts("work")).toEqual({ queued: 1, running: 0 });
    expect(await store.turns.counts()).toEqual({ queued: 2, running: 0 });
    expect((await store.turns.claim("node-1", 9, 3000)).map(({ turn: { id } }) => id)).toEqual([
      "other-chat",
    ]);
  });

  it("forgets one session's memory, cost and what it was to be told, and no other's", async () => {
    const { store, claim } = await bench.claimed();
    const usage = [{ model: "m", inputTokens: 1, outputTokens: 2, cachedInputTokens: 0 }];
    const place = async (id: string, session: string) => {
      const { envelope, ...rest } = turn(id, session);
      const opened = { ...rest, envelope: { ...envelope, chat: { ...envelope.chat, target: "chat_id:7" } } };
      await store.turns.open(claim, opened, [], [], 1000);
    };
    for (const session of ["a", "b"]) await place(session, session);
    for (const { claim: running } of await store.turns.claim("node-1", 9, 2000)) {
      const end = { outcome: "done" as const, replies: [], session: running.id, tellNext: "told", usage };
      await store.turns.end(running, end, 3000, false);
    }
    await store.turns.resetSession("a");
    expect(await store.turns.usageOf("a")).toEqual([]);
    expect(await store.turns.usageOf("b")).toEqual(usage);
    await place("a2", "a");
    await place("b2", "b");
    const next = await store.turns.claim("node-1", 9, 4000);
    expect(next.map(({ session, told }) => [session, told])).toEqual([
      [undefined, []],
      ["b", ["told"]],
    ]);
    expect(await store.turns.hasSession("a")).toBe(true);
    expect(await store.turns.hasSession("c")).toBe(false);
  });

  it("changes what one running turn was given and ends its rows, and no other's", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "a", [1, 2], "a");
    await openTurn(store, claim, "b", [3], "b");
    const [mine, other] = await store.turns.claim("node-1", 9, 2000);
    const decision: Decision = { kind: "drop", reason: "unsent", remedy: "", gates: [], treatedAs: "direct" };
    const ids = await Promise.all(
      [1, 3].map(async (id) => (await store.journal.findByGuid(`GUID-${id}`))!.id),
    );
    const envelope = { ...mine!.turn.envelope, text: "revised" };
    const ended = ids.map((id) => ({ id, decision }));
    expect(await store.turns.revise(mine!.claim, envelope, ended, 3000)).toBe("ok");
    expect((await store.turns.get("a"))?.envelope).toMatchObject({ text: "revised" });
    expect((await store.turns.get("b"))?.envelope).toEqual(other!.turn.envelope);
    expect(await store.journal.get(ids[0]!)).toMatchObject({
      ...{ state: "done", decidedAt: 3000, decision: { reason: "unsent" } },
    });
    // A row of another turn is not this one's to end.
    expect(await store.journal.get(ids[1]!)).toMatchObject({
      state: "in_turn",
      decision: { kind: "dispatch" },
    });
    expect((await store.journal.findByGuid("GUID-2"))?.state).toBe("in_turn");
    const late = { ...mine!.claim, fence: mine!.claim.fence + 1 };
    expect(await store.turns.revise(late, envelope, ended, 4000)).toBe("lost");
    await store.turns.release(mine!.claim);
    expect(await store.turns.revise(mine!.claim, envelope, [], 4000)).toBe("lost");
  });

  it("gives one turn back, and leaves the one beside it running", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "a", [1], "a");
    await openTurn(store, claim, "b", [2], "b");
    const [mine, other] = await store.turns.claim("node-1", 9, 2000);
    await store.turns.release(mine!.claim);
    expect((await store.turns.get("b"))?.state).toBe("running");
    expect(await store.turns.emit(mine!.claim, [item("x")], 0, 3000)).toBe("lost");
    expect(await store.turns.emit(other!.claim, [item("y", 8)], 0, 3000)).toBe("ok");
    expect((await store.outbox.ofTurn("a")).length).toBe(0);
    const [again] = await store.turns.claim("node-1", 9, 4000);
    expect(again!.turn.id).toBe("a");
    expect(again!.emitted).toBe(0);
  });

  it("stops the answers of one conversation: not those of others, nor what is no answer", async () => {
    const { store } = await bench.claimed();
    const add = (
      text: string,
      account = "default",
      chatId = 7,
      origin: "turn" | "person" | "schedule" = "turn",
    ) => store.outbox.add(account, item(text, chatId, { origin }), 1000);
    const mine = await add("mine");
    const others = [
      await add("account", "work"),
      await add("chat", "default", 8),
      await add("person", "default", 7, "person"),
    ];
    expect(await store.outbox.stopAnswers("default", ["chat:7"], 2000)).toBe(1);
    expect(await store.outbox.get(mine)).toMatchObject({
      ...{ state: "not_sent", settledAt: 2000, error: { code: "STOPPED" } },
    });
    for (const id of others) {
      const other = await store.outbox.get(id);
      expect(other).toMatchObject({ state: "pending" });
      expect(other?.error).toBeUndefined();
    }
    expect(await store.outbox.stopAnswers("default", [], 2000)).toBe(0);
  });

  it("counts what was sent of one account and chat, in its window alone", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: work } = await store.accounts.claim("work", "node-1");
    const send = async (at: number, chatId = 7, of = claim, origin: "turn" | "owner-notice" = "turn") => {
      const id = await store.outbox.add(of.id, item("x", chatId, { origin }), at);
      for (const taken of await store.outbox.take(of, 9, at))
        await store.outbox.settle(taken.claim, { state: "stored" }, at);
      return id;
    };
    await send(1000);
    await send(2000);
    await send(2500, 8);
    await send(2600, 7, work);
    await send(2700, 7, claim, "owner-notice");
    // Still under way: only what is before it in the outbox counts it.
    const last = await store.outbox.add("default", item("last"), 3000);
    await store.outbox.take(claim, 9, 3000);
    const window = { since: 1000, until: 3000, before: last, atMost: 99 };
    const sentBetween = (account: string, within: Parameters<typeof store.outbox.sentBetween>[1]) =>
      store.outbox.sentBetween(account, within);
    // Its beginning is not in it, its end is.
    expect(await sentBetween("default", window)).toEqual({ count: 2, oldest: 2000 });
    expect(await sentBetween("default", { ...window, since: 999 })).toEqual({ count: 3, oldest: 1000 });
    expect(await sentBetween("default", { ...window, until: 2499 })).toEqual({ count: 1, oldest: 2000 });
    expect(await sentBetween("default", { ...window, before: last + 1 })).toMatchObject({ count: 3 });
    expect(await sentBetween("default", { ...window, chatKey: "chat:7" })).toEqual({
      count: 1,
      oldest: 2000,
    });
    expect(await sentBetween("work", window)).toMatchObject({ count: 1 });
    expect(await sentBetween("default", { ...window, since: 3000 })).toEqual({ count: 0 });
    expect((await sentBetween("default", { ...window, since: 0, atMost: 1 })).count).toBe(1);
  });

  it("says what is held back, and what falls due, of one account and its chats", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: work } = await store.accounts.claim("work", "node-1");
    const hold = async (of: typeof claim, chatId: number, dueAt: number) => {
      await store.outbox.add(of.id, item("x", chatId), 1000);
      const [taken] = await store.outbox.take(of, 1, 1000);
      const error = { code: "PACED" as const, message: note };
      await store.outbox.settle(taken!.claim, { state: "retry", dueAt, error }, 1000);
    };
    await hold(claim, 7, 5000);
    await hold(claim, 8, 4000);
    await hold(work, 7, 3000);
    expect(await store.outbox.heldIn("default", ["chat:7"])).toMatchObject({ count: 1 });
    expect(await store.outbox.heldIn("default", ["chat:7", "chat:8"])).toMatchObject({ count: 2 });
    expect(await store.outbox.heldIn("default", ["chat:9"])).toBeUndefined();
    expect(await store.outbox.nextDue("default", 2000)).toBe(4000);
    expect(await store.outbox.nextDue("work", 2000)).toBe(3000);
    expect(await store.outbox.nextDue("nobody", 2000)).toBeUndefined();
    expect((await store.outbox.take(claim, 9, 3999)).length).toBe(0);
    expect((await store.outbox.take(claim, 9, 4000)).map(({ item: { chatKey } }) => chatKey)).toEqual([
      "chat:8",
    ]);
    expect((await store.outbox.counts("default")).pending).toBe(1);
    expect((await store.outbox.list({ account: "work", limit: 9 })).length).toBe(1);
    expect(
      (await store.outbox.list({ states: ["sending"], limit: 9 })).map(({ chatKey }) => chatKey),
    ).toEqual(["chat:8"]);
  });

  it("finds a sent message by its GUID or its row, of its own account", async () => {
    const { store, claim } = await bench.claimed();
    const sent = async (chatId: number, outcome: { guid?: string; rowId?: number }) => {
      const id = await store.outbox.add("default", item("x", chatId), 1000);
      const [taken] = await store.outbox.take(claim, 1, 1000);
      await store.outbox.settle(taken!.claim, { state: "stored", ...outcome }, 1000);
      return id;
    };
    const [both, byRow] = [await sent(1, { guid: "G1", rowId: 51 }), await sent(2, { rowId: 52 })];
    const find = async (guid: string, rowId: number, account = "default") =>
      (await store.outbox.findSent(account, { guid, rowId }))?.id;
    expect(await find("G1", 99)).toBe(both);
    expect(await find("G2", 51)).toBeUndefined();
    expect(await find("", 51)).toBe(both);
    expect(await find("G9", 52)).toBe(byRow);
    expect(await find("G9", 53)).toBeUndefined();
    expect(await find("G1", 51, "work")).toBeUndefined();
  });

  it("forgets what is over and older, and keeps all of what runs or is younger", async () => {
    const { store, claim } = await bench.claimed();
    const begin = async (turnId: string, at: number) =>
      (
        await store.actions.begin(
          { account: "default", turnId, chat: "chat_id:7", name: "react", parameters: { emoji: turnId } },
          0,
          [],
          at,
        )
      ).id;
    const over = await begin("over", 1000);
    await store.actions.end(over, { state: "done" }, 1000);
    await begin("running", 1000);
    const young = await begin("young", 1000);
    await store.actions.end(young, { state: "done" }, 2000);
    for (const [id, rowId] of [
      ["t-over", 1],
      ["t-running", 2],
      ["t-young", 3],
    ] as const)
      await openTurn(store, claim, id, [rowId], id);
    for (const {
      claim: running,
      turn: { id },
    } of await store.turns.claim("node-1", 9, 1000))
      if (id !== "t-running") {
        const error = { code: "AGENT_FAILED", message: "m", cause: "their words" };
        const end = { outcome: "failed" as const, replies: [], error, notes: ["n"], tellNext: "told" };
        await store.turns.end(running, end, id === "t-over" ? 1000 : 2000, false);
      }
    await store.journal.forget(2000);
    const parameters = async (turnId: string) => (await store.actions.ofTurn(turnId))[0]?.parameters;
    expect(await parameters("running")).toEqual({ emoji: "running" });
    expect(await parameters("young")).toEqual({ emoji: "young" });
    expect(await parameters("over")).toBeUndefined();
    const gone = await store.turns.get("t-over");
    expect(gone).toMatchObject({ envelope: {}, notes: [], error: { code: "AGENT_FAILED", message: "m" } });
    expect(gone?.error).not.toHaveProperty("cause");
    expect((await store.turns.get("t-running"))?.envelope).toMatchObject({ turnId: "t-running" });
    expect(await store.turns.get("t-young")).toMatchObject({ notes: ["n"], error: { cause: "their words" } });
  });

  it("opens a turn with rows that are decided, once, and carries context that nobody has yet", async () => {
    const { store, claim } = await bench.claimed();
    const ids = (await store.journal.admit(
      claim,
      [row(1), row(2), row(3), row(4)],
      "live",
      1000,
    )) as number[];
    for (const id of ids.slice(0, 2)) await store.journal.decide(claim, id, dispatch, 1000);
    expect(await store.turns.open(claim, turn("undecided"), [ids[0]!, ids[2]!], [], 1000)).toBe("lost");
    expect(await store.turns.get("undecided")).toBeUndefined();
    expect((await store.journal.get(ids[0]!))?.state).toBe("decided");
    expect(await store.turns.open(claim, turn("first"), [ids[0]!], [ids[3]!], 1000)).toBe("ok");
    expect(await store.turns.open(claim, turn("first"), [ids[1]!], [], 1000)).toBe("ok");
    expect((await store.journal.get(ids[1]!))?.state).toBe("decided");
    expect(await store.turns.open(claim, turn("second"), [ids[1]!], [ids[3]!], 1000)).toBe("ok");
    expect((await store.journal.get(ids[3]!))?.turnId).toBe("first");
    const envelope = turn("first").envelope;
    const more = { hadIds: [ids[1]!], rowIds: [], contextIds: [] };
    expect(await store.turns.extend(claim, "first", envelope, more)).toBe("lost");
  });
}
