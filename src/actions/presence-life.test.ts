import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import type { ChatRef } from "../bridge/index.js";
import { Presence, type PresenceDeps } from "./presence.js";
import { StandingBubbles } from "./standing-bubbles.js";

const mia: ChatRef = { id: 7, guid: "any;-;+15550100001" };
const ben: ChatRef = { id: 8, guid: "any;-;+15550100002" };
const folder = mkdtempSync(join(tmpdir(), "tapback-presence-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bubbles on a Mac that does what the test has it do. */
function shown(
  change: { left?: ChatRef[]; receipts?: boolean; typing?: boolean; known?: object | null } = {},
) {
  const clock = new FakeClock();
  const calls: string[] = [];
  const kept: number[][] = [];
  const lab = { works: true, probes: 0, known: change.known === undefined ? able : change.known };
  const { log, lines } = rememberingLog();
  const actions = {
    capabilities: () => lab.known ?? undefined,
    probe: async () => {
      lab.probes += 1;
      return lab.known ?? undefined;
    },
    read: async ({ id }: ChatRef) => {
      calls.push(`read ${id}`);
      return { state: "done" };
    },
    typing: async ({ id }: ChatRef, on: boolean) => {
      calls.push(`${on ? "show" : "hide"} ${id}`);
      return { state: lab.works ? "done" : "failed" };
    },
  };
  const presence = new Presence({
    ...{ bridge: { actions }, clock, log },
    settings: () => ({ typing: change.typing ?? true, sendReadReceipts: change.receipts ?? true }),
    standing: {
      left: change.left ?? [],
      keep: (chats: ChatRef[]) => void kept.push(chats.map(({ id }) => id)),
    },
  } as unknown as PresenceDeps);
  return { clock, calls, kept, lab, presence, lines };
}

const able = { privateApi: { available: true }, perMethod: true, can: () => ({ supported: true }) };

describe("a bubble (behaviour 11.3)", () => {
  it("stands while turns of its chat run, is renewed, and goes with the last of them", async () => {
    const { clock, calls, presence } = shown();
    presence.begin("m1", mia);
    presence.begin("m2", mia);
    presence.begin("b1", ben);
    await clock.advance(1);
    expect(calls).toEqual(["read 7", "show 7", "read 8", "show 8"]);
    await clock.advance(8000);
    expect(calls.slice(4).sort()).toEqual(["show 7", "show 8"]);
    presence.end("m1");
    await clock.advance(1);
    expect(calls).toHaveLength(6);
    expect([presence.waits("m1"), presence.waits("m2"), presence.waits("b1")]).toEqual([false, true, true]);
    presence.end("m2");
    presence.end("m2");
    presence.end("nobody");
    await clock.advance(1);
    expect(calls.slice(6)).toEqual(["hide 7"]);
    await clock.advance(8000);
    expect(calls.slice(7)).toEqual(["show 8"]);
    presence.end("b1");
    await clock.advance(20_000);
    expect(calls.slice(8)).toEqual(["hide 8"]);
    expect(clock.waiting).toBe(0);
  });

  it.each([
    ["SMS", { id: 9, guid: "SMS;-;+1555" }],
    ["RCS", { id: 9, guid: "rcs;-;+1555" }],
  ])("is none in a chat of %s", async (_, chat) => {
    const { clock, calls, presence } = shown();
    presence.begin("t", chat);
    await clock.advance(20_000);
    expect(calls).toEqual([]);
    expect(presence.waits("t")).toBe(false);
  });

  it("and the mark of a read chat are each as the settings have them", async () => {
    const receipts = shown({ typing: false });
    receipts.presence.begin("t", mia);
    await receipts.clock.advance(20_000);
    receipts.presence.end("t");
    await receipts.clock.advance(1);
    expect(receipts.calls).toEqual(["read 7"]);
    const typing = shown({ receipts: false });
    typing.presence.begin("t", mia);
    await typing.clock.advance(1);
    expect(typing.calls).toEqual(["show 7"]);
  });

  it("does not stand for more than ten minutes", async () => {
    const { clock, calls, presence } = shown({ receipts: false });
    presence.begin("t", mia);
    await clock.advance(10 * 60_000);
    expect(calls).not.toContain("hide 7");
    await clock.advance(8000);
    expect(calls.at(-1)).toBe("hide 7");
    expect(clock.waiting).toBe(0);
    expect(presence.waits("t")).toBe(false);
  });

  it("that could not be taken away is, once Messages answers, and is on the disk until then", async () => {
    const { clock, calls, kept, lab, presence } = shown({ receipts: false });
    presence.begin("t", mia);
    await clock.advance(1);
    lab.works = false;
    presence.end("t");
    await clock.advance(1);
    expect(kept.at(-1)).toEqual([7]);
    await presence.settleOwed();
    expect(kept.at(-1)).toEqual([7]);
    lab.works = true;
    await presence.settleOwed();
    expect(kept.at(-1)).toEqual([]);
    expect(calls).toEqual(["show 7", "hide 7", "hide 7", "hide 7"]);
    await presence.settleOwed();
    expect(calls).toHaveLength(4);
  });

  it("that an earlier process left is taken away, unless a turn of its chat runs", async () => {
    const { clock, calls, kept, presence } = shown({ left: [mia], receipts: false });
    presence.recover([ben]);
    expect(kept.at(-1)).toEqual([7, 8]);
    presence.begin("t", ben);
    await clock.advance(1);
    // The bubble of this turn is taken away by its end.
    expect(kept.at(-1)).toEqual([7]);
    await presence.settleOwed();
    expect(calls).toEqual(["show 8", "hide 7"]);
    presence.end("t");
    await clock.advance(1);
    expect(calls.at(-1)).toBe("hide 8");
    expect(kept.at(-1)).toEqual([]);
  });

  it("goes with the stop, with all that is owed, and none is begun after it", async () => {
    const { clock, calls, presence, kept } = shown({ left: [ben], receipts: false });
    presence.recover([]);
    presence.begin("t", mia);
    await clock.advance(1);
    const before = kept.length;
    await presence.stop();
    // Whoever is killed while it stops leaves word of every bubble that stands.
    expect(kept[before]).toEqual([8, 7]);
    expect(calls.sort()).toEqual(["hide 7", "hide 8", "show 7"]);
    expect(kept.at(-1)).toEqual([]);
    presence.begin("late", mia);
    await clock.advance(20_000);
    expect(calls).toHaveLength(3);
    expect(clock.waiting).toBe(0);
  });

  it("that never showed is not taken for one that stands when the account stops", async () => {
    const { clock, calls, presence, kept } = shown({ receipts: false, typing: false });
    presence.begin("t", mia);
    await clock.advance(1);
    await presence.stop();
    expect(kept.flat()).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("is none on a Mac that cannot, which is said once where imsg does not tell", async () => {
    const old = shown({ known: { ...able, perMethod: false } });
    for (const id of ["a", "b"]) {
      old.presence.begin(id, mia);
      await old.clock.advance(20_000);
      old.presence.end(id);
    }
    expect(old.calls).toEqual([]);
    expect(old.lines).toHaveLength(1);
    expect(old.lines[0]).toMatch(/update imsg$/);
    const down = shown({ known: { ...able, privateApi: { available: false } } });
    down.presence.begin("a", mia);
    await down.clock.advance(20_000);
    expect(down.calls).toEqual([]);
    expect(down.lines).toEqual([]);
    const unknown = shown({ known: null });
    for (const id of ["a", "b"]) {
      unknown.presence.begin(id, mia);
      await unknown.clock.advance(20_000);
    }
    expect(unknown.calls).toEqual([]);
    // Only the first turn asks.
    expect(unknown.lab.probes).toBe(1);
    expect(unknown.presence.waits("a")).toBe(false);
  });
});

describe("bubbles that stay behind", () => {
  const { log } = rememberingLog();

  it("are on the disk, and gone from it with the last of them", () => {
    const path = join(folder, "state/bubbles.json");
    const standing = new StandingBubbles(path, log);
    expect(standing.left).toEqual([]);
    standing.keep([]);
    expect(existsSync(path)).toBe(false);
    standing.keep([mia, ben]);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual([mia, ben]);
    const next = new StandingBubbles(path, log);
    expect(next.left).toEqual([mia, ben]);
    next.keep([]);
    expect(existsSync(path)).toBe(false);
  });

  it("and cannot be noted cost nothing, and the next change is noted again", () => {
    const remembering = rememberingLog();
    writeFileSync(join(folder, "in-the-way"), "");
    const path = join(folder, "in-the-way/bubbles.json");
    const standing = new StandingBubbles(path, remembering.log);
    standing.keep([mia]);
    expect(standing.left).toEqual([]);
    rmSync(join(folder, "in-the-way"));
    standing.keep([mia]);
    expect(new StandingBubbles(path, log).left).toEqual([mia]);
  });

  it.each([
    ["", []],
    ["{}", []],
    [
      '[{"id":1,"guid":"g"},{"id":"1","guid":"g"},{"id":1},null,{"id":1.5,"guid":"g"}]',
      [{ id: 1, guid: "g" }],
    ],
  ])("of an odd file are what can be read: %j", (text, wanted) => {
    const path = join(folder, "odd.json");
    writeFileSync(path, text);
    expect(new StandingBubbles(path, log).left).toEqual(wanted);
  });
});
