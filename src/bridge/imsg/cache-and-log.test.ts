import { describe, expect, it } from "vitest";
import { toldStatus } from "../../../test/support/played-imsg.js";
import { err, ok } from "../../platform/index.js";
import { Backoff, backoffTimes } from "./backoff.js";
import { CapabilityCache, shakes } from "./capability-cache.js";
import { fault } from "./faults.js";
import { type ImsgStatus, parseRpcStatus } from "./status.js";
import { StderrLog } from "./stderr-log.js";
import { Subscriptions } from "./subscriptions.js";

const minute = 60_000;
const status = (ready: boolean) => (parseRpcStatus(toldStatus({ ready })) as { value: ImsgStatus }).value;
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("what is known of a Mac", () => {
  function cached() {
    const lab = { now: 0, probes: 0, ready: true, fails: false, changes: [] as boolean[] };
    const cache = new CapabilityCache(
      async () => {
        lab.probes++;
        return lab.fails ? err(fault("CHILD_DOWN")) : ok(status(lab.ready));
      },
      () => lab.now,
      ({ available }) => void lab.changes.push(available),
    );
    return { lab, cache };
  }

  it("is found out once for all who ask at the same time", async () => {
    const { lab, cache } = cached();
    expect(cache.known).toBeUndefined();
    const [one, other] = await Promise.all([cache.settled(), cache.probe()]);
    expect(one).toBe(other);
    expect(lab.probes).toBe(1);
    expect(cache.known).toBe(one);
    await cache.settled();
    expect(lab.probes).toBe(1);
    expect(lab.changes).toEqual([]);
  });

  it("holds for a quarter of an hour where it is good, and for a minute where it is bad", async () => {
    const { lab, cache } = cached();
    await cache.probe();
    lab.now = 15 * minute;
    expect(cache.look()?.status.privateApi.available).toBe(true);
    await cache.settled();
    expect(lab.probes).toBe(1);
    lab.now += 1;
    lab.ready = false;
    // It is asked for in the background; what is known is given meanwhile.
    expect(cache.look()?.status.privateApi.available).toBe(true);
    await settled();
    expect(cache.known?.status.privateApi.available).toBe(false);
    expect(lab.changes).toEqual([false]);
    expect(lab.probes).toBe(2);
    lab.now += minute;
    cache.look();
    await settled();
    expect(lab.probes).toBe(2);
    lab.now += 1;
    lab.ready = true;
    cache.look();
    await settled();
    expect(lab.probes).toBe(3);
    expect(lab.changes).toEqual([false, true]);
  });

  it("is asked for anew before something is refused on an answer that is older than ten seconds", async () => {
    const { lab, cache } = cached();
    lab.ready = false;
    await cache.probe();
    lab.now = 10_000;
    await cache.settled();
    expect(lab.probes).toBe(1);
    lab.now += 1;
    await cache.settled();
    expect(lab.probes).toBe(2);
  });

  it("is asked for anew after a failure that it did not foresee", async () => {
    const { lab, cache } = cached();
    await cache.probe();
    cache.doubt();
    await cache.settled();
    expect(lab.probes).toBe(2);
    await cache.settled();
    expect(lab.probes).toBe(2);
    for (const code of [
      "BRIDGE_TIMEOUT",
      "BRIDGE_UNAVAILABLE",
      "BRIDGE_FAILED",
      "METHOD_NOT_FOUND",
      "REPLY_UNSUPPORTED",
    ] as const)
      expect(shakes(fault(code)), code).toBe(true);
    for (const code of ["CHAT_NOT_FOUND", "DATABASE_LOCKED"] as const)
      expect(shakes(fault(code)), code).toBe(false);
  });

  it("is nothing where it cannot be found out, with the reason, and is not asked for again at once", async () => {
    const { lab, cache } = cached();
    await cache.probe();
    lab.fails = true;
    expect(await cache.probe()).toBeUndefined();
    expect(cache.refusal.code).toBe("CHILD_DOWN");
    expect(cache.look()).toBeUndefined();
    lab.now = minute;
    cache.look();
    await settled();
    expect(lab.probes).toBe(2);
    lab.now += 1;
    lab.fails = false;
    cache.look();
    await settled();
    expect(lab.probes).toBe(3);
    expect(cache.refusal.code).toBe("BRIDGE_UNAVAILABLE");
    expect(cache.known).toBeDefined();
  });

  it("is what the Mac told by itself", async () => {
    const { lab, cache } = cached();
    cache.learn(status(true));
    expect((await cache.settled())?.capabilities.can("react")).toEqual({ supported: true });
    expect(lab.probes).toBe(0);
  });
});

describe("what a child writes beside its answers", () => {
  function log() {
    const lines: string[] = [];
    const lab = { now: 0, lines };
    const stderr = new StderrLog(
      () => lab.now,
      (line) => void lines.push(line),
    );
    return { lab, lines, stderr, say: (text: string) => stderr.push(Buffer.from(text)) };
  }

  it("is logged without secrets, and its last words are kept", () => {
    const { lines, stderr, say } = log();
    say('one "hello"\n\n  \ntwo\nthree\nfour\nfive\nsix\nunfin');
    say("ished");
    stderr.end();
    expect(lines).toEqual(["one “…”", "two", "three", "four", "five", "six", "unfinished"]);
    expect(stderr.last).toEqual(["three", "four", "five", "six", "unfinished"]);
  });

  it("is no flood: a hundred lines a minute, and how many more there were", () => {
    const { lab, lines, stderr, say } = log();
    for (let n = 0; n < 130; n++) say(`line ${n}\n`);
    expect(lines).toHaveLength(100);
    lab.now = minute - 1;
    say("still too many\n");
    expect(lines).toHaveLength(100);
    lab.now = minute;
    say("again\n");
    expect(lines.slice(100)).toEqual(["(31 more lines were left out)", "again"]);
    for (let n = 0; n < 100; n++) say(`line ${n}\n`);
    stderr.end();
    expect(lines.at(-1)).toBe("(1 more lines were left out)");
  });

  it("is left out where a line is too long", () => {
    const { lines, say } = log();
    say(`${"x".repeat(9000)}\nshort\n`);
    expect(lines[0]).toMatch(/^\(a line of 9000 bytes was left out\)$/);
    expect(lines[1]).toBe("short");
    say(`${"x".repeat(8192)}\n`);
    expect(lines.at(-1)).toMatch(/^x+…$/);
    say(`${"x".repeat(8193)}\n`);
    expect(lines.at(-1)).toBe("(a line of 8193 bytes was left out)");
  });
});

describe("notifications of subscriptions", () => {
  const message = (id: number) => ({
    id,
    guid: `GUID-${id}`,
    chat_id: 7,
    chat_guid: "iMessage;-;+15550100123",
    chat_identifier: "+15550100123",
    participants: ["+15550100123"],
    is_group: false,
    sender: "+15550100123",
    is_from_me: false,
    text: "a",
    created_at: "2026-05-09T06:14:02.318Z",
  });

  function subscribed() {
    const rows: Record<string, number[]> = { one: [], other: [], stray: [] };
    const ends: [string, string, number | undefined][] = [];
    const eventsOf = (name: string) => ({
      row: ({ rowId }: { rowId: number }) => void rows[name]!.push(rowId),
      malformed: () => {},
      ended: (error: { code: string }, after?: number) => void ends.push([name, error.code, after]),
    });
    const all = new Subscriptions(eventsOf("stray"));
    return { rows, ends, all, eventsOf };
  }

  it("go to whom they are for; those that come before the answer wait for it", () => {
    const { rows, all, eventsOf } = subscribed();
    all.expect();
    all.take("message", { subscription: 2, message: message(1) });
    expect(rows).toEqual({ one: [], other: [], stray: [] });
    all.watch(2, eventsOf("one"));
    all.settle();
    all.expect();
    all.watch(3, eventsOf("other"));
    all.settle();
    all.take("message", { subscription: 3, message: message(2) });
    all.take("message", { subscription: 2, message: message(3) });
    all.take("message", { subscription: 9, message: message(4) });
    all.take("message", { message: message(5) });
    expect(rows).toEqual({ one: [1, 3], other: [2], stray: [4, 5] });
  });

  it("are stray where the subscribe failed, or was given up", () => {
    const { rows, all, eventsOf } = subscribed();
    all.expect();
    all.take("message", { subscription: 2, message: message(1) });
    all.settle();
    expect(rows).toEqual({ one: [], other: [], stray: [1] });
    all.expect();
    all.watch(4, eventsOf("one"));
    all.settle();
    all.forget(4);
    all.take("message", { subscription: 4, message: message(2) });
    expect(rows).toEqual({ one: [], other: [], stray: [1, 2] });
  });

  it("end a subscription once, and no other", () => {
    const { ends, all, eventsOf } = subscribed();
    for (const [id, name] of [
      [1, "one"],
      [2, "other"],
    ] as const) {
      all.expect();
      all.watch(id, eventsOf(name));
      all.settle();
    }
    all.take("watch.overflow", { subscription: 1, resume_after_rowid: 5 });
    all.take("error", { subscription: 1, error: { code: -1, message: "database is locked" } });
    expect(ends).toEqual([["one", "WATCH_OVERFLOW", 5]]);
    all.take("error", {
      subscription: 2,
      error: { code: -1, message: "database is locked" },
      resume_after_rowid: "5",
    });
    expect(ends[1]).toEqual(["other", "DATABASE_LOCKED", undefined]);
    all.take("something", { subscription: 2 });
    expect(ends).toHaveLength(2);
  });

  it("of Messages itself go to their own listener, until they end", async () => {
    const { all } = subscribed();
    const heard: unknown[] = [];
    let isOver = false;
    void all
      .events(1, (event) => heard.push(event))
      .then(() => {
        isOver = true;
      });
    all.take("bridge.event", { subscription: 1, event: "a" });
    all.take("bridge.event", { subscription: 2, event: "b" });
    all.take("bridge.events.ended", { subscription: 2 });
    await settled();
    expect(isOver).toBe(false);
    all.take("bridge.events.ended", { subscription: 1 });
    await settled();
    expect(isOver).toBe(true);
    all.take("bridge.event", { subscription: 1, event: "c" });
    expect(heard).toEqual(["a"]);
  });

  it("of Messages itself wait for the answer that names them, their end too", async () => {
    const { all } = subscribed();
    const heard: unknown[] = [];
    all.expect();
    all.take("bridge.event", { subscription: 1, event: "a" });
    all.take("bridge.event", { subscription: 2, event: "b" });
    all.take("bridge.events.error", { subscription: 1 });
    const over = all.events(1, (event) => heard.push(event));
    all.settle();
    await over;
    expect(heard).toEqual(["a"]);
  });
});

it("waits longer and longer, spread by chance, and anew after health", () => {
  const waits = (random: number, healthy: number[]) => {
    const backoff = new Backoff(backoffTimes, () => random);
    return healthy.map((ms) => [backoff.next(ms), backoff.attempt]);
  };
  expect(waits(1, [0, 0, 0])).toEqual([
    [1000, 1],
    [2000, 2],
    [4000, 3],
  ]);
  // Never shorter than the first.
  expect(waits(0, [0, 0, 0])).toEqual([
    [1000, 1],
    [1000, 2],
    [2000, 3],
  ]);
  expect(waits(1, [0, 0, 299_999, 300_000]).at(-1)).toEqual([1000, 1]);
  expect(waits(1, [0, 0, 299_999]).at(-1)).toEqual([4000, 3]);
  expect(
    waits(
      1,
      Array.from({ length: 9 }, () => 0),
    ).at(-1),
  ).toEqual([60_000, 9]);
});
