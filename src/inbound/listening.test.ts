import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { groupMessage } from "../../test/support/message.js";
import { groupQuietMs, longestMs, mostMessages, mostTurnsPerHour } from "./listening.js";

const start = 1_778_307_200_000;
const benches = intakeBenches();
const open = (groups: object, more: ConstructorParameters<typeof IntakeBench>[0] = {}) =>
  benches({ clock: new FakeClock(start), imessage: { groups }, mentionPatterns: ["@bot"], ...more });
const clockOf = (bench: IntakeBench) => bench.clock as FakeClock;
const listened = { "88": { listen: true }, "*": {} };

/** Somebody writes in a group. @returns once it is decided */
async function says(bench: IntakeBench, text: string, chatId = 88): Promise<void> {
  const row = bench.row(groupMessage({ chatId }), { text });
  bench.intake.receive(row);
  await until(async () => expect(await bench.fate(row.guid)).toBe("done context not_mentioned"));
}

/** What the turns were given that are queued by now. */
async function given(bench: IntakeBench): Promise<string[][]> {
  const turns = await bench.store.turns.claim("agent", 100, bench.now);
  for (const { claim } of turns)
    await bench.store.turns.end(claim, { outcome: "done", replies: [] }, bench.now, false);
  return turns.map(({ turn: { envelope } }) =>
    [...envelope.context, ...envelope.messages].map(({ text }) => text),
  );
}

it("waits until nobody has written for a while, and hands all of it over together", async () => {
  const bench = await open(listened);
  await says(bench, "one");
  await clockOf(bench).advance(groupQuietMs - 5000);
  await says(bench, "two");
  // Another group that nobody listens to.
  await says(bench, "elsewhere", 89);
  await clockOf(bench).advance(groupQuietMs - 5000);
  expect(await given(bench)).toEqual([]);
  await clockOf(bench).advance(5000);
  await expect.poll(() => given(bench)).toEqual([["one", "two"]]);
});

it("waits no longer than some minutes where people go on writing", async () => {
  const bench = await open(listened);
  const words: string[] = [];
  for (let at = 0; at < longestMs; at += 50_000) {
    words.push(`word ${at}`);
    await says(bench, words.at(-1)!);
    await clockOf(bench).advance(50_000);
  }
  const found: string[][] = [];
  await expect.poll(async () => found.push(...(await given(bench)))).toBeGreaterThan(0);
  expect(found[0]!.length).toBeGreaterThan(3);
  expect(words).toEqual(expect.arrayContaining(found[0]!));
});

it("waits for no quiet when much was written", async () => {
  const bench = await open(listened);
  for (let index = 0; index < mostMessages; index++) await says(bench, `word ${index}`);
  const lengths = async () => {
    await clockOf(bench).advance(1);
    return (await given(bench)).map(({ length }) => length);
  };
  await expect.poll(lengths).toEqual([mostMessages]);
  expect(bench.now).toBeLessThan(start + groupQuietMs);
});

it("takes so many turns an hour, also over a restart, and what comes then stays for the next", async () => {
  const bench = await open(listened);
  for (let turn = 0; turn < mostTurnsPerHour; turn++) {
    await says(bench, `word ${turn}`);
    await clockOf(bench).advance(groupQuietMs);
    await expect.poll(() => given(bench)).toEqual([[`word ${turn}`]]);
  }
  await bench.intake.stop();
  await bench.start();
  await says(bench, "too much");
  await clockOf(bench).advance(groupQuietMs);
  expect(await bench.store.turns.listened("default", 88, 0)).toHaveLength(mostTurnsPerHour);
  expect(await given(bench)).toEqual([]);
  await clockOf(bench).advance(3600_000);
  await expect.poll(() => given(bench)).toEqual([["too much"]]);
});

it("hands over what an earlier run left", async () => {
  const bench = await open(listened);
  await says(bench, "one");
  await bench.intake.stop();
  await bench.start();
  await clockOf(bench).advance(groupQuietMs);
  await expect.poll(() => given(bench)).toEqual([["one"]]);
});

it("keeps quiet where the account's human writes by hand", async () => {
  const bench = await open(listened, { quietMs: 600_000 });
  await says(bench, "one");
  const own = bench.row(groupMessage({ chatId: 88 }), { text: "I have it", fromMe: true });
  bench.intake.receive(own);
  await until(async () => expect(await bench.fate(own.guid)).toBe("done drop own_message"));
  await clockOf(bench).advance(groupQuietMs);
  expect(await given(bench)).toEqual([]);
});

it("keeps quiet there also where the Mac's clock is behind, and nowhere else", async () => {
  const bench = await open({ ...listened, "89": { listen: true } }, { quietMs: 600_000 });
  const behindMs = 15 * 60_000;
  bench.mac.measure({ takenAt: start, sentAt: start - behindMs, receivedAt: start });
  await says(bench, "one");
  await says(bench, "elsewhere", 89);
  const change = { text: "I have it", fromMe: true, sentAt: start - behindMs };
  const own = bench.row(groupMessage({ chatId: 88 }), change);
  bench.intake.receive(own);
  await until(async () => expect(await bench.fate(own.guid)).toBe("done drop own_message"));
  await clockOf(bench).advance(groupQuietMs);
  const found: string[][] = [];
  await expect.poll(async () => found.push(...(await given(bench)))).toBeGreaterThan(0);
  expect(found).toEqual([["elsewhere"]]);
});
