import { expect, it } from "vitest";
import { fault } from "../../src/bridge/imsg/faults.js";
import { rpcError } from "../../src/bridge/imsg/rpc-error.js";
import type { Bridge } from "../../src/bridge/index.js";
import type { MessageRow } from "../../src/conversation/index.js";
import { type OutboxItem, openStore, type Store } from "../../src/store/index.js";
import { Bench, dispatch, item, row } from "../contract/store/bench.js";
import { FakeClock } from "../support/fake-clock.js";
import { bridgeOver, senderOf } from "../support/sender-lab.js";

const bench = new Bench(openStore);

/** As imsg says it (protocol reference 2.2, 9.10), with a number that stands in no list. */
const sentence = (number: number) =>
  `AppleScript failed: Messages got an error: AppleEvent handler failed. (${number})`;

/** A sender whose sends fail as `said` has it, by how often it was tried; what it tried, and its warnings. */
async function failing(
  said: (tries: number, store: Store) => string | Promise<string>,
  rows: MessageRow[] = [],
) {
  const { store, claim } = await bench.claimed();
  const [admitted] = await store.journal.admit(claim, [row(40)], "live", 1000);
  await store.journal.decide(claim, admitted!, dispatch, 1000);
  const id = await store.outbox.add("default", item("ok"), 1000);
  const tries: number[] = [];
  const clock = new FakeClock(1000);
  const send: Bridge["send"] = async () => {
    tries.push(clock.now());
    return {
      ok: false,
      error: rpcError({ code: -32603, message: "Internal error", data: await said(tries.length, store) }),
    };
  };
  const warned: string[] = [];
  const ended: string[] = [];
  const sender = senderOf(
    store,
    claim,
    { ...bridgeOver(rows), send },
    clock,
    (_, state) => ended.push(state),
    (message) => warned.push(message),
  );
  await sender.start();
  return { store, id, clock, sender, tries, warned, ended };
}

const errorOf = async (store: Store, id: number): Promise<OutboxItem["error"]> =>
  (await store.outbox.get(id))?.error;

it("repeats a failure that had to be looked up with growing pauses, and keeps what imsg said", async () => {
  const { store, id, clock, sender, tries, warned } = await failing(() => sentence(-10_000));
  await clock.advance(103_000);
  await sender.stop();
  const pauses = tries.slice(1).map((at, index) => at - tries[index]!);
  // Each look waits 2 s before, the pause comes on top.
  expect(pauses).toEqual([3000, 4000, 6000, 10_000, 18_000, 34_000]);
  expect(await errorOf(store, id)).toMatchObject({
    code: "APPLESCRIPT_FAILED",
    message: expect.stringContaining("AppleEvent handler failed. (-10000)"),
  });
  expect(warned).toEqual([expect.stringContaining("AppleEvent handler failed. (-10000)")]);
});

it("warns once more when a send fails in another way", async () => {
  const { clock, sender, warned } = await failing((tries) => sentence(tries < 3 ? -10_000 : -1708));
  await clock.advance(103_000);
  await sender.stop();
  expect(warned).toEqual([expect.stringContaining("(-10000)"), expect.stringContaining("(-1708)")]);
});

it("says of a message that became too old why it was not sent before", async () => {
  const { store, id, clock, sender, ended } = await failing(() => sentence(-10_000));
  await clock.advanceUntil(() => ended.includes("not_sent"));
  await sender.stop();
  expect(await errorOf(store, id)).toMatchObject({
    code: "EXPIRED",
    message: expect.stringContaining("AppleEvent handler failed. (-10000)"),
  });
});

it("says of a message of unknown outcome what its send failed with", async () => {
  // A row without a text may be the message (protocol reference 8.4).
  const { store, id, clock, sender, ended } = await failing(
    () => sentence(-10_000),
    [row(51, { fromMe: true, text: "" })],
  );
  await clock.advanceUntil(() => ended.includes("unknown"));
  await sender.stop();
  expect(await errorOf(store, id)).toMatchObject({
    code: "OUTCOME_UNKNOWN",
    message: expect.stringContaining("AppleEvent handler failed. (-10000)"),
  });
});

it("does not try again what somebody stopped while it was sent", async () => {
  const { store, id, clock, sender, tries, warned } = await failing(async (_, { outbox }) => {
    await outbox.stopAnswers("default", ["chat:7"], 1000);
    return sentence(-10_000);
  });
  await clock.advance(103_000);
  await sender.stop();
  expect(tries).toHaveLength(1);
  expect(await errorOf(store, id)).toMatchObject({ code: "STOPPED" });
  expect(warned).toEqual([]);
});

it("does not ask a child again and again that is being ended", async () => {
  const { store, claim } = await bench.claimed();
  const [admitted] = await store.journal.admit(claim, [row(40)], "live", 1000);
  await store.journal.decide(claim, admitted!, dispatch, 1000);
  await store.outbox.add("default", item("ok"), 1000);
  const clock = new FakeClock(1000);
  const tries: number[] = [];
  const send: Bridge["send"] = async () => {
    tries.push(clock.now());
    // So that the test ends where it would go on at the same moment.
    if (tries.length > 50) return { ok: true, value: {} };
    return { ok: false, error: fault("CHILD_DOWN") };
  };
  const sender = senderOf(store, claim, { ...bridgeOver([]), send }, clock, () => {});
  await sender.start();
  await clock.advance(3500);
  await sender.stop();
  expect(tries).toEqual([1000, 2000, 3000, 4000]);
});
