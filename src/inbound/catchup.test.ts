import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directChat, directMessage } from "../../test/support/message.js";
import { CatchUp, type CatchUpSettings } from "./catchup.js";
import { cursorPath, readCursor, writeCursor } from "./catchup-cursor.js";

const open = intakeBenches();
const passes: CatchUp[] = [];
afterEach(async () => {
  for (const pass of passes.splice(0)) await pass.stop();
});

const minute = 60_000;
const defaults = {
  maxAgeMinutes: 120,
  perRunLimit: 50,
  firstRunLookbackMinutes: 30,
  maxFailureRetries: 3,
  quietMs: 0,
};

/** A row that came while nothing ran, so many minutes ago. */
function missed(bench: IntakeBench, text: string, minutesAgo: number, change = {}) {
  const row = bench.row(directMessage(), { text, sentAt: bench.now - minutesAgo * minute, ...change });
  bench.bridge.rows.push(row);
  return row;
}

const pathOf = (bench: IntakeBench) => cursorPath(bench.folder, "default");
const cursorOf = (bench: IntakeBench) => readCursor(pathOf(bench));

/** Starts a pass as a gateway's start does. */
function begin(
  bench: IntakeBench,
  settings: Partial<CatchUpSettings> = {},
  crashedAt?: number | undefined,
): CatchUp {
  const pass = new CatchUp(
    {
      store: bench.store,
      bridge: bench.bridge,
      claim: bench.claim,
      clock: bench.clock,
      mac: bench.mac,
      log: bench.log,
      settings: { ...defaults, limitKey: "catchup.perRunLimit", crashedAt, ...settings },
      rows: {
        take: (rows) => bench.intake.takeMissed(rows),
        release: (rows) => {
          for (const row of rows) bench.intake.receive(row);
        },
        misses: () => false,
      },
    },
    pathOf(bench),
    { lookMs: 5, retryMs: 5 },
  );
  passes.push(pass);
  pass.begin();
  return pass;
}

const summaries = (bench: IntakeBench) => bench.lines.filter((line) => line.includes("replayed="));

/** Begins a pass and answers its turns until it has told its sum. @returns what the agent was asked, in order */
async function pass(
  bench: IntakeBench,
  settings: Partial<CatchUpSettings> = {},
  fails?: (text: string) => boolean,
  crashedAt?: number,
): Promise<string[]> {
  const before = summaries(bench).length;
  const asked: string[] = [];
  const catchUp = begin(bench, settings, crashedAt);
  await until(async () => {
    asked.push(...(await bench.runTurns(fails)));
    expect(summaries(bench).length).toBe(before + 1);
  });
  await catchUp.stop();
  return asked;
}

describe("a catch-up pass", () => {
  it("replays what came meanwhile, oldest first, over all chats, and tells the sum", async () => {
    const bench = await open();
    missed(bench, "second", 5, { chat: directChat("sam@example.com"), sender: "sam@example.com" });
    bench.bridge.rows.at(-1)!.chat.id = 8;
    missed(bench, "first", 10);
    const own = missed(bench, "mine", 4, { fromMe: true, chat: { ...directChat("kim@example.com"), id: 9 } });
    const last = missed(bench, "third", 3);
    expect(await pass(bench)).toEqual(["first", "second", "third"]);
    expect(summaries(bench)).toEqual([
      "info: imessage catchup: replayed=3 skippedFromMe=1 skippedGivenUp=0 failed=0 givenUp=0 fetchedCount=4",
    ]);
    expect(cursorOf(bench)).toEqual({
      lastSeenMs: last.sentAt,
      lastSeenRowid: last.rowId,
      updatedAt: bench.now,
      failureRetries: {},
    });
    // It is known, and asks for nothing.
    expect(await bench.fate(own.guid)).toBe("done drop own_message");
    expect(await pass(bench)).toEqual([]);
    expect((await bench.store.journal.findByGuid(last.guid))?.arrival).toBe("catchup");
  });

  it("moves the subscription's cursor by what that reported too, and not by what only the history has", async () => {
    const bench = await open();
    const reported = missed(bench, "reported", 5);
    missed(bench, "not yet", 4);
    const before = await bench.store.accounts.cursor("default");
    const catchUp = begin(bench);
    expect(catchUp.owns({ ...reported, cursor: reported.rowId })).toBe(true);
    await until(async () => {
      await bench.runTurns();
      expect(summaries(bench)).toHaveLength(1);
    });
    expect(before).toBeLessThan(reported.rowId);
    expect(await bench.store.accounts.cursor("default")).toBe(reported.rowId);
    expect((await bench.store.journal.findByGuid(reported.guid))?.arrival).toBe("catchup");
    expect(await bench.envelopes()).toHaveLength(2);
  });

  it("is moved neither by a time ahead of the clock nor by an absurd row id", async () => {
    const bench = await open();
    await pass(bench);
    missed(bench, "in three days", -72 * 60);
    missed(bench, "absurd", 5, { rowId: Number.MAX_SAFE_INTEGER });
    const last = missed(bench, "last", 4);
    expect(await pass(bench)).toEqual(["absurd", "last", "in three days"]);
    expect(cursorOf(bench)).toMatchObject({ lastSeenMs: bench.now, lastSeenRowid: last.rowId });
    bench.now += 60 * minute;
    missed(bench, "much later", 45);
    expect(await pass(bench)).toEqual(["much later"]);
  });

  it("looks back by the Mac's clock", async () => {
    const bench = await open();
    await pass(bench);
    bench.mac.measure({ takenAt: bench.now, sentAt: bench.now - 20 * minute, receivedAt: bench.now });
    missed(bench, "within two hours", 20 + 119);
    missed(bench, "too old", 20 + 121);
    const asked = await pass(bench);
    expect(asked).toEqual(["within two hours"]);
  });

  it("keeps its cursor where other gateways of this kind do", async () => {
    expect(cursorPath("/state", "default")).toMatch(
      /^\/state\/imessage\/catchup\/default__[0-9a-f]{12}\.json$/,
    );
    expect(cursorPath("/state", "a/b")).toMatch(/catchup\/a_b__/);
  });

  it("looks back only a little at first, and never beyond the age limit", async () => {
    const bench = await open();
    missed(bench, "before the first run", 31);
    missed(bench, "within the first run", 29);
    expect(await pass(bench)).toEqual(["within the first run"]);
    const lastSeenMs = bench.now - 300 * minute;
    writeCursor(pathOf(bench), { lastSeenMs, lastSeenRowid: 1, updatedAt: 0, failureRetries: {} });
    bench.bridge.rows = [];
    missed(bench, "too old", 121);
    missed(bench, "old, and fine", 119);
    expect(await pass(bench)).toEqual(["old, and fine"]);
  });

  it("remembers a first run without any message", async () => {
    const bench = await open();
    await pass(bench);
    expect(cursorOf(bench)).toMatchObject({ lastSeenMs: bench.now });
    bench.now += 60 * minute;
    missed(bench, "much later", 45);
    expect(await pass(bench)).toEqual(["much later"]);
  });

  it("answers old messages as live ones would have been, and drops strangers as ever", async () => {
    const bench = await open({ imessage: { dmPolicy: "allowlist", allowFrom: ["+15550100123"] } });
    const stranger = missed(bench, "hi", 20, { sender: "+15550100999", chat: directChat("+15550100999") });
    missed(bench, "Are you there?", 20);
    expect(await pass(bench)).toEqual(["Are you there?"]);
    expect(await bench.fate(stranger.guid)).toBe("done drop dm_not_allowed");
    expect(summaries(bench)[0]).toContain("replayed=2 ");
  });

  it("does not repeat what the subscription reported as well", async () => {
    const bench = await open();
    const row = missed(bench, "both ways", 1);
    bench.intake.receive(row);
    const asked = await pass(bench);
    // Whichever journaled it: the pass waits for its own rows alone.
    await until(async () => {
      asked.push(...(await bench.runTurns()));
      expect(asked).toEqual(["both ways"]);
    });
    expect(await bench.envelopes()).toHaveLength(1);
  });
});

describe("a backlog over the limit", () => {
  it("drains over several starts, oldest first, and a busy chat loses none of its older rows", async () => {
    const bench = await open();
    writeCursor(pathOf(bench), {
      lastSeenMs: bench.now - 100 * minute,
      lastSeenRowid: 1,
      updatedAt: 0,
      failureRetries: {},
    });
    // More than two pages of one chat, several of them sent in the same millisecond.
    const rows = Array.from({ length: 230 }, (_, index) =>
      missed(bench, `m${index}`, 90, { sentAt: bench.now - 90 * minute + Math.floor(index / 3) * 1000 }),
    );
    const asked = await pass(bench, { perRunLimit: 100 });
    expect(asked).toEqual(rows.slice(0, 100).map(({ text }) => text));
    expect(bench.lines).toContain(
      "warn: imessage catchup: fetched 230 rows across chats, capped to perRunLimit=100",
    );
    expect(cursorOf(bench)!.lastSeenMs).toBe(rows[99]!.sentAt);
    expect((await pass(bench, { perRunLimit: 100 })).at(-1)).toBe("m199");
    expect(await pass(bench, { perRunLimit: 100 })).toEqual(rows.slice(200).map(({ text }) => text));
    expect(await bench.envelopes()).toHaveLength(230);
    expect(await pass(bench)).toEqual([]);
  });

  it("stands in the inbox with the key that limits it, and does not count as seen", async () => {
    const bench = await open();
    const rows = [4, 3, 2].map((minutes) => missed(bench, `${minutes} minutes ago`, minutes));
    const cursor = await bench.store.accounts.cursor("default");
    expect(await pass(bench, { perRunLimit: 1 })).toEqual(["4 minutes ago"]);
    expect(await bench.fate(rows[2]!.guid)).toBe("done drop waiting_catchup");
    const waiting = await bench.store.journal.findByGuid(rows[2]!.guid);
    expect(waiting?.decision).toMatchObject({ gates: [{ key: "catchup.perRunLimit" }] });
    expect(cursor).toBeLessThan(rows[0]!.rowId);
    expect(await bench.store.accounts.cursor("default")).toBe(cursor);
    expect(await pass(bench, { perRunLimit: 1 })).toEqual(["3 minutes ago"]);
    // With catch-up off, the subscription reports it again.
    bench.intake.receive(rows[2]!);
    await until(async () => expect(await bench.runTurns()).toEqual(["2 minutes ago"]));
  });

  it("after a crash holds nothing back that would be answered without catch-up", async () => {
    const bench = await open();
    await pass(bench);
    bench.now += 30 * minute;
    const old = [25, 20, 18].map((minutes) => missed(bench, `${minutes} minutes ago`, minutes));
    const rows = Array.from({ length: 80 }, (_, n) => missed(bench, `m${n}`, 14 - n / 10));
    const crashedAt = old[0]!.rowId - 1;
    const asked = await pass(bench, { perRunLimit: 2, maxAgeMinutes: 60 }, undefined, crashedAt);
    expect(asked).toEqual([...old.slice(0, 2), ...rows].map(({ text }) => text));
    expect(await bench.fate(old[2]!.guid)).toBe("done drop waiting_catchup");
    expect(await pass(bench, { maxAgeMinutes: 60 })).toEqual(["18 minutes ago"]);
  });

  it("is not jumped by rows that come live", async () => {
    const bench = await open();
    for (let index = 0; index < 5; index++) missed(bench, `m${index}`, 20 - index);
    const catchUp = begin(bench, { perRunLimit: 2 });
    await until(async () => {
      await bench.runTurns();
      expect(summaries(bench)).toHaveLength(1);
    });
    catchUp.sawLive(bench.row(directMessage()));
    await catchUp.stop();
    expect(await pass(bench)).toEqual(["m2", "m3", "m4"]);
  });
});

describe("an old row that the subscription reports", () => {
  it("belongs to the pass and its limit, or goes its own way when the pass does not know it", async () => {
    const bench = await open();
    const rows = ["m0", "m1", "m2"].map((text, index) => missed(bench, text, 25 - index));
    const unknown = bench.row(directMessage(), { text: "unknown", sentAt: bench.now - minute });
    const catchUp = begin(bench, { perRunLimit: 1 });
    const fresh = bench.row(directMessage(), { text: "fresh" });
    expect([...rows, unknown, fresh].map((row) => catchUp.owns(row))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    await until(async () => {
      await bench.runTurns();
      expect(summaries(bench)).toHaveLength(1);
    });
    expect(await bench.fate(unknown.guid)).toBe("done dispatch");
    expect([await bench.fate(rows[0]!.guid), await bench.fate(rows[1]!.guid)]).toEqual([
      "done dispatch",
      "done drop waiting_catchup",
    ]);
    // Also when the child was restarted meanwhile and reports them again.
    expect(rows.map((row) => catchUp.owns(row))).toEqual([false, true, true]);
  });
});

describe("a row that came live", () => {
  it("moves the cursor once nothing waits before it", async () => {
    const bench = await open();
    const catchUp = begin(bench);
    await until(() => expect(summaries(bench)).toHaveLength(1));
    const live = bench.row(directMessage(), { sentAt: bench.now + 5 });
    bench.now += 10;
    catchUp.sawLive(live);
    await until(() =>
      expect(cursorOf(bench)).toMatchObject({ lastSeenMs: live.sentAt, lastSeenRowid: live.rowId }),
    );
  });
});

describe("a dispatch that fails", () => {
  it("holds the cursor, is tried at each start, and is given up after so many failures", async () => {
    const bench = await open();
    missed(bench, "fine", 10);
    const bad = missed(bench, "wedged", 9);
    const after = missed(bench, "after", 8);
    const fails = (text: string) => text === "wedged";
    expect(await pass(bench, {}, fails)).toEqual(["fine", "wedged", "after"]);
    expect(summaries(bench).at(-1)).toContain(
      "replayed=2 skippedFromMe=0 skippedGivenUp=0 failed=1 givenUp=0",
    );
    expect(cursorOf(bench)!.lastSeenMs).toBeLessThan(bad.sentAt);
    expect(cursorOf(bench)!.failureRetries).toEqual({ [bad.guid]: 1 });
    expect(await pass(bench, {}, fails)).toEqual(["wedged"]);
    expect(await pass(bench, {}, fails)).toEqual(["wedged"]);
    expect(bench.lines).toContain(
      `warn: imessage catchup: giving up on guid=${bad.guid} after 3 failures; advancing cursor past it`,
    );
    expect(summaries(bench).at(-1)).toContain("failed=0 givenUp=1");
    expect(cursorOf(bench)).toMatchObject({ lastSeenMs: after.sentAt, failureRetries: { [bad.guid]: 3 } });
  });

  it("is passed over on sight once it was given up", async () => {
    const bench = await open();
    const bad = missed(bench, "wedged", 9);
    writeCursor(pathOf(bench), {
      lastSeenMs: bad.sentAt - 1,
      lastSeenRowid: bad.rowId - 1,
      updatedAt: 0,
      failureRetries: { [bad.guid]: 3 },
    });
    expect(await pass(bench)).toEqual([]);
    expect(summaries(bench)).toEqual([
      "info: imessage catchup: replayed=0 skippedFromMe=0 skippedGivenUp=1 failed=0 givenUp=0 fetchedCount=1",
    ]);
  });

  it("tells its sender only when there is no other try", async () => {
    const bench = await open();
    const bad = missed(bench, "wedged", 9);
    const live = bench.row(directMessage());
    bench.intake.receive(live);
    const first = begin(bench, { maxFailureRetries: 2 });
    await until(async () => expect(await bench.fate(bad.guid)).toBe("in_turn dispatch"));
    expect(await first.isRetried([bad.guid])).toBe(true);
    expect(await first.isRetried([live.guid])).toBe(false);
    first.stop();
    expect(await pass(bench, { maxFailureRetries: 2 }, () => true)).toContain("wedged");
    const second = begin(bench, { maxFailureRetries: 2 });
    expect(await second.isRetried([bad.guid])).toBe(false);
  });

  it("counts again from the start after a success", async () => {
    const bench = await open();
    const bad = missed(bench, "flaky", 9);
    await pass(bench, {}, () => true);
    expect(await pass(bench)).toEqual(["flaky"]);
    expect(cursorOf(bench)).toMatchObject({ lastSeenMs: bad.sentAt, failureRetries: {} });
  });
});

describe("trouble", () => {
  it("waits for a history that cannot be read yet", async () => {
    const bench = await open();
    missed(bench, "later", 5);
    const { chats } = bench.bridge;
    let failures = 3;
    bench.bridge.chats = function (this: typeof bench.bridge, limit: number) {
      return failures-- > 0 ? Promise.reject(new Error("locked")) : chats.call(this, limit);
    };
    expect(await pass(bench)).toEqual(["later"]);
    expect(bench.lines.filter((line) => line.includes("cannot be read"))).toHaveLength(1);
  });

  it("replays the other chats beside one that cannot be read, and looks back for that one later", async () => {
    const bench = await open();
    await pass(bench);
    bench.now += 20 * minute;
    missed(bench, "unreadable", 9, { chat: { ...directChat("sam@example.com"), id: 8 } });
    missed(bench, "readable", 5);
    bench.bridge.unreadable.add(8);
    expect(await pass(bench)).toEqual(["readable"]);
    expect(bench.lines).toContain(
      "warn: imessage catchup: chats cannot be read; the next start looks back for them",
    );
    bench.bridge.unreadable.clear();
    expect(await pass(bench)).toEqual(["unreadable"]);
  });

  it("takes up what a crash left, without another turn", async () => {
    const bench = await open();
    missed(bench, "one", 5);
    missed(bench, "two", 4);
    const first = begin(bench);
    await until(async () => expect(await bench.texts()).toEqual(["one", "two"]));
    first.stop();
    expect(existsSync(join(bench.folder, "imessage"))).toBe(true);
    await bench.intake.stop();
    await bench.start();
    expect(await pass(bench)).toEqual(["one", "two"]);
    expect(await bench.envelopes()).toHaveLength(2);
  });

  it("finds rows of a database whose numbers start lower", async () => {
    const bench = await open();
    writeCursor(pathOf(bench), {
      lastSeenMs: bench.now - 20 * minute,
      lastSeenRowid: 9_000_000,
      updatedAt: 0,
      failureRetries: {},
    });
    missed(bench, "before", 21);
    missed(bench, "after", 19);
    expect(await pass(bench)).toEqual(["after"]);
  });
});
