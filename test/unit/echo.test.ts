import { expect, it } from "vitest";
import type { MessageRow } from "../../src/conversation/index.js";
import { findEcho, sentSinceFor } from "../../src/inbound/echo.js";
import { openStore, type SendOutcome, type Store } from "../../src/store/index.js";
import { about, Bench, item, row } from "../contract/store/bench.js";

const bench = new Bench(openStore);

async function echoIn(store: Store, shown: MessageRow, at: number) {
  const known = await store.gate.about(about(shown, at, { sentSince: sentSinceFor(shown, at) }));
  return findEcho(shown, false, known, at);
}

it("gives rows of the same text to sends in their order, answered or not, and never an older row", async () => {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  const take = async () => {
    await store.outbox.add("default", item("ok"), 1000);
    return (await store.outbox.take(claim, 1, 1000))[0]!;
  };
  const echoOf = (rowId: number) => echoIn(store, row(rowId, { fromMe: true, text: "ok" }), 1500);
  const first = await take();
  // Its row may come before the answer to its send.
  expect((await echoOf(50))?.open).toBeUndefined();
  expect(await echoOf(51)).toMatchObject({
    item: first.item.id,
    open: { id: first.claim.id, fence: first.claim.fence },
  });
  await store.outbox.settle(first.claim, { state: "accepted" }, 1100);
  const second = await take();
  expect((await echoOf(51))?.item).toBe(first.item.id);
  await store.outbox.settle(first.claim, { state: "stored", guid: "GUID-51", rowId: 51 }, 1200);
  expect(await echoOf(51)).toEqual({ item: first.item.id, takenAt: 1000, attempts: 1 });
  expect((await echoOf(52))?.item).toBe(second.item.id);
  // What the late answer says of the first send changes nothing any more.
  expect(await store.outbox.settle(first.claim, { state: "accepted" }, 1300)).toBe("lost");
});

it("finds the send that was given up as unknown when its row comes late", async () => {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  await store.outbox.add("default", item("ok"), 1000);
  const [taken] = await store.outbox.take(claim, 1, 1000);
  await store.outbox.settle(
    taken!.claim,
    { state: "unknown", error: { code: "NOT_SENT", message: "x" } },
    2000,
  );
  const echo = await echoIn(store, row(51, { fromMe: true, text: "ok" }), 100_000);
  expect(echo?.open).toMatchObject({ id: taken!.claim.id });
  await store.outbox.settle(echo!.open!, { state: "stored", guid: "GUID-51", rowId: 51 }, 100_000);
  // A second row is not that send any more.
  expect(await echoIn(store, row(52, { fromMe: true, text: "ok" }), 200_000)).toBeUndefined();
});

it("knows a recording by its file and by the text that went in its place", async () => {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  const spoken = { ...item("see you"), file: "/out/1/answer-1.m4a", voice: true };
  await store.outbox.add("default", spoken, 1000);
  await store.outbox.take(claim, 1, 1000);
  const attachments = [{ name: "answer-1.m4a" }] as MessageRow["attachments"];
  const own = (change: Partial<MessageRow>) => echoIn(store, row(51, { fromMe: true, ...change }), 1500);
  expect(await own({ text: "\ufffc", attachments })).toBeDefined();
  expect(await own({ text: "see you" })).toBeDefined();
  expect(await own({ text: "by hand" })).toBeUndefined();
});

it.each([
  ["ok", "I'm ok"],
  ["?", "why?"],
  ["\u200b", "big"],
  ["\u200b", ""],
])(
  "does not take what a person writes for an echo of %j because it ends like it: %j",
  async (sent, written) => {
    const { store, claim } = await bench.claimed();
    await store.accounts.setCursor(claim, 50);
    await store.outbox.add("default", item(sent), 1000);
    await store.outbox.take(claim, 1, 1000);
    expect(await echoIn(store, row(51, { text: written }), 1500)).toBeUndefined();
  },
);

it.each([
  ["ok", "+\u0003ok"],
  ["ok", "\u0003ok"],
  ["a".repeat(33), `!${"a".repeat(33)}`],
])("takes %j for an echo behind what its archive put before it: %j", async (sent, shown) => {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  await store.outbox.add("default", item(sent), 1000);
  await store.outbox.take(claim, 1, 1000);
  expect(await echoIn(store, row(51, { text: shown }), 1500)).toBeDefined();
});

const question = { question: "Send this to Mia?", options: ["Send", "Drop"] };
const shownPoll = { kind: "created", question: question.question };

/** A question that goes as a poll, handed over at 1000; row 50 was the newest. */
async function askedByPoll() {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  await store.outbox.add("default", { ...item("Send this to Mia?\n1. Send\n2. Drop"), poll: question }, 1000);
  const [taken] = await store.outbox.take(claim, 1, 1000);
  return { store, taken: taken! };
}

it("knows the row of a poll whose answer was lost, and no other poll", async () => {
  const { store, taken } = await askedByPoll();
  const poll = (asked: string) =>
    row(51, { fromMe: true, text: "", poll: { ...shownPoll, question: asked } });
  expect(await echoIn(store, poll(question.question), 1500)).toMatchObject({
    item: taken.item.id,
    open: { id: taken.claim.id },
  });
  expect(await echoIn(store, poll("Dinner?"), 1500)).toBeUndefined();
  // A vote of ours shows no poll.
  const vote = row(51, { fromMe: true, text: "", poll: { kind: "vote", question: question.question } });
  expect(await echoIn(store, vote, 1500)).toBeUndefined();
});

it("knows what stands beside a poll for an hour, and gives the send none of it", async () => {
  const { store, taken } = await askedByPoll();
  const caption = row(52, { fromMe: true, text: `${question.question} ` });
  const itsEcho = { item: taken.item.id, takenAt: 1000, attempts: 1 };
  expect(await echoIn(store, caption, 1500)).toEqual(itsEcho);
  await store.outbox.settle(taken.claim, { state: "stored", guid: "GUID-60", rowId: 60 }, 2000);
  expect(await echoIn(store, caption, 1_000_000)).toEqual(itsEcho);
  const late = row(53, { fromMe: true, text: "", poll: shownPoll });
  expect(await echoIn(store, late, 1_000_000)).toEqual(itsEcho);
  const written = (sentAt: number) => echoIn(store, { ...caption, sentAt }, 1_000_000_000);
  expect(await written(1000 + 3_600_001)).toBeUndefined();
  // It was written at once, and comes when the machine wakes up.
  expect(await written(1500)).toEqual(itsEcho);
  // Its second row in a chat with oneself; a group's member may well ask the same.
  expect(await echoIn(store, row(54, { text: question.question }), 1500)).toEqual(itsEcho);
  expect(await echoIn(store, row(54, { text: question.question }), 20_000)).toBeUndefined();
});

it("knows them behind a burst of sends that all have their rows", async () => {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  const send = async (given: Partial<ReturnType<typeof item>>, outcome: SendOutcome) => {
    await store.outbox.add("default", { ...item("x"), ...given }, 1000);
    const [taken] = await store.outbox.take(claim, 1, 1000);
    await store.outbox.settle(taken!.claim, outcome, 1000);
    return taken!.item.id;
  };
  const lost = await send(
    { text: "lost" },
    { state: "unknown", error: { code: "NOT_SENT", message: "nobody knows" } },
  );
  const asked = await send({ text: "Send it?", poll: question }, { state: "stored", guid: "GUID-59" });
  for (let n = 60; n < 160; n++) await send({ text: `part ${n}` }, { state: "stored", guid: `GUID-${n}` });
  const own = (rowId: number, text: string) => echoIn(store, row(rowId, { fromMe: true, text }), 4000);
  expect(await own(201, question.question)).toMatchObject({ item: asked });
  expect(await own(202, "lost")).toMatchObject({ item: lost });
});

it("takes nobody's message for an echo of what went out before our clock was set back", async () => {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  await store.outbox.add("default", item("see you"), 100_000);
  await store.outbox.take(claim, 1, 100_000);
  const echoAt = (at: number) => echoIn(store, row(51, { text: "see you" }), at);
  expect(await echoAt(101_000)).toBeDefined();
  expect(await echoAt(50_000)).toBeUndefined();
});
