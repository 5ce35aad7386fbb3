import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { intakeBenches } from "../../test/support/inbound-bench.js";
import { directChat, directMessage } from "../../test/support/message.js";
import type { MessageRow } from "../conversation/index.js";
import { type FileStamp, ProgressWatch } from "./progress.js";

const open = intakeBenches();
const watches: ProgressWatch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
});

const day = 24 * 3600_000;
let clock: FakeClock;

/** A watch beside an intake; time passes only while a test waits for something. */
async function watched(stamp: () => FileStamp | undefined = () => undefined) {
  clock = new FakeClock();
  const bench = await open({ clock });
  const stalls: number[] = [];
  const replaced = vi.fn();
  const deps = {
    bridge: bench.bridge,
    store: bench.store,
    claim: bench.claim,
    clock,
    mac: bench.mac,
    log: bench.log,
    stamp,
    listener: {
      found: (rows: MessageRow[]) => {
        for (const row of rows) bench.intake.receive(row);
      },
      listed: () => {},
      stalled: (rows: number) => stalls.push(rows),
      replaced,
    },
  };
  const begin = () => {
    const watch = new ProgressWatch(deps);
    watches.push(watch);
    return watch;
  };
  const watch = begin();
  const comes = (text: string, change: Partial<MessageRow> = {}) => {
    const row = bench.row(directMessage(), { text, sentAt: bench.now, ...change });
    bench.bridge.rows.push(row);
    return row;
  };
  const reported = (row: MessageRow) => {
    watch.heard(row);
    bench.intake.receive({ ...row, cursor: row.rowId });
  };
  return { bench, watch, begin, stalls, replaced, comes, reported };
}

const looks = (bench: { bridge: { chatsAsked: number } }, more: number) => {
  const before = bench.bridge.chatsAsked;
  return clock.advanceUntil(() => bench.bridge.chatsAsked > before + more);
};

/** Lets time pass until something is so. */
const until = async (check: () => void | Promise<void>) => {
  const isSo = async () => {
    try {
      await check();
      return true;
    } catch {
      return false;
    }
  };
  await clock.advanceUntil(isSo, 600_000);
};

it("finds a tapback that was never reported, where the build gives rows by their number", async () => {
  const { bench, watch, stalls, comes, reported } = await watched();
  bench.bridge.givesRowsAfter = true;
  const first = comes("first");
  reported(first);
  watch.start();
  await looks(bench, 1);
  const tapback = { kind: "love", emoji: "❤️", added: true, targetGuid: first.guid };
  const { guid } = comes("Loved “first”", { tapback, sentAt: bench.now + 1 });
  await until(async () => expect(await bench.fate(guid)).toMatch(/^done/));
  expect(stalls).toEqual([1]);
});

it("finds in its chat a row that is passed over by its number, because its chat came late", async () => {
  const { bench, watch, comes, reported } = await watched();
  bench.bridge.givesRowsAfter = true;
  reported(comes("first"));
  watch.start();
  await looks(bench, 1);
  const late = comes("late", { sentAt: bench.now + 1 });
  bench.bridge.passedOver.add(late.guid);
  // What came after it is known: by number nobody asks for it again.
  const after = comes("after it", {
    sentAt: bench.now + 2,
    chat: { ...directChat("sam@example.com"), id: 20 },
  });
  reported(after);
  await until(async () => expect(await bench.fate(after.guid)).not.toBe("unknown"));
  await until(async () => expect(await bench.fate(late.guid)).not.toBe("unknown"));
});

it("finds a row that was passed over, also behind a later one of its chat, and answers it once", async () => {
  const { bench, watch, stalls, comes, reported } = await watched();
  bench.bridge.givesRowsAfter = true;
  reported(comes("first"));
  watch.start();
  await looks(bench, 1);
  await clock.advance(10);
  const late = comes("late");
  bench.bridge.passedOver.add(late.guid);
  await clock.advance(10);
  reported(comes("after it"));
  await clock.advance(10_000);
  expect(await bench.texts()).toEqual(["first", "after it"]);
  bench.bridge.passedOver.delete(late.guid);
  await until(async () => expect(await bench.texts()).toEqual(["first", "after it", "late"]));
  await clock.advance(600_000);
  expect(await bench.texts()).toEqual(["first", "after it", "late"]);
  expect(stalls).toEqual([]);
});

it("finds after a start what the run before was not told of", async () => {
  const { bench, watch, comes, reported } = await watched();
  bench.bridge.givesRowsAfter = true;
  const [never, known] = [comes("never told", { sentAt: bench.now - 60_000 }), comes("known")];
  await watch.subscribesAfter(Promise.resolve(never.rowId - 1));
  reported(known);
  watch.start();
  await until(async () => expect(await bench.texts()).toEqual(["known", "never told"]));
});

describe("what is dated ahead", () => {
  it("hides nothing that comes until then, in its chat or in others", async () => {
    const { bench, watch, comes, reported } = await watched();
    watch.start();
    await looks(bench, 1);
    // More of them than are looked at.
    for (let id = 20; id < 27; id++) {
      const chat = { ...directChat(`sam${id}@example.com`), id };
      reported(comes(`later ${id}`, { chat, sender: chat.identifier, sentAt: bench.now + 72 * 3_600_000 }));
    }
    await looks(bench, 2);
    await clock.advance(10);
    comes("in the same chat", {
      chat: { ...directChat("sam20@example.com"), id: 20 },
      sender: "sam20@example.com",
    });
    comes("in another chat");
    await until(async () =>
      expect(await bench.texts()).toEqual(expect.arrayContaining(["in the same chat", "in another chat"])),
    );
  });
});

describe("a subscription", () => {
  it("that is silent beside a chat that cannot be read: rows of the other chats are found", async () => {
    const { bench, watch, comes } = await watched();
    comes("old", { sentAt: bench.now - 1000 });
    watch.start();
    await looks(bench, 1);
    await clock.advance(10);
    comes("in another chat", {
      chat: { ...directChat("sam@example.com"), id: 9 },
      sender: "sam@example.com",
    });
    await clock.advance(10);
    comes("unreadable");
    bench.bridge.unreadable.add(7);
    await until(async () => expect(await bench.texts()).toEqual(["in another chat"]));
  });

  it("that is silent while rows come: they are found, answered once, and the stall is told", async () => {
    const { bench, watch, stalls, comes } = await watched();
    comes("old", { sentAt: bench.now - 1000 });
    watch.start();
    await looks(bench, 1);
    await clock.advance(10);
    comes("unheard");
    comes("in another chat", {
      chat: { ...directChat("sam@example.com"), id: 9 },
      sender: "sam@example.com",
    });
    await until(async () => expect((await bench.texts()).sort()).toEqual(["in another chat", "unheard"]));
    await looks(bench, 3);
    expect(stalls.reduce((sum, rows) => sum + rows, 0)).toBe(2);
    await clock.advance(10);
    comes("again");
    await until(async () => expect(await bench.texts()).toHaveLength(3));
    expect(await bench.texts()).not.toContain("old");
  });

  it("that reports what comes is left alone, also when it takes a moment", async () => {
    const { bench, watch, stalls, comes, reported } = await watched();
    watch.start();
    await looks(bench, 1);
    await clock.advance(10);
    reported(comes("at once"));
    await clock.advance(10);
    const slow = comes("a little later");
    await until(() => expect(bench.bridge.queries.length).toBeGreaterThan(0));
    reported(slow);
    await clock.advance(1000);
    await looks(bench, 3);
    expect(stalls).toEqual([]);
    expect(await bench.texts()).toEqual(["at once", "a little later"]);
  });

  it("that slept with the machine is heard first", async () => {
    const { bench, watch, stalls, comes, reported } = await watched();
    watch.start();
    await looks(bench, 1);
    await clock.advance(10);
    const asked = bench.bridge.chatsAsked;
    const row = comes("written right before the sleep");
    await looks(bench, 0);
    await clock.jump(3_600_000);
    reported(row);
    await looks(bench, 2);
    expect(bench.bridge.chatsAsked).toBeGreaterThan(asked);
    expect(stalls).toEqual([]);
  });

  it("that is quiet costs no look at the history", async () => {
    const { bench, watch, stalls, comes, reported } = await watched();
    watch.start();
    await looks(bench, 1);
    await clock.advance(10);
    reported(comes("one"));
    await looks(bench, 10);
    expect(bench.bridge.queries.length).toBeLessThan(2);
    expect(stalls).toEqual([]);
  });

  it("that works off a backlog is not silent", async () => {
    const { bench, watch, stalls, comes, reported } = await watched();
    watch.start();
    await looks(bench, 1);
    await clock.advance(10);
    const rows = Array.from({ length: 150 }, (_, index) => comes(`m${index}`));
    for (const row of rows.slice(0, 100)) reported(row);
    await clock.advance(1);
    comes("newest");
    await until(() => expect(bench.bridge.queries.length).toBeGreaterThan(3));
    expect(stalls).toEqual([]);
  });

  it("is not blamed for a tapback that it did not report", async () => {
    const { bench, watch, stalls, comes } = await watched();
    watch.start();
    await looks(bench, 1);
    await clock.advance(10);
    comes("", { tapback: { kind: "love", emoji: "❤️", added: true, targetGuid: "X" } });
    await looks(bench, 3);
    expect(bench.bridge.queries).toHaveLength(1);
    expect(stalls).toEqual([]);
  });
});

describe("a database file that can be seen", () => {
  it("is not asked about while it does not change", async () => {
    let content = "1";
    let looks = 0;
    const { bench, watch, comes } = await watched(() => {
      looks++;
      return { file: "a", content };
    });
    watch.start();
    await until(() => expect(bench.bridge.chatsAsked).toBe(1));
    const before = looks;
    await until(() => expect(looks).toBeGreaterThan(before + 3));
    expect(bench.bridge.chatsAsked).toBe(1);
    await clock.advance(10);
    comes("unheard");
    content = "2";
    await until(async () => expect(await bench.texts()).toEqual(["unheard"]));
  });

  it("is told of once when another one took its place", async () => {
    let file = "a";
    const { watch, replaced, bench } = await watched(() => ({ file, content: file }));
    watch.opened();
    watch.start();
    await until(() => expect(bench.bridge.chatsAsked).toBe(1));
    file = "b";
    await until(() => expect(replaced).toHaveBeenCalledOnce());
    watch.opened();
    await until(() => expect(bench.bridge.chatsAsked).toBe(2));
    expect(replaced).toHaveBeenCalledOnce();
  });

  it("that was restored is looked through since the last row that was handled", async () => {
    const { bench, watch, comes } = await watched();
    watch.start();
    await looks(bench, 1);
    const since = bench.now - 500;
    watch.restart(since);
    comes("handled before", { sentAt: since - 10 });
    comes("came meanwhile", { sentAt: since + 10 });
    await until(async () => expect(await bench.texts()).toEqual(["came meanwhile"]));
  });

  it("that was restored hides nothing behind the first row that is reported from it", async () => {
    const { bench, watch, comes, reported } = await watched();
    watch.start();
    await looks(bench, 1);
    await clock.advance(10);
    const since = bench.now;
    await clock.advance(10);
    comes("while the old file was put back");
    await clock.advance(10);
    watch.restart(since);
    reported(comes("after"));
    await until(async () =>
      expect((await bench.texts()).sort()).toEqual(["after", "while the old file was put back"]),
    );
  });
});

it.each<[string, (now: number) => Partial<MessageRow>]>([
  ["", () => ({})],
  ["; not the whole history for a newest row without a time", () => ({ sentAt: 0 })],
  ["; not the whole history for an old one that was stored late", (now) => ({ sentAt: now - 700 * day })],
])(
  "takes what came before the process did with what is found, where a subscription is silent from its beginning%s",
  async (_, newest) => {
    const { bench, begin, stalls, comes, reported } = await watched();
    reported(comes("before"));
    const first = comes("first", newest(bench.now));
    reported(first);
    await until(async () => expect(await bench.fate(first.guid)).not.toBe("unknown"));
    // While nothing ran, in a chat of its own: nothing newer comes there.
    const chat = { ...directChat("sam@example.com"), id: 20 };
    await clock.advance(1000);
    const backlog = comes("while nothing ran", { chat });
    await clock.advance(60_000);
    const watch = begin();
    await watch.subscribesAfter(Promise.resolve(first.rowId));
    const read = vi.spyOn(bench.bridge, "history");
    watch.start();
    await looks(bench, 1);
    const newer = comes("newer");
    await until(async () => expect(await bench.fate(newer.guid)).not.toBe("unknown"));
    expect(await bench.fate(backlog.guid)).not.toBe("unknown");
    expect(stalls).toEqual([2]);
    // The subscription may still report what lies before it.
    expect(await bench.store.accounts.cursor("default")).toBe(first.rowId);
    const since = Math.min(...read.mock.calls.map(([query]) => query.since ?? 0));
    expect(since).toBeGreaterThan(bench.now - 2 * day);
  },
);
