import { describe, expect, it } from "vitest";
import { storeWith } from "../../../test/support/store-with.js";
import { held, saying, type TurnLab, turnLabs } from "../../../test/support/turn-lab.js";

const open = turnLabs();

describe("turns that wait", () => {
  it("run one at a time per session, sessions side by side up to the limit (behaviour 5.4)", async () => {
    const lab = open({ agent: held, maxConcurrent: 2 });
    await lab.queue("a1", { session: "a" });
    await lab.queue("a2", { session: "a" });
    await lab.queue("b1", { session: "b" });
    await lab.queue("c1", { session: "c" });
    // What an earlier process left waiting is taken at the start.
    lab.runner.start();
    await lab.until(() => lab.asked.size === 2);
    expect(await lab.states("a1", "a2", "b1", "c1")).toEqual(["running", "queued", "running", "queued"]);
    expect(lab.runner.running).toBe(2);
    lab.go("a1");
    await lab.until(() => lab.asked.has("a2"));
    lab.go("b1");
    await lab.until(() => lab.asked.has("c1"));
    for (const id of ["a2", "c1"]) lab.go(id);
    await lab.ended("a1", "a2", "b1", "c1");
    await lab.until(() => lab.runner.running === 0);
    expect(await lab.states("a1", "a2", "b1", "c1")).toEqual(["done", "done", "done", "done"]);
    expect(await lab.sent("a2", "c1")).toEqual(["answer to a2", "answer to c1"]);
  });

  it("are taken as they come, also while others are being taken", async () => {
    let isFirst = true;
    const lab = open({
      over: (store) =>
        storeWith(store, {
          turns: {
            claim: async (...given) => {
              const taken = await store.turns.claim(...given);
              if (isFirst) {
                isFirst = false;
                await lab.queue("late", { session: "late" });
              }
              return taken;
            },
          },
        }),
    });
    await lab.queue("first");
    lab.runner.start();
    await lab.ended("first", "late");
    await lab.queue("later", { session: "later" });
    await lab.ended("later");
    expect(await lab.sent("first", "late", "later")).toHaveLength(3);
  });

  it("are looked for again when they could not be taken", async () => {
    let fails = 2;
    const lab = open({
      over: (store) =>
        storeWith(store, {
          turns: {
            claim: async (...given) => {
              if (fails-- > 0) throw new Error("locked");
              return store.turns.claim(...given);
            },
          },
        }),
    });
    await lab.queue("first");
    lab.runner.start();
    const begin = lab.clock.now();
    await lab.ended("first");
    expect(lab.clock.now() - begin).toBe(2000);
    expect(lab.lines.filter((line) => line.startsWith("error: turns cannot be taken"))).toHaveLength(2);
  });
});

describe("cancelling a session", () => {
  it("ends what runs and waits there without an answer, and nothing of another session", async () => {
    const lab = open({ agent: held });
    for (const id of ["a1", "a2", "a3"]) await lab.queue(id, { session: "a" });
    for (const id of ["b1", "b2"]) await lab.queue(id, { session: "b" });
    lab.runner.start();
    await lab.until(() => lab.asked.size === 2);
    expect((await lab.runner.cancel("a")).map(({ id }) => id)).toEqual(["a1", "a2", "a3"]);
    await lab.ended("a1");
    expect(await lab.states("a1", "a2", "a3", "b1", "b2")).toEqual([
      "cancelled",
      "cancelled",
      "cancelled",
      "running",
      "queued",
    ]);
    expect(await lab.sent("a1", "a2", "a3")).toEqual([]);
    expect((await lab.store.turns.get("a2"))?.endedAt).toBe(lab.clock.now());
    lab.go("b1");
    await lab.until(() => lab.asked.has("b2"));
    lab.go("b2");
    await lab.ended("b1", "b2");
    expect(await lab.sent("b1", "b2")).toEqual(["answer to b1", "answer to b2"]);
    // The session goes on with what comes next.
    await lab.queue("a4", { session: "a" });
    await lab.until(() => lab.asked.has("a4"));
  });

  it("ends at once what an agent has of its turn, however long that takes to stop (behaviour 21.3)", async () => {
    const lab = open({
      agent: async function* (turn, signal, own) {
        await own.hold(turn, signal).catch(() => new Promise(() => {}));
        yield* saying();
      },
    });
    for (const id of ["a", "b"]) await lab.queue(id, { session: id });
    lab.runner.start();
    await lab.until(() => lab.asked.size === 2);
    await lab.runner.cancel("a");
    expect(new Set(lab.unequipped)).toEqual(new Set(["a"]));
    expect(await lab.states("a", "b")).toEqual(["running", "running"]);
    await lab.ended("a");
    expect(new Set(lab.unequipped)).toEqual(new Set(["a"]));
  });

  it("leaves what came from another chat or account into the same session (behaviour 12)", async () => {
    const lab = open({ agent: held });
    const others = { other: { chatId: 8 }, elsewhere: { account: "work" } };
    await lab.queue("mine");
    for (const [id, where] of Object.entries(others)) await lab.queue(id, where);
    await lab.queue("also-mine");
    lab.runner.start();
    await lab.until(() => lab.asked.has("mine"));
    const from = { account: "default", chats: ["chat_id:7"] };
    expect((await lab.runner.cancel("s", from)).map(({ id }) => id)).toEqual(["mine", "also-mine"]);
    await lab.until(() => lab.asked.has("other"));
    expect((await lab.runner.cancel("s", from)).map(({ id }) => id)).toEqual([]);
    lab.go("other");
    await lab.until(() => lab.asked.has("elsewhere"));
    expect((await lab.runner.cancel("s", from)).map(({ id }) => id)).toEqual([]);
    lab.go("elsewhere");
    await lab.ended("other", "elsewhere");
    expect(await lab.sent("other", "elsewhere")).toEqual(["answer to other", "answer to elsewhere"]);
  });
});

describe("a process that dies before an agent has stopped", () => {
  const newer = { turnId: "new", sessionKey: "s", account: "default", chat: "chat_id:7" };

  it.each<[string, (lab: TurnLab) => unknown]>([
    ["cancelled", (lab) => lab.runner.cancel("s")],
    ["interrupted", (lab) => lab.runner.interrupt(newer)],
  ])("leaves what was %s to end, and what was not to run again (behaviour 12)", async (_, end) => {
    const lab = open({
      agent: async function* () {
        await new Promise(() => {});
        yield* saying();
      },
    });
    for (const id of ["s", "neighbour"]) await lab.queue(id, { session: id });
    lab.runner.start();
    await lab.until(() => lab.asked.size === 2);
    await end(lab);
    await lab.clock.advance(1);
    await lab.store.accounts.claim("default", "the next process");
    const again = await lab.store.turns.claim("the next process", 9, lab.clock.now());
    expect(again.map(({ turn, isCancelled = false }) => [turn.id, isCancelled])).toEqual([
      ["s", true],
      ["neighbour", false],
    ]);
  });
});

it("interrupts what runs for the same chat in the session of a newer turn, and nothing else", async () => {
  const lab = open({ agent: held });
  const wheres = {
    same: {},
    "other-chat": { session: "s2", chatId: 8 },
    "other-session": { session: "s3" },
    "other-account": { session: "s4", account: "work" },
  };
  for (const [id, where] of Object.entries(wheres)) await lab.queue(id, where);
  lab.runner.start();
  await lab.until(() => lab.asked.size === 4);
  const newer = { turnId: "same", sessionKey: "s", account: "default", chat: "chat_id:7" };
  lab.runner.interrupt(newer);
  for (const sessionKey of ["s2", "s4"]) lab.runner.interrupt({ ...newer, turnId: "new", sessionKey });
  for (const id of Object.keys(wheres)) if (id !== "same") lab.go(id);
  await lab.ended("other-chat", "other-session", "other-account");
  expect(await lab.states(...Object.keys(wheres))).toEqual(["running", "done", "done", "done"]);
  lab.runner.interrupt({ ...newer, turnId: "new" });
  await lab.ended("same");
  expect(await lab.states("same")).toEqual(["cancelled"]);
  expect(await lab.sent("same")).toEqual([]);
});

it("offers a newer message to what runs in its session alone (behaviour 5.4a)", async () => {
  const woken: string[] = [];
  const lab = open({
    canSteer: true,
    agent: async function* (turn, signal, own) {
      turn.steering!.listen(() => woken.push(turn.envelope.turnId));
      await own.hold(turn, signal);
      yield { type: "text", text: "done" };
    },
  });
  await lab.queue("a1", { session: "a", isOwner: true });
  await lab.queue("b1", { session: "b", isOwner: true });
  lab.runner.start();
  await lab.until(() => woken.length === 2);
  await lab.queue("a2", { session: "a", isOwner: true });
  woken.length = 0;
  lab.runner.steer({ turnId: "a1", sessionKey: "a" });
  lab.runner.steer({ turnId: "a2", sessionKey: "a" });
  await lab.until(() => woken.length > 0);
  await lab.clock.advance(1);
  expect(woken).toEqual(["a1"]);
});

describe("a stop", () => {
  it("lets what runs finish, takes nothing new, and leaves the rest waiting", async () => {
    const lab = open({ agent: held });
    for (const id of ["a1", "a2"]) await lab.queue(id, { session: "a" });
    lab.runner.start();
    await lab.until(() => lab.asked.has("a1"));
    let isStopped = false;
    const stop = lab.runner.stop(5000).then(() => {
      isStopped = true;
    });
    await lab.queue("b1", { session: "b" });
    await lab.clock.advance(4999);
    expect(isStopped).toBe(false);
    lab.go("a1");
    await lab.until(() => isStopped);
    await stop;
    expect(await lab.states("a1", "a2", "b1")).toEqual(["done", "queued", "queued"]);
    expect(await lab.sent("a1")).toEqual(["answer to a1"]);
    await lab.clock.advance(60_000);
    expect(await lab.states("a2", "b1")).toEqual(["queued", "queued"]);
    expect(lab.clock.waiting).toBe(0);
  });

  it("gives back what is not finished in time: it runs again, and nobody is told of it", async () => {
    const lab = open({ agent: held });
    await lab.queue("a1");
    lab.runner.start();
    await lab.until(() => lab.asked.has("a1"));
    let isStopped = false;
    void lab.runner.stop(5000).then(() => {
      isStopped = true;
    });
    await lab.until(() => isStopped);
    expect(await lab.states("a1")).toEqual(["queued"]);
    expect(lab.heard).toEqual(["started a1"]);
    expect(await lab.sent("a1")).toEqual([]);
    const [again] = await lab.store.turns.claim("node-2", 1, lab.clock.now());
    expect(again!.turn).toMatchObject({ id: "a1", attempt: 2 });
  });
});

it("goes on with the next turn when a session's turn says nothing", async () => {
  const lab = open({ agent: () => saying() });
  for (const id of ["a1", "a2"]) await lab.queue(id);
  lab.runner.start();
  await lab.ended("a1", "a2");
  expect(lab.heard).toEqual(["started a1", "done a1", "started a2", "done a2"]);
  expect(await lab.sent("a1", "a2")).toEqual([]);
});
