import { expect, it } from "vitest";
import { Bench, drop, item, row } from "../../../test/contract/store/bench.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { rememberingLog } from "../../../test/support/inbound-bench.js";
import { openStore } from "../../store/index.js";
import type { Drafts } from "./drafts.js";
import { DraftWatch } from "./watch.js";

const bench = new Bench((place) => openStore(place));
const chat = { target: { kind: "chat_id" as const, chatId: 7 }, chatKey: "chat:7" };

/** A watch that has looked once, and how often the store was asked for a draft. */
async function watching(expiresAt = 90_000) {
  const { store, claim } = await bench.claimed();
  const clock = new FakeClock(1000);
  let looks = 0;
  const drafts = new Proxy(store.drafts, {
    get: (target, name: "nextExpiry") => {
      if (name === "nextExpiry") looks++;
      return target[name].bind(target);
    },
  });
  const asked = { ownersOf: async () => [] } as unknown as Drafts;
  const watched = Object.assign(Object.create(store), { drafts, watch: store.watch.bind(store) });
  const watch = new DraftWatch({ store: watched, clock, log: rememberingLog().log, drafts: asked });
  watch.start();
  await clock.advance(0);
  const hold = async () => {
    const made = { account: "default", madeBy: "schedule s", agentId: "main", to: "Mia", approves: false };
    await store.drafts.open({ ...made, ...chat, id: "k7ab" }, 1000);
    const schedule = {
      id: "s",
      account: "default",
      sessionKey: "s",
      dueAt: 1,
      createdAt: 1,
      item: item("x"),
    };
    await store.schedule.add(schedule);
    const held = { ...chat, origin: "schedule" as const, text: "words", draft: "k7ab" };
    const holds = [{ id: "k7ab", expiresAt, title: "To Mia: words", asked: [item("To Mia", 9)] }];
    await store.schedule.hand(schedule, { items: [held], holds }, 1000);
    await clock.advance(0);
  };
  const writes = async (rowId: number) => {
    const [id] = await store.journal.admit(claim, [row(rowId)], "live", 1000);
    await store.journal.decide(claim, id!, drop, 1000);
    watch.heard();
    await clock.advance(0);
  };
  return { store, clock, watch, hold, writes, looks: () => looks };
}

it("asks the store nothing for rows and sends while no draft is held", async () => {
  const { store, writes, looks, watch } = await watching();
  expect(looks()).toBe(1);
  await writes(1);
  await store.outbox.add("default", item("answer"), 1000);
  await writes(2);
  expect(looks()).toBe(1);
  await watch.stop();
});

it("marks a draft that a message overtakes after it was held, and drops it in its time", async () => {
  const { store, clock, hold, writes, watch } = await watching();
  await writes(1);
  await hold();
  expect(await store.drafts.get("k7ab")).not.toHaveProperty("overtakenAt");
  await writes(2);
  expect(await store.drafts.get("k7ab")).toHaveProperty("overtakenAt");
  await clock.advance(90_000);
  expect((await store.drafts.get("k7ab"))?.state).toBe("overtaken");
  await watch.stop();
});

it("looks again when a vote on a draft came to nothing", async () => {
  const { store, clock, hold, writes, watch } = await watching();
  await hold();
  const vote = { by: "+15550100009", chat: { ...chat, chatKey: "chat:9" } };
  expect(await store.questions.vote("k7ab", { ...vote, option: "send" }, 6000)).toBe(true);
  await clock.advance(0);
  await writes(1);
  await clock.advance(90_000);
  expect((await store.drafts.get("k7ab"))?.state).toBe("held");
  await store.questions.voted("k7ab", [], clock.now());
  await clock.advance(0);
  expect((await store.drafts.get("k7ab"))?.state).toBe("overtaken");
  await watch.stop();
});

it("drops a draft whose time ended while timers stood still within a minute, and not before", async () => {
  const { store, clock, hold, watch } = await watching(12 * 3600_000);
  await hold();
  clock.leap(11 * 3600_000);
  await clock.advance(60_000);
  expect((await store.drafts.get("k7ab"))?.state).toBe("held");
  clock.leap(3600_000);
  await clock.advance(60_000);
  expect((await store.drafts.get("k7ab"))?.state).toBe("expired");
  await watch.stop();
});
