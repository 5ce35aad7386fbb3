import { beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { directMessage } from "../../test/support/message.js";
import { SkippedRows } from "./skipped-rows.js";

let clock: FakeClock;
let skipped: SkippedRows;
beforeEach(() => {
  clock = new FakeClock();
  skipped = new SkippedRows(clock, 2750);
});

const comes = (rowId: number, preview?: number) =>
  skipped.came({
    ...directMessage(),
    rowId,
    ...(preview !== undefined && { preview: { rowId: preview, guid: "P" } }),
  });
/** What is looked for within an hour, and after how many seconds. */
async function looks(): Promise<[seconds: number, rowIds: number[]][]> {
  const found: [number, number[]][] = [];
  for (let at = 0; at <= 3600; at++) {
    const due = skipped.due();
    if (due.length > 0) found.push([at, due]);
    skipped.lookedFor(due);
    await clock.advance(1000);
  }
  return found;
}

it("looks four times for a number that was passed over, and not for its neighbours", async () => {
  skipped.subscribed(7);
  comes(8);
  comes(10);
  expect(skipped.due()).toEqual([]);
  expect(skipped.misses).toBe(true);
  expect(await looks()).toEqual([3, 15, 60, 300].map((seconds) => [seconds, [9]]));
  expect(skipped.misses).toBe(false);
});

it("misses what lies between where the subscription begins and its first row", async () => {
  skipped.subscribed(-1);
  comes(3);
  expect((await looks())[0]).toEqual([3, [1, 2]]);
});

it("misses nothing that came out of order, or folded into its text", async () => {
  skipped.subscribed(5);
  comes(8);
  comes(6, 7);
  expect(await looks()).toEqual([]);
});

it("misses nothing before the first row where the beginning is not known, and none of another database", async () => {
  comes(20);
  comes(22);
  skipped.forget();
  comes(500);
  expect(await looks()).toEqual([]);
});

it("looks for the nearest twenty of a leap, and for none of one that cannot be believed", async () => {
  skipped.subscribed(10);
  comes(2 ** 53 - 1);
  comes(100);
  expect((await looks())[0]![1]).toEqual(Array.from({ length: 20 }, (_, index) => 80 + index));
});
