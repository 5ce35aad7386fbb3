import { expect, it } from "vitest";
import type { StateNode, Store } from "../../../src/store/index.js";
import { until } from "../../support/process-alive.js";
import { type Bench, item, openTurn, row } from "./bench.js";

const long = 600_000;

function node(id: string, kind: StateNode["kind"] = "gateway"): StateNode {
  return { id, kind, name: `machine of ${id}`, pid: 7, version: "1.0.0" };
}

async function joined(store: Store, ...ids: string[]): Promise<void> {
  for (const id of ids) await store.nodes!.join(node(id), long);
}

/** Lets the lease of a node run out. */
async function runOut(store: Store, id: string): Promise<void> {
  await store.nodes!.renew(id, 1);
  const left = async () => (await store.nodes!.list()).find((one) => one.id === id)!.leftMs;
  await until("the lease is over", async () => (await left()) < 0);
}

/** What a store does that several processes share (behaviour 21.4); one in a file has no nodes. */
export function nodesContract(bench: Bench): void {
  it("gives an account to one node, and names it to others; each other account is free", async () => {
    const store = bench.store();
    await joined(store, "one", "two");
    const { claim } = await store.accounts.claim("default", "one");
    await expect(bench.store().accounts.claim("default", "two")).rejects.toMatchObject({
      code: "ACCOUNT_ELSEWHERE",
      message: "the account default is served by machine of one",
    });
    await store.accounts.claim("work", "two");
    expect(await store.accounts.setCursor(claim, 5)).toBe("ok");
    // Its own node may claim it again, and anybody once it was given back.
    const again = await store.accounts.claim("default", "one");
    expect(again.claim.fence).toBeGreaterThan(claim.fence);
    await store.accounts.release(again.claim, 5000);
    const next = await store.accounts.claim("default", "two");
    expect(next.facts).toEqual({ cursor: 5, stoppedAt: 5000 });
  });

  it("takes nothing from a node whose lease runs, nor from one whose lease ran out before anybody looked", async () => {
    const store = bench.store();
    await joined(store, "one");
    const { claim } = await store.accounts.claim("default", "one");
    expect(await store.nodes!.expire()).toEqual([]);
    await runOut(store, "one");
    await expect(store.accounts.claim("default", "two")).rejects.toMatchObject({ code: "ACCOUNT_ELSEWHERE" });
    expect(await store.nodes!.renew("one", long)).toBe("ok");
    expect(await store.nodes!.expire()).toEqual([]);
    expect(await store.accounts.setCursor(claim, 5)).toBe("ok");
  });

  it("frees all that a node had whose lease is over, and leaves its neighbour's alone", async () => {
    const store = bench.store();
    await joined(store, "one", "two");
    const { claim: dead } = await store.accounts.claim("default", "one");
    const { claim: alive } = await store.accounts.claim("work", "two");
    await openTurn(store, dead, "t1", [1], "a");
    await openTurn(store, dead, "t2", [2], "a");
    await openTurn(store, alive, "t3", [3], "b");
    const [lost] = await store.turns.claim("one", 1, 2000);
    const [kept] = await store.turns.claim("two", 1, 2000);
    expect([lost!.turn.id, kept!.turn.id]).toEqual(["t1", "t3"]);
    await store.turns.markAtRisk(lost!.claim);
    for (const [id, turnId] of [
      ["q1", "t1"],
      ["q3", "t3"],
    ] as const)
      await store.questions.ask(
        {
          ...{ id, account: "default", turnId, sessionKey: "a", title: "May I?", kind: "permission" },
          options: [],
          askedAt: 2000,
          expiresAt: 9e12,
        },
        [],
      );

    await runOut(store, "one");
    expect(await bench.store().nodes!.expire()).toEqual(["one"]);
    // Not even what it does before anybody has taken over counts.
    expect(await store.accounts.setCursor(dead, 99)).toBe("lost");
    await expect(store.journal.admit(dead, [row(9)], "live", 1000)).rejects.toMatchObject({
      code: "ACCOUNT_LOST",
    });
    expect(await store.turns.emit(lost!.claim, [item("late")], 0, 3000)).toBe("lost");
    expect(await store.nodes!.renew("one", long)).toBe("lost");
    expect((await store.questions.get("q1"))?.state).toBe("closed");

    expect(await store.accounts.setCursor(alive, 9)).toBe("ok");
    expect(await store.turns.emit(kept!.claim, [item("in time")], 0, 3000)).toBe("ok");
    expect(await store.nodes!.renew("two", long)).toBe("ok");
    expect((await store.questions.get("q3"))?.state).toBe("open");

    const taken = await store.accounts.claim("default", "two");
    expect(taken.claim.fence).toBeGreaterThan(dead.fence);
    const [again] = await store.turns.claim("two", 5, 3000);
    expect(again).toMatchObject({ turn: { id: "t1", attempt: 2, deaths: 1 } });
    expect((await store.turns.end(lost!.claim, { outcome: "done", replies: [] }, 3000, false)).held).toBe(
      "lost",
    );
  });

  it("closes at a start what nobody waits for any more, and no question of a turn that runs elsewhere", async () => {
    const store = bench.store();
    await joined(store, "one");
    const { claim } = await store.accounts.claim("default", "one");
    await openTurn(store, claim, "t1", [1]);
    await store.turns.claim("one", 1, 2000);
    const question = { account: "default", sessionKey: "a", title: "May I?", kind: "permission" as const };
    const ends = { options: [], askedAt: 2000, expiresAt: 9e12 };
    await store.questions.ask({ ...question, ...ends, id: "q1", turnId: "t1" }, []);
    await store.questions.ask({ ...question, ...ends, id: "q0", turnId: "t0" }, []);
    expect(await store.questions.abandon(3000)).toBe(1);
    expect((await store.questions.get("q1"))?.state).toBe("open");
  });

  it("frees at once what a node had that is surely dead, or that left", async () => {
    const store = bench.store();
    await joined(store, "one", "other");
    const { claim } = await store.accounts.claim("default", "one");
    await store.accounts.claim("work", "other");
    await openTurn(store, claim, "t1", [1]);
    await store.turns.claim("one", 1, 2000);
    await store.nodes!.join(node("two"), long, "one");
    expect((await store.nodes!.list()).map(({ id }) => id)).toEqual(["other", "two"]);
    const taken = await store.accounts.claim("default", "two");
    expect(taken.facts).toEqual({ cursor: 1 });
    expect(await store.turns.claim("two", 5, 2000)).toHaveLength(1);
    await store.nodes!.leave("two");
    expect(await store.accounts.setCursor(taken.claim, 9)).toBe("lost");
    await store.accounts.claim("default", "other");
    expect(await store.turns.claim("other", 5, 2000)).toHaveLength(1);
    await expect(store.accounts.claim("work", "one")).rejects.toMatchObject({ code: "ACCOUNT_ELSEWHERE" });
  });

  it("frees what a process had that never was a node: an earlier version's", async () => {
    const { store, claim } = await bench.claimed("default", "before");
    await openTurn(store, claim, "t1", [1]);
    await store.turns.claim("before", 1, 2000);
    await joined(store, "one", "two");
    const { claim: other } = await store.accounts.claim("work", "two");
    await openTurn(store, other, "t2", [2], "b");
    expect((await store.turns.claim("two", 1, 2000)).map(({ turn }) => turn.id)).toEqual(["t1"]);
    await store.accounts.claim("default", "one");
    expect(await store.accounts.setCursor(claim, 9)).toBe("lost");
    // What a living node runs is no such thing.
    expect((await store.turns.claim("one", 5, 2000)).map(({ turn }) => turn.id)).toEqual(["t2"]);
  });

  it("has one keeper at a time", async () => {
    const store = bench.store();
    await joined(store, "one", "two", "three");
    const kept = await Promise.all(["one", "two"].map((id) => bench.store().nodes!.keep(id)));
    expect(kept.toSorted()).toEqual([false, true]);
    const [keeper, other] = kept[0] ? ["one", "two"] : ["two", "one"];
    expect(await store.nodes!.keep(keeper!)).toBe(true);
    await store.nodes!.leave(keeper!);
    expect(await store.nodes!.keep(other!)).toBe(true);
    expect(await store.nodes!.keep("three")).toBe(false);
    await runOut(store, other!);
    expect(await store.nodes!.keep("three")).toBe(false);
    await store.nodes!.expire();
    expect(await store.nodes!.keep("three")).toBe(true);
    // One that is no node any more keeps nothing.
    expect(await store.nodes!.keep(other!)).toBe(false);
  });

  it("lists the nodes, and what each account has to do", async () => {
    const store = bench.store();
    await joined(store, "one");
    await store.nodes!.join({ ...node("two", "worker"), agents: ["main"] }, long);
    await store.nodes!.keep("one");
    const { claim } = await store.accounts.claim("default", "one");
    const { claim: idle } = await store.accounts.claim("idle", "one");
    await store.accounts.release(idle, 4000);
    await openTurn(store, claim, "t1", [1], "a");
    await openTurn(store, claim, "t2", [2], "b");
    await store.turns.claim("one", 1, 2000);
    await store.outbox.add("default", item("one"), 2500);
    await store.outbox.add("default", item("two"), 2600);
    expect(await store.nodes!.list()).toEqual([
      { ...node("one"), startedAt: expect.any(Number), leftMs: expect.any(Number), isKeeper: true },
      {
        ...node("two", "worker"),
        agents: ["main"],
        startedAt: expect.any(Number),
        leftMs: expect.any(Number),
        isKeeper: false,
      },
    ]);
    expect(await store.nodes!.loads()).toEqual([
      {
        id: "default",
        node: "one",
        turns: { count: 1, since: 1000 },
        outbox: { count: 2, since: 2500 },
      },
      { id: "idle", stoppedAt: 4000, turns: { count: 0 }, outbox: { count: 0 } },
    ]);
  });

  it("names the accounts that a node leaves to others", async () => {
    const store = bench.store();
    await joined(store, "one", "two");
    await store.accounts.claim("own", "one");
    await store.accounts.claim("theirs", "two");
    const { claim } = await store.accounts.claim("stopped", "two");
    await store.accounts.release(claim, 4000);
    // As a copied state names its owner of then.
    await store.accounts.claim("renamed", "no node");
    expect(await store.nodes!.elsewhere("one")).toEqual({
      served: ["theirs"],
      unserved: ["renamed", "stopped"],
    });
    // Nobody has it for a moment: whoever takes it over runs its turns.
    await store.nodes!.leave("two");
    expect(await store.nodes!.elsewhere("one")).toEqual({
      served: [],
      unserved: ["renamed", "stopped", "theirs"],
    });
  });

  it("leaves what waits for an account that was stopped in order to whoever takes it, and runs what is its own", async () => {
    const store = bench.store();
    await joined(store, "one", "two");
    const { claim: own } = await store.accounts.claim("own", "one");
    const { claim: stopped } = await store.accounts.claim("stopped", "two");
    await openTurn(store, stopped, "t1", [1], "shared");
    await openTurn(store, own, "t2", [2], "shared");
    await store.accounts.release(stopped, 4000);
    const choice = async (id: string) => ({
      held: { agents: [], free: [], accounts: await store.nodes!.elsewhere(id) },
    });
    const [taken, ...rest] = await store.turns.claim("one", 9, 5000, await choice("one"));
    expect([taken?.turn.id, rest.length]).toEqual(["t2", 0]);
    await store.turns.end(taken!.claim, { outcome: "done", replies: [] }, 5000, false);
    expect(await store.turns.claim("one", 9, 5000, await choice("one"))).toEqual([]);
    await store.accounts.claim("stopped", "two");
    const then = await store.turns.claim("two", 9, 6000, await choice("two"));
    expect(then.map(({ turn }) => turn.id)).toEqual(["t1"]);
  });

  it("tells others at once that something is free", async () => {
    const store = bench.store();
    await joined(store, "one");
    const { claim } = await store.accounts.claim("default", "one");
    let told = 0;
    const stop = bench.store().watch("nodes", () => told++);
    const tells = async (act: () => Promise<unknown>) => {
      const before = told;
      await act();
      await until("it was told", () => told > before);
    };
    await tells(() => store.accounts.release(claim, 5000));
    // Nor does another one take its turns before it looks by itself.
    await tells(() => store.accounts.claim("default", "one"));
    await tells(() => store.nodes!.leave("one"));
    stop();
  });
}
