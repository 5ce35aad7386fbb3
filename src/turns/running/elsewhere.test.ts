import { expect, it } from "vitest";
import { type TurnLabSettings, turnLabs } from "../../../test/support/turn-lab.js";
import { Elsewhere } from "./elsewhere.js";

const open = turnLabs();

/** A runner beside other processes, whose agents wait until they are let go. @returns what was queued meanwhile, too */
function shared(hears: (account: string) => boolean = () => false, more: TurnLabSettings = {}) {
  const queued: string[] = [];
  const lab = open({
    agent: async function* (turn, signal, own) {
      await own.hold(turn, signal);
      yield { type: "text", text: `answer to ${turn.envelope.turnId}` };
    },
    elsewhere: (own) =>
      new Elsewhere({
        ...{ store: own.store, clock: own.clock, log: own.log, hears },
        queued: async ({ id }) => void queued.push(id),
      }),
    ...more,
  });
  return { lab, queued };
}

it("ends a turn that another process wants to end, and leaves the others", async () => {
  const { lab } = shared();
  await lab.queue("a", { session: "a" });
  await lab.queue("b", { session: "b" });
  lab.runner.start();
  await lab.until(() => lab.asked.size === 2);
  await lab.store.turns.requestCancel("a", lab.clock.now());
  await lab.ended("a");
  lab.go("b");
  await lab.ended("b");
  expect(await lab.states("a", "b")).toEqual(["cancelled", "done"]);
  expect(await lab.sent("a", "b")).toEqual(["answer to b"]);
});

it("commits nothing of a turn that another process runs by now, and tells that it waits again", async () => {
  const waits: string[] = [];
  const listener = {
    started: () => {},
    ended: () => {},
    waitsAgain: ({ id }: { id: string }) => void waits.push(id),
  };
  const { lab } = shared(undefined, { parts: { listener } });
  await lab.queue("a");
  lab.runner.start();
  await lab.until(() => lab.asked.size === 1);
  // As the end of its lease would: queued again, and taken by another one at once.
  await lab.store.accounts.claim("other account", "another");
  const [taken] = await lab.store.turns.claim("another", 1, lab.clock.now());
  expect(taken?.turn.attempt).toBe(2);
  await lab.until(() => waits.length === 1 && lab.runner.running === 0);
  lab.go("a");
  expect(await lab.states("a")).toEqual(["running"]);
  expect(await lab.sent("a")).toEqual([]);
});

it("runs nothing of a turn that was to end before it was taken", async () => {
  const counted: string[] = [];
  const limits = {
    ...{ maxConcurrent: () => 9, timeoutMs: async () => 1000 },
    admit: async ({ id }: { id: string }) => {
      counted.push(id);
      return "runs" as const;
    },
  };
  const { lab } = shared(undefined, { parts: { limits } });
  await lab.queue("a");
  await lab.queue("neighbour", { session: "n" });
  const [taken] = await lab.store.turns.claim("another", 1, lab.clock.now());
  await lab.store.turns.requestCancel("s", lab.clock.now());
  await lab.store.turns.release(taken!.claim);
  lab.runner.start();
  await lab.ended("a");
  await lab.until(() => lab.asked.size > 0);
  expect(await lab.states("a")).toEqual(["cancelled"]);
  expect([[...lab.asked.keys()], counted]).toEqual([["neighbour"], ["neighbour"]]);
});

it("hears what others queue for a session that runs here, once, and not what waited before", async () => {
  const { lab, queued } = shared((account) => account === "own");
  await lab.queue("a");
  await lab.queue("early");
  lab.runner.start();
  await lab.until(() => lab.asked.size === 1);
  await lab.queue("late");
  await lab.queue("elsewhere", { session: "another" });
  await lab.until(() => queued.length > 0);
  await lab.queue("of an account here", { account: "own" });
  await lab.until(() => lab.asked.size === 2);
  expect(queued).toEqual(["late"]);
});

it("passes over what nobody waits for: what reads along, and what is scheduled", async () => {
  const { lab, queued } = shared();
  await lab.queue("a");
  lab.runner.start();
  await lab.until(() => lab.asked.size === 1);
  const scheduled = { id: "r1", dueAt: "2026-05-09T07:00:00Z" };
  await lab.queue("listening", { more: { listening: true } });
  await lab.queue("elsewhere", { session: "another" });
  await lab.until(() => lab.asked.size === 2);
  await lab.queue("scheduled", { more: { scheduled } });
  await lab.queue("elsewhere too", { session: "a third" });
  await lab.until(() => lab.asked.size === 3);
  await lab.queue("asked for");
  await lab.until(() => queued.length > 0);
  expect(queued).toEqual(["asked for"]);
});

it("closes what the run before asked: nobody can hear an answer to it", async () => {
  const { lab } = shared();
  await lab.queue("a");
  const [taken] = await lab.store.turns.claim("another", 1, lab.clock.now());
  const at = lab.clock.now();
  const question = {
    ...{
      id: "k3fa",
      kind: "permission" as const,
      account: "default",
      turnId: "a",
      sessionKey: "s",
      title: "Run",
    },
    ...{ options: [], askedAt: at, expiresAt: at + 60_000 },
  };
  await lab.store.questions.ask(question, []);
  await lab.store.questions.ask({ ...question, id: "k3fb", turnId: "b" }, []);
  await lab.store.turns.release(taken!.claim);
  lab.runner.start();
  await lab.until(() => lab.asked.size === 1);
  const states = await Promise.all(["k3fa", "k3fb"].map((id) => lab.store.questions.get(id)));
  expect(states.map((each) => each?.state)).toEqual(["closed", "open"]);
});
