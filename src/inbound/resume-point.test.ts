import { expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directChat, directMessage } from "../../test/support/message.js";
import type { Bridge } from "../bridge/index.js";
import { ResumePoint } from "./resume-point.js";

const open = intakeBenches();
const sam = { chat: { ...directChat("sam@example.com"), id: 8 }, sender: "sam@example.com" };

function resumePoint(bench: IntakeBench, startsAtNewest = false) {
  const { store, claim, log } = bench;
  const replaced: number[] = [];
  const point = new ResumePoint({
    store,
    bridge: bench.bridge as unknown as Bridge,
    claim,
    log,
    startsAtNewest,
    highest: () => undefined,
    onReplaced: (since) => replaced.push(since),
  });
  return { point, replaced };
}

/** Rows of two chats were journaled; those of the one with the newest cannot be read any more. */
async function withUnreadableChat(): Promise<IntakeBench> {
  const bench = await open();
  await bench.store.accounts.setCursor(bench.claim, 900);
  const later = [1, 2, 3, 4].map((n) => bench.row(directMessage(), { sentAt: bench.now + n }));
  const rows = [bench.row(directMessage(), sam), ...later];
  bench.bridge.rows.push(...rows);
  for (const row of rows) bench.intake.receive({ ...row, cursor: row.rowId });
  await until(async () => expect(await bench.fate(rows.at(-1)!.guid)).toBe("in_turn dispatch"));
  bench.bridge.unreadable.add(7);
  return bench;
}

it("subscribes beside a chat that cannot be read", async () => {
  const bench = await withUnreadableChat();
  const { point, replaced } = resumePoint(bench);
  expect(await point.get()).toBe(await bench.store.accounts.resumePoint("default"));
  expect(replaced).toEqual([]);
});

it("takes no database for another one because its newest rows cannot be read", async () => {
  const bench = await withUnreadableChat();
  bench.bridge.unreadable.add(8);
  for (const newestRow of [
    async () => ({ rowId: 950, guid: "OLD", isPartial: true }),
    () => Promise.reject(new Error("malformed")),
  ]) {
    bench.bridge.newestRow = newestRow;
    for (const startsAtNewest of [false, true]) {
      const { point, replaced } = resumePoint(bench, startsAtNewest);
      expect(await point.get()).toBeGreaterThan(900);
      expect(replaced).toEqual([]);
    }
  }
});

it("begins nowhere as long as it is not known what is new", async () => {
  const bench = await open();
  bench.bridge.newestRow = () => Promise.reject(new Error("malformed"));
  for (const startsAtNewest of [false, true])
    await expect(resumePoint(bench, startsAtNewest).point.get()).rejects.toThrow("malformed");
});

it("listens to an empty Messages from before its first row, and never from nothing", async () => {
  const bench = await open();
  for (const startsAtNewest of [false, true])
    expect(await resumePoint(bench, startsAtNewest).point.get()).toBe(-1);
  expect(await bench.store.accounts.cursor("default")).toBe(-1);
});

it("goes on behind the very first row, which is no empty start", async () => {
  const bench = await open();
  await bench.store.accounts.setCursor(bench.claim, 1);
  bench.bridge.rows.push(bench.row(directMessage()));
  const { point, replaced } = resumePoint(bench);
  expect(await point.get()).toBe(1);
  expect(await bench.store.accounts.cursor("default")).toBe(1);
  expect(replaced).toEqual([]);
});

it("remembers where it begins in another database, so that the next start does not hear it anew", async () => {
  const bench = await open();
  const { store, claim } = bench;
  await store.accounts.setCursor(claim, 5000);
  bench.bridge.rows.push(bench.row(directMessage()));
  const newest = bench.bridge.rows.at(-1)!.rowId;
  expect(await resumePoint(bench).point.get()).toBe(newest);
  expect(await store.accounts.cursor("default")).toBe(newest);
  expect(await resumePoint(bench).point.get()).toBe(newest);
  expect(bench.lines.filter((line) => line.includes("replaced or restored"))).toHaveLength(1);
});
