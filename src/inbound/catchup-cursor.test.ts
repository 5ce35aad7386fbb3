import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  type CatchupCursor,
  cursorPath,
  importCursor,
  readCursor,
  wasHandledElsewhere,
  writeCursor,
} from "./catchup-cursor.js";
import { slicesOf, spanOf } from "./catchup-slices.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-cursor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cursor: CatchupCursor = {
  lastSeenMs: 5000,
  lastSeenRowid: 50,
  updatedAt: 6000,
  failureRetries: { "GUID-1": 2 },
  reading: { untilMs: 4000, sliceMs: 1000 },
  imported: { ms: 3000, rowId: 30 },
};

describe("the cursor of an account (behaviour 9.4)", () => {
  const path = cursorPath(folder, "default");

  it("is read as it was written, each account's for itself", () => {
    const other = cursorPath(folder, "work");
    writeCursor(path, cursor);
    writeCursor(other, { ...cursor, lastSeenRowid: 1 });
    writeCursor(path, { ...cursor, lastSeenRowid: 51 });
    expect(readCursor(path)).toEqual({ ...cursor, lastSeenRowid: 51 });
    expect(readCursor(other)?.lastSeenRowid).toBe(1);
    // Nothing half-written stays beside it.
    expect(readdirSync(dirname(path)).length).toBe(2);
    const { reading: _, imported: __, ...plain } = cursor;
    writeCursor(path, plain);
    expect(readCursor(path)).toEqual(plain);
  });

  it.each([
    ["", undefined],
    ["{", undefined],
    ["null", undefined],
    ["[]", undefined],
    ["{}", undefined],
    ['{"lastSeenMs":5000}', undefined],
    ['{"lastSeenRowid":50}', undefined],
    ['{"lastSeenMs":"5000","lastSeenRowid":50}', undefined],
    ['{"lastSeenMs":null,"lastSeenRowid":50}', undefined],
  ])("that is %s is none: this is a first run", (text, wanted) => {
    writeFileSync(path, text);
    expect(readCursor(path)).toBe(wanted);
  });

  it.each([
    [{ failureRetries: { a: 1, b: "2", c: 1.5 } }, { failureRetries: { a: 1 } }],
    [{ failureRetries: null }, { failureRetries: {} }],
    [{ reading: { untilMs: 1 } }, {}],
    [{ reading: { sliceMs: 1 } }, {}],
    [{ reading: { untilMs: 1, sliceMs: 2 } }, { reading: { untilMs: 1, sliceMs: 2 } }],
    [{ reading: { untilMs: 1.5, sliceMs: 2.5 } }, { reading: { untilMs: 1, sliceMs: 2.5 } }],
    [{ imported: { ms: 1 } }, {}],
    [{ imported: { rowId: 1 } }, {}],
    [{ imported: { ms: 1, rowId: "2" } }, {}],
    [{ imported: { ms: 1, rowId: 2 } }, { imported: { ms: 1, rowId: 2 } }],
  ])("believes no half of it: %j", (given, wanted) => {
    writeFileSync(path, JSON.stringify({ lastSeenMs: 5000, lastSeenRowid: 50, updatedAt: 6000, ...given }));
    expect(readCursor(path)).toEqual({
      lastSeenMs: 5000,
      lastSeenRowid: 50,
      updatedAt: 6000,
      failureRetries: {},
      ...wanted,
    });
  });

  it("of an older version was written when it last saw something", () => {
    writeFileSync(path, '{"lastSeenMs":5000,"lastSeenRowid":50}');
    expect(readCursor(path)?.updatedAt).toBe(5000);
  });

  it("stays as it was when it cannot be written", () => {
    writeCursor(path, cursor);
    const before = readFileSync(path, "utf8");
    expect(() => writeCursor(join(path, "below", "a-file.json"), cursor)).toThrow();
    expect(readFileSync(path, "utf8")).toBe(before);
  });
});

it.each([
  [{ rowId: 30, sentAt: 3000 }, true],
  [{ rowId: 30, sentAt: 3999 }, true],
  [{ rowId: 30, sentAt: 4000 }, false],
  [{ rowId: 31, sentAt: 3000 }, false],
  [{ rowId: 1, sentAt: 1 }, true],
])("another system handled what lies before its cursor, to the second: %j %s", (row, wanted) => {
  expect(wasHandledElsewhere(cursor, row)).toBe(wanted);
  const { imported: _, ...own } = cursor;
  expect(wasHandledElsewhere(own, row)).toBe(false);
});

describe("what a pass looks through", () => {
  const minute = 60_000;
  const to = 10_000 * minute;
  const settings = { maxAgeMinutes: 120, firstRunLookbackMinutes: 30, crashedAt: undefined };
  const { reading: _, ...ended } = cursor;

  it.each([
    ["all that may be answered", settings, ended, { answered: to - 120 * minute, since: to - 120 * minute }],
    ["less at a first run", settings, undefined, { answered: to - 30 * minute, since: to - 30 * minute }],
    [
      "no more at a first run than may be answered",
      { ...settings, maxAgeMinutes: 10 },
      undefined,
      { answered: to - 10 * minute, since: to - 10 * minute },
    ],
    [
      "only what no start before has read, after a crash",
      { ...settings, crashedAt: to - minute },
      { ...cursor, reading: { untilMs: to - 20 * minute, sliceMs: 40 * minute } },
      { since: to - 20 * minute, sliceMs: 10 * minute },
    ],
    [
      "no less than a minute at a time",
      { ...settings, crashedAt: to - minute },
      { ...cursor, reading: { untilMs: to - 20 * minute, sliceMs: 1.5 * minute } },
      { sliceMs: minute },
    ],
    [
      "half as much at a time as the start that died",
      { ...settings, crashedAt: to - minute },
      { ...cursor, reading: { untilMs: to - 200 * minute, sliceMs: 8 * minute } },
      { sliceMs: 4 * minute },
    ],
    [
      "everything where only an earlier pass was cut short and no start died",
      settings,
      { ...cursor, reading: { untilMs: to - 20 * minute, sliceMs: 40 * minute } },
      { since: to - 120 * minute, sliceMs: 120 * minute },
    ],
    [
      "nothing that is to come",
      { ...settings, crashedAt: to - minute },
      { ...cursor, reading: { untilMs: to + 20 * minute, sliceMs: 8 * minute } },
      { since: to, sliceMs: minute },
    ],
  ])("is %s", (_name, given, known, wanted) => {
    expect(spanOf(given, known, to)).toMatchObject({ ...wanted, to });
  });

  it("has whole milliseconds, however odd its length and its parts are", () => {
    const odd = { ...settings, maxAgeMinutes: 1.00001 };
    const { answered, oldest, since } = spanOf(odd, ended, to);
    expect([answered, oldest, since].filter((each) => !Number.isInteger(each))).toEqual([]);
    const died = { ...cursor, reading: { untilMs: to - 423_457, sliceMs: 423_457 } };
    expect(spanOf({ ...settings, crashedAt: to - minute }, died, to).sliceMs).toBe(211_728);
  });

  it("goes back as far as the backlog after a crash, and never less than what may be answered", () => {
    const short = spanOf({ ...settings, maxAgeMinutes: 1, crashedAt: to - 1 }, ended, to);
    expect(short.oldest).toBeLessThan(short.answered);
    const long = spanOf({ ...settings, maxAgeMinutes: 9000, crashedAt: to - 1 }, ended, to);
    expect(long.oldest).toBe(long.answered);
    expect(spanOf(settings, ended, to).oldest).toBe(to - 120 * minute);
  });

  it.each([
    [0, 10, 10, [{ since: 0 }]],
    [0, 10, 4, [{ since: 0, until: 4 }, { since: 4, until: 8 }, { since: 8 }]],
    [0, 8, 4, [{ since: 0, until: 4 }, { since: 4 }]],
    [5, 5, 4, [{ since: 5 }]],
  ])("is read from %d to %d in slices of %d, the last one without an end", (since, until, ms, wanted) => {
    expect(slicesOf(since, until, ms)).toEqual(wanted);
  });
});

describe("a cursor of another system", () => {
  const path = cursorPath(folder, "imported");
  const at = (rowId: number) => ({
    lastSeenMs: rowId * 10,
    lastSeenRowid: rowId,
    updatedAt: 1,
    failureRetries: {},
  });
  const rowId = () => readCursor(path)?.lastSeenRowid;

  it("gives way to one that reaches further, until a start of ours has moved it", () => {
    importCursor(path, at(500));
    expect(readCursor(path)).toEqual({ ...at(500), imported: { ms: 5000, rowId: 500 } });
    importCursor(path, at(520));
    expect(readCursor(path)).toEqual({ ...at(520), imported: { ms: 5200, rowId: 520 } });
    importCursor(path, at(510));
    expect(rowId()).toBe(520);
    const imported = { ms: 5200, rowId: 520 };
    for (const moved of [
      { ...at(521), imported },
      { ...at(520), lastSeenMs: 5201, imported },
      { ...at(520), imported, reading: { untilMs: 5100, sliceMs: 1000 } },
      at(520),
    ]) {
      writeCursor(path, moved);
      importCursor(path, at(600));
      expect(readCursor(path)).toEqual(moved);
    }
  });
});
