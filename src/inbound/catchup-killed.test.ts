import { expect, it, vi } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directChat, directMessage } from "../../test/support/message.js";
import type { MessageRow } from "../conversation/index.js";
import { CatchUp } from "./catchup.js";
import { cursorPath, readCursor } from "./catchup-cursor.js";

const open = intakeBenches();

const minute = 60_000;
/** So many rows are read before a gateway is killed. */
const mostRead = 60;

const pathOf = (bench: IntakeBench) => cursorPath(bench.folder, "default");

function catchUpOf(bench: IntakeBench, crashedAt: number | undefined, perRunLimit: number): CatchUp {
  const limits = { maxAgeMinutes: 120, perRunLimit, firstRunLookbackMinutes: 30, maxFailureRetries: 3 };
  const { store, bridge, claim, clock, mac, log } = bench;
  const deps = { store, bridge, claim, clock, mac, log };
  const rows = {
    take: (some: MessageRow[]) => bench.intake.takeMissed(some),
    release: (some: MessageRow[]) => {
      for (const row of some) bench.intake.receive(row);
    },
    misses: () => false,
  };
  const { quietMs } = bench.rules();
  const settings = { ...limits, quietMs, limitKey: "catchup.perRunLimit", crashedAt };
  return new CatchUp({ ...deps, settings, rows }, pathOf(bench), { lookMs: 5, retryMs: 5 });
}

/** Lets a gateway live until its pass ends, or it has read so many rows that it is killed. @returns whether it ended */
async function live(bench: IntakeBench, asked: string[], perRunLimit = 1000): Promise<boolean> {
  const sums = () => bench.lines.filter((line) => line.includes("replayed=")).length;
  const before = sums();
  const crashedAt = (await bench.store.accounts.cursor("default")) || undefined;
  const { history } = bench.bridge;
  let read = 0;
  bench.bridge.history = async (query) => {
    const rows = await history.call(bench.bridge, query);
    // What others look up is no reading of the pass.
    if (query.faulty) read += rows.length;
    return read > mostRead ? new Promise<never>(() => {}) : rows;
  };
  const pass = catchUpOf(bench, crashedAt, perRunLimit);
  pass.begin();
  await until(async () => {
    asked.push(...(await bench.runTurns()));
    expect(read > mostRead || sums() > before).toBe(true);
  });
  await pass.stop();
  bench.bridge.history = history;
  await bench.intake.stop();
  await bench.start();
  asked.push(...(await bench.runTurns()));
  return sums() > before;
}

/** Two chats, whose people wrote for 100 minutes while nothing ran. @returns what they wrote, oldest first */
function missed(bench: IntakeBench): string[] {
  const chats = ["+15550100123", "+15550100124"].map((from, index) => ({
    ...directChat(from),
    id: 7 + index,
  }));
  return Array.from({ length: 400 }, (_, n) => {
    const chat = chats[n % 2]!;
    const sender = chat.identifier;
    const sentAt = bench.now - 110 * minute + n * 15_000;
    bench.bridge.rows.push(bench.row(directMessage(), { text: `m${n}`, chat, sender, sentAt }));
    return `m${n}`;
  });
}

it("gets through a long history although each start is killed after a while, and answers each message once", async () => {
  const bench = await open();
  // The first start ever finds nothing, and the second a crash of the first.
  expect(await live(bench, [])).toBe(true);
  await bench.store.accounts.setCursor(bench.claim, 1);
  bench.now += 115 * minute;
  const texts = missed(bench);
  const asked: string[] = [];
  let starts = 1;
  while (!(await live(bench, asked))) expect(++starts).toBeLessThan(20);
  expect(starts).toBeGreaterThan(5);
  expect(asked.sort()).toEqual(texts.sort());
  expect(await bench.envelopes()).toHaveLength(texts.length);
  expect(readCursor(pathOf(bench))).not.toHaveProperty("reading");
}, 60_000);

it("knows what the account's human wrote before it decides anything older, though each start is killed", async () => {
  const bench = await open({ quietMs: 15 * minute });
  expect(await live(bench, [])).toBe(true);
  await bench.store.accounts.setCursor(bench.claim, 1);
  bench.now += 115 * minute;
  const texts = missed(bench).slice(200);
  bench.bridge.rows.splice(0, 200);
  const [ours, other] = [0, 1].map((chat) => texts.filter((_, n) => n % 2 === chat));
  const { chat } = bench.bridge.rows.at(-2)!;
  const wrote = { chat, fromMe: true, text: "I do it", sentAt: bench.now - 2 * minute };
  bench.bridge.rows.push(bench.row(directMessage(), wrote));
  // What is written by hand long before keeps nobody quiet.
  const before = { ...bench.bridge.rows.at(-3)!, sentAt: bench.now - 60 * minute };
  bench.bridge.rows.push(bench.row(before, { fromMe: true, text: "Good morning" }));
  const asked: string[] = [];
  let starts = 1;
  while (!(await live(bench, asked))) expect(++starts).toBeLessThan(30);
  expect(starts).toBeGreaterThan(2);
  expect(asked.filter((text) => ours!.includes(text))).toEqual([]);
  expect(asked.sort()).toEqual(other!.sort());
}, 60_000);

it("goes on with what a limit left in the part that it does not read again", async () => {
  const bench = await open();
  expect(await live(bench, [])).toBe(true);
  await bench.store.accounts.setCursor(bench.claim, 1);
  bench.now += 115 * minute;
  const texts = missed(bench).slice(0, 200);
  bench.bridge.rows.splice(200);
  const asked: string[] = [];
  for (let starts = 1; asked.length < texts.length; starts++) {
    expect(starts).toBeLessThan(40);
    await live(bench, asked, 30);
  }
  expect(asked.sort()).toEqual(texts.sort());
}, 60_000);

it("does not count as read what a stop kept from the journal, and answers it after the crash that follows", async () => {
  const bench = await open();
  expect(await live(bench, [])).toBe(true);
  await bench.store.accounts.setCursor(bench.claim, 1);
  bench.now += 115 * minute;
  const texts = missed(bench).slice(0, 40);
  bench.bridge.rows.splice(40);
  await bench.intake.stop();
  const pass = catchUpOf(bench, 1, 1000);
  const looked = vi.spyOn(bench.store.journal, "findByGuids");
  pass.begin();
  // What is to be answered is looked up once, and once more whether the journal has it.
  await until(() => expect(looked.mock.calls.length).toBeGreaterThanOrEqual(2));
  await Promise.all(looked.mock.results.map(({ value }) => value));
  await pass.stop();
  looked.mockRestore();
  await bench.start();
  const asked: string[] = [];
  expect(await live(bench, asked)).toBe(true);
  expect(asked.sort()).toEqual(texts.sort());
}, 60_000);
