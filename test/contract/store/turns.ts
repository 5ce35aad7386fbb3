import { expect, it } from "vitest";
import type { Claim, Store } from "../../../src/store/index.js";
import { type Bench, item, openTurn, turn } from "./bench.js";

export function turnsContract(bench: Bench): void {
  it("runs the turns of a session one at a time, in order, and sessions side by side", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "a1", [1], "a");
    await openTurn(store, claim, "a2", [2], "a");
    await openTurn(store, claim, "b1", [3], "b");
    await openTurn(store, claim, "c1", [4], "c");
    const first = await store.turns.claim("node-1", 2, 2000);
    expect(first.map(({ turn }) => turn.id)).toEqual(["a1", "b1"]);
    expect((await store.turns.claim("node-1", 9, 2000)).map(({ turn }) => turn.id)).toEqual(["c1"]);
    expect(await store.turns.claim("node-1", 9, 2000)).toEqual([]);
    expect(await store.turns.counts("default")).toEqual({ queued: 1, running: 3 });
    expect(first[0]!.turn).toMatchObject({ state: "running", attempt: 1, startedAt: 2000, queuedAt: 1000 });
  });

  it("lets the conversations of a session take turns, each in its own order", async () => {
    const { store, claim } = await bench.claimed();
    const opens = (id: string, target: string, key = "s") => {
      const { envelope, ...rest } = turn(id, key);
      const opened = { ...rest, envelope: { ...envelope, chat: { ...envelope.chat, target } } };
      return store.turns.open(claim, opened, [], [], 1000);
    };
    for (const id of ["a1", "a2", "a3", "a4"]) await opens(id, "chat_id:1");
    await opens("other", "chat_id:1", "another session");
    let [running] = await store.turns.claim("node-1", 1, 2000);
    await opens("b1", "chat_id:2");
    await opens("b2", "chat_id:2");
    const order: string[] = [];
    for (let round = 0; running && round < 20; round++) {
      order.push(running.turn.id);
      if (running.turn.id === "a2") await opens("c1", "chat_id:3");
      // What was given back comes first again.
      if (round === 2) {
        await store.turns.release(running.claim);
        [running] = await store.turns.claim("node-1", 1, 2000);
        expect(running!.turn.id).toBe(order.at(-1));
      }
      await store.turns.end(running!.claim, { outcome: "done", replies: [] }, 3000, false);
      running = (await store.turns.claim("node-1", 9, 2000)).find(({ turn }) => turn.sessionKey === "s");
    }
    expect(order).toEqual(["a1", "b1", "a2", "b2", "c1", "a3", "a4"]);
  });

  it("leaves turns of some agents where they are, but those that are free, and lists what stands first", async () => {
    const { store, claim } = await bench.claimed();
    for (const [id, session, agentId] of [
      ["a1", "a", "live"],
      ["a2", "a", "live"],
      ["b1", "b", "live"],
      ["c1", "c", "main"],
      ["d1", "d", "other"],
    ] as const) {
      const { envelope, ...rest } = turn(id, session);
      await store.turns.open(claim, { ...rest, agentId, envelope: { ...envelope, agentId } }, [], [], 1000);
    }
    const heads = async (...agents: string[]) => (await store.turns.heads(agents)).map(({ id }) => id);
    expect(await heads("live")).toEqual(["a1", "b1"]);
    expect(await heads("live", "other")).toEqual(["a1", "b1", "d1"]);
    expect(await heads()).toEqual([]);
    const take = async (held: { agents: string[]; free: string[] }) =>
      (await store.turns.claim("node-1", 9, 2000, { held })).map(({ turn: { id } }) => id);
    // Of a session only what stands first can be free.
    expect(await take({ agents: ["live", "other"], free: ["a2", "b1"] })).toEqual(["b1", "c1"]);
    expect(await heads("live")).toEqual(["a1"]);
    expect(await take({ agents: ["live"], free: [] })).toEqual(["d1"]);
    expect(await take({ agents: [], free: [] })).toEqual(["a1"]);
  });

  it("leaves turns of accounts that others run, and what waits behind them", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: work } = await store.accounts.claim("work", "node-1");
    await store.turns.open(claim, turn("t1", "a"), [], [], 1000);
    await store.turns.open(work, turn("t2", "b", "work"), [], [], 1000);
    await store.turns.open(claim, turn("t3", "b"), [], [], 1000);
    const take = async (served: string[]) => {
      const accounts = { served, unserved: [] };
      const taken = await store.turns.claim("node-1", 9, 2000, { held: { agents: [], free: [], accounts } });
      return taken.map((claimed) => claimed.turn.id);
    };
    expect(await take(["default", "work"])).toEqual([]);
    expect(await take(["work"])).toEqual(["t1"]);
    expect(await take(["default"])).toEqual(["t2"]);
  });

  it("passes over turns of accounts that nobody serves, until somebody does", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: work } = await store.accounts.claim("work", "node-1");
    const { claim: other } = await store.accounts.claim("other", "node-1");
    for (const [id, session, of] of [
      ["w1", "a", work],
      ["w2", "b", work],
      ["d1", "a", claim],
      ["o1", "a", other],
      ["d2", "a", claim],
    ] as const)
      await store.turns.open(of, turn(id, session, of.id), [], [], 1000);
    const choice = (unserved: string[], served: string[] = []) => ({
      held: { agents: [], free: [], accounts: { served, unserved } },
    });
    const take = async (...left: Parameters<typeof choice>) => {
      const taken = await store.turns.claim("node-1", 9, 2000, choice(...left));
      return taken.map(({ turn: { id }, claim: own }) => ({ id, own }));
    };
    const end = async (own: Claim) => {
      const over = { outcome: "done" as const, replies: [] };
      return (await store.turns.end(own, over, 3000, choice(["work"]))).next?.turn.id;
    };
    const heads = async (unserved?: string[]) =>
      (await store.turns.heads(["main"], unserved)).map(({ id }) => id);
    expect([await heads(), await heads(["work"])]).toEqual([["w1", "w2"], ["d1"]]);
    // The order among the others stays.
    expect(await take(["work"], ["default"])).toEqual([]);
    const [first, ...more] = await take(["work"]);
    expect([first!.id, more, await heads()]).toEqual(["d1", [], ["w2"]]);
    expect(await end(first!.own)).toBe("o1");
    expect(await take(["work"])).toEqual([]);
    expect((await take([])).map(({ id }) => id)).toEqual(["w2"]);
    expect((await store.turns.get("w1"))?.state).toBe("queued");
  });

  it("says once that a turn waits, not once it runs, and not any more when it has ended", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    await openTurn(store, claim, "t2", [2], "other");
    const texts = async (id: string) => (await store.outbox.ofTurn(id)).map(({ text }) => text);
    expect(await store.turns.sayWaiting("t1", item("it waits"), 1500)).toBe(true);
    expect(await store.turns.sayWaiting("t1", item("it waits"), 1600)).toBe(false);
    expect(await texts("t1")).toEqual(["it waits"]);
    expect(await texts("t2")).toEqual([]);
    const running = await store.turns.claim("node-1", 9, 2000);
    expect(await store.turns.sayWaiting("t2", item("it waits"), 2000)).toBe(false);
    for (const { claim: own } of running)
      await store.turns.end(own, { outcome: "done", replies: [item("answer")] }, 3000, false);
    expect(await texts("t1")).toEqual(["answer"]);
    expect(await store.turns.sayWaiting("none", item("it waits"), 2000)).toBe(false);
  });

  it("commits replies, rows, session and the next turn with the end", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    await openTurn(store, claim, "t2", [2]);
    const [running] = await store.turns.claim("node-1", 1, 2000);
    expect(running!.session).toBeUndefined();
    const { held, next } = await store.turns.end(
      running!.claim,
      { outcome: "done", replies: [item("one"), item("two")], session: { name: "Mia" }, notes: ["a note"] },
      3000,
      true,
    );
    expect(held).toBe("ok");
    expect(next).toMatchObject({ turn: { id: "t2", state: "running" }, session: { name: "Mia" } });
    expect(await store.turns.get("t1")).toMatchObject({ state: "done", endedAt: 3000, notes: ["a note"] });
    expect(
      (await store.outbox.ofTurn("t1")).map(({ text, ordinal, state }) => [text, ordinal, state]),
    ).toEqual([
      ["one", 0, "pending"],
      ["two", 1, "pending"],
    ]);
    expect((await store.journal.findByGuid("GUID-1"))?.state).toBe("done");
    expect((await store.journal.findByGuid("GUID-2"))?.state).toBe("in_turn");
  });

  it("tells the next turns of a conversation what is left to be told, until one is done", async () => {
    const { store, claim } = await bench.claimed();
    for (const id of ["t1", "failed", "t2", "t3", "elsewhere", "again"]) {
      const { envelope, ...rest } = turn(id, "s");
      const target = id === "elsewhere" ? "chat_id:8" : "chat_id:7";
      const opened = { ...rest, envelope: { ...envelope, chat: { ...envelope.chat, target } } };
      await store.turns.open(claim, opened, [], [], 1000);
    }
    let [running] = await store.turns.claim("node-1", 1, 2000);
    const told: Record<string, string[]> = {};
    for (const [outcome, tellNext] of [
      ["done", "first"],
      // Of the other conversation: those of a session take turns.
      ["done", undefined],
      ["failed", undefined],
      ["done", "second"],
      ["done", "third"],
    ] as const) {
      told[running!.turn.id] = running!.told;
      const end = { outcome, replies: [], told: running!.told, ...(tellNext && { tellNext }) };
      running = (await store.turns.end(running!.claim, end, 3000, true)).next;
    }
    told[running!.turn.id] = running!.told;
    expect(told).toEqual({
      t1: [],
      failed: ["first"],
      t2: ["first"],
      t3: ["second"],
      elsewhere: [],
      again: ["third"],
    });
    // A turn that was cut short is told again; after a reset there is nothing to tell.
    await store.turns.release(running!.claim);
    [running] = await store.turns.claim("node-1", 1, 4000);
    expect(running!.told).toEqual(["third"]);
    await store.turns.release(running!.claim);
    await store.turns.resetSession("s");
    expect((await store.turns.claim("node-1", 1, 5000))[0]!.told).toEqual([]);
  });

  it("tells nothing to a conversation that has the number of an earlier one now", async () => {
    const { store, claim } = await bench.claimed();
    const guids = {
      before: "any;+;chat-one",
      other: "any;+;chat-two",
      same: "iMessage;+;chat-one",
      unknown: "",
    };
    for (const [id, guid] of Object.entries(guids)) {
      const { envelope, ...rest } = turn(id, "s");
      const chat = { ...envelope.chat, target: "chat_id:7", guid };
      await store.turns.open(claim, { ...rest, envelope: { ...envelope, chat } }, [], [], 1000);
    }
    let [running] = await store.turns.claim("node-1", 1, 2000);
    const told: Record<string, string[]> = {};
    while (running) {
      const { id } = running.turn;
      told[id] = running.told;
      const end = { outcome: "done" as const, replies: [], told: running.told, tellNext: `of ${id}` };
      running = (await store.turns.end(running.claim, end, 3000, true)).next;
    }
    expect(told).toEqual({ before: [], other: [], same: ["of before"], unknown: ["of other", "of same"] });
  });

  it("answers a repeated end with ok, and repeats nothing", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [running] = await store.turns.claim("node-1", 1, 2000);
    const end = () =>
      store.turns.end(running!.claim, { outcome: "done", replies: [item("one")] }, 3000, true);
    expect(await end()).toEqual({ held: "ok" });
    expect(await end()).toEqual({ held: "ok" });
    expect((await store.outbox.counts("default")).pending).toBe(1);
  });

  it("marks the rows of a failed turn, keeps what the session knew, and goes on with the next", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    await openTurn(store, claim, "t2", [2]);
    const [first] = await store.turns.claim("node-1", 1, 2000);
    const error = { code: "AGENT_FAILED", message: "no" };
    const { next } = await store.turns.end(
      first!.claim,
      { outcome: "done", replies: [], session: 1 },
      3000,
      true,
    );
    await store.turns.end(next!.claim, { outcome: "failed", replies: [], error }, 3000, true);
    expect(await store.turns.get("t2")).toMatchObject({ state: "failed", error });
    expect((await store.journal.findByGuid("GUID-2"))?.state).toBe("failed");
    await openTurn(store, claim, "t3", [3]);
    expect((await store.turns.claim("node-1", 1, 4000))[0]).toMatchObject({ turn: { id: "t3" }, session: 1 });
  });

  it("runs a turn that was given back first, as another attempt", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    await openTurn(store, claim, "t2", [2]);
    const [first] = await store.turns.claim("node-1", 1, 2000);
    expect(await store.turns.release(first!.claim)).toBe("ok");
    expect(await store.turns.release(first!.claim)).toBe("lost");
    const [again] = await store.turns.claim("node-1", 9, 2000);
    expect(again!.turn).toMatchObject({ id: "t1", attempt: 2 });
    expect(
      (await store.turns.end(first!.claim, { outcome: "done", replies: [item("x")] }, 3000, true)).held,
    ).toBe("lost");
    expect((await store.outbox.counts("default")).pending).toBe(0);
  });

  it("counts how often a process died over a risk of its turn, and no other death", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [first] = await store.turns.claim("node-1", 1, 2000);
    expect(await store.turns.markAtRisk(first!.claim)).toBe("ok");
    await store.turns.release(first!.claim);
    await store.turns.claim("node-1", 1, 2000);
    await store.accounts.claim("default", "node-2");
    let [running] = await store.turns.claim("node-2", 1, 2000);
    expect(running!.turn).toMatchObject({ attempt: 3, deaths: 0 });
    for (const deaths of [1, 2]) {
      expect(await store.turns.markAtRisk(running!.claim)).toBe("ok");
      await store.accounts.claim("default", `node-after-${deaths}`);
      expect(await store.turns.markAtRisk(running!.claim)).toBe("lost");
      [running] = await store.turns.claim(`node-after-${deaths}`, 1, 3000);
      expect(running!.turn).toMatchObject({ id: "t1", deaths });
    }
  });

  it("forgets a session's memory when asked", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [first] = await store.turns.claim("node-1", 1, 2000);
    await store.turns.end(first!.claim, { outcome: "done", replies: [], session: { a: 1 } }, 3000, false);
    await store.turns.resetSession("agent:main:main");
    await openTurn(store, claim, "t2", [2]);
    expect((await store.turns.claim("node-1", 1, 4000))[0]!.session).toBeUndefined();
  });

  it("gives a process the turns of its agents alone, also with the end of one", async () => {
    const { store, claim } = await bench.claimed();
    for (const [id, agentId] of [
      ["a", "main"],
      ["b", "other"],
      ["c", "third"],
      ["d", "other"],
    ] as const)
      await store.turns.open(claim, { ...turn(id, id), agentId }, [], [], 1000);
    const only = ["other"];
    const [first, ...more] = await store.turns.claim("worker", 1, 2000, { only });
    expect([first!.turn.id, more]).toEqual(["b", []]);
    const end = { outcome: "done" as const, replies: [] };
    const { next } = await store.turns.end(first!.claim, end, 3000, { only });
    expect(next?.turn.id).toBe("d");
    expect(await store.turns.end(next!.claim, end, 3000, { only })).toEqual({ held: "ok" });
    expect(await store.turns.claim("worker", 9, 2000, { only: [] })).toEqual([]);
    const others = await store.turns.claim("node-1", 9, 2000, { held: { agents: only, free: [] } });
    expect(others.map(({ turn }) => turn.id)).toEqual(["a", "c"]);
  });

  it("leaves a session to where it ran last, unless it is free, and tells that it moved", async () => {
    const { store, claim } = await bench.claimed();
    const open = (id: string, key = "s") => store.turns.open(claim, turn(id, key), [], [], 1000);
    const take = async (name: string, free: string[] = [], agents = ["main"]) => {
      const [taken] = await store.turns.claim(name, 1, 2000, { home: { name, agents, free } });
      if (taken) await store.turns.end(taken.claim, { outcome: "done", replies: [] }, 3000, false);
      return taken && [taken.turn.id, taken.moved ?? false];
    };
    for (const id of ["t1", "t2", "t3", "t4", "t5", "t6"]) await open(id);
    expect(await take("here")).toEqual(["t1", true]);
    expect(await take("there")).toBeUndefined();
    expect(await take("here")).toEqual(["t2", false]);
    expect(await take("there", ["t3"])).toEqual(["t3", true]);
    expect(await take("here")).toBeUndefined();
    // What its agent keeps nothing of is anybody's.
    expect(await take("here", [], ["other"])).toEqual(["t4", true]);
    await open("elsewhere", "another");
    await store.turns.resetSession("s");
    expect(await take("there")).toEqual(["t5", true]);
    await store.turns.resetSession("another");
    expect(await take("there")).toEqual(["t6", false]);
    // A process that knows of no other one asks for none of this, and changes nothing of it.
    expect((await store.turns.claim("alone", 1, 2000))[0]).not.toHaveProperty("moved");
  });

  it("knows the newest turn of a chat that waits, and adds to none that was run or ended before", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: work } = await store.accounts.claim("work", "node-1");
    const open = async (id: string, change: object = {}, { key = "s", of = claim } = {}) => {
      const { envelope, ...rest } = turn(id, key, of.id);
      await store.turns.open(of, { ...rest, envelope: { ...envelope, ...change } }, [], [], 1000);
    };
    const other = { chat: { chatId: 8 } };
    await open("t1");
    await open("t2");
    await open("scheduled", { scheduled: { id: "s", dueAt: "x" } });
    await open("other chat", other);
    await open("other account", {}, { of: work });
    await open("other session", {}, { key: "s2" });
    const last = async (chatId = 7, account = "default") =>
      (await store.turns.lastOfChat("s", { account, chatId }))?.id;
    expect([await last(), await last(8), await last(7, "work"), await last(9)]).toEqual([
      ...["t2", "other chat", "other account", undefined],
    ]);
    const [running] = await store.turns.claim("node-1", 1, 2000);
    expect(running?.turn.id).toBe("t1");
    await store.turns.release(running!.claim);
    const extend = (id: string) =>
      store.turns.extend(claim, id, turn(id).envelope, { hadIds: [], rowIds: [], contextIds: [] });
    expect([await extend("t1"), await extend("t2")]).toEqual(["lost", "ok"]);
  });

  it("ends what runs once somebody asked for it: it sends and remembers nothing more", async () => {
    const { store, claim } = await bench.claimed();
    for (const [id, key] of [
      ["t1", "s"],
      ["neighbour", "other"],
    ] as const) {
      const { envelope, ...rest } = turn(id, key);
      const opened = { ...rest, envelope: { ...envelope, chat: { ...envelope.chat, target: "chat_id:7" } } };
      await store.turns.open(claim, opened, [], [], 1000);
    }
    const running = await store.turns.claim("worker", 9, 2000);
    const claims = running.map(({ claim }) => claim);
    const ask = async (asked: Parameters<Store["turns"]["requestCancel"]>[2]) =>
      (await store.turns.requestCancel("s", 2500, asked)).map(({ id }) => id);
    expect(await ask({ but: "t1" })).toEqual([]);
    expect(await ask({ from: { account: "default", chats: ["chat_id:8"] } })).toEqual([]);
    expect(await ask({ from: { account: "work", chats: ["chat_id:7"] } })).toEqual([]);
    expect(await store.turns.renew(claims)).toEqual({ lost: [], cancel: [] });
    expect(await ask({ from: { account: "default", chats: ["chat_id:7"] } })).toEqual(["t1"]);
    expect(await ask({})).toEqual(["t1"]);
    expect(await store.turns.renew(claims)).toEqual({ lost: [], cancel: ["t1"] });
    const [own, neighbour] = claims as [Claim, Claim];
    expect(await store.turns.emit(own, [item("too late")], 0, 2600)).toBe("lost");
    expect(await store.turns.sayAlive(own, item("at work"), 2600)).toBe("lost");
    // One that is given back is known for it when it is taken again.
    expect(await store.turns.release(own)).toBe("ok");
    expect(await store.turns.renew(claims)).toEqual({ lost: ["t1"], cancel: [] });
    // Nobody has to be there to answer it.
    expect(await store.turns.heads(["main"])).toEqual([]);
    const held = { agents: ["main"], free: [] };
    const [again] = await store.turns.claim("worker", 9, 2700, { held });
    expect(again).toMatchObject({ isCancelled: true, turn: { id: "t1" } });
    const end = { outcome: "done" as const, replies: [item("an answer")], session: 1, notes: ["a note"] };
    expect((await store.turns.end(again!.claim, end, 3000, false)).held).toBe("ok");
    expect(await store.turns.get("t1")).toMatchObject({ state: "cancelled", notes: ["a note"] });
    expect(await store.outbox.ofTurn("t1")).toEqual([]);
    await store.turns.end(neighbour, end, 3000, false);
    expect(await store.outbox.ofTurn("neighbour")).toHaveLength(1);
    await store.turns.open(claim, turn("t2", "s"), [], [], 3000);
    expect((await store.turns.claim("worker", 9, 3000))[0]).toMatchObject({ session: undefined });
  });
}
