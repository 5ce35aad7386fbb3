import { describe, expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import type { Decision } from "../conversation/index.js";
import type { JournalEntry, Store } from "../store/index.js";
import { ChatQueues } from "./chat-queues.js";
import { DecisionLog } from "./decision-log.js";
import { OwnAddresses } from "./own-addresses.js";
import { ParkedRows } from "./parked-rows.js";

/** What came goes on in turns of the event loop. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("work of chats", () => {
  it("is done one piece after the other in a chat, and side by side in others", async () => {
    const queues = new ChatQueues();
    const done: string[] = [];
    const go = new Map<string, () => void>();
    const work = (name: string) => () =>
      new Promise<string>((resolve) => {
        done.push(`begin ${name}`);
        go.set(name, () => resolve(name));
      });
    const first = queues.add(["a"], work("a1"));
    // A person's chats are one where they share a key.
    const both = queues.add(["a", "b"], work("ab"));
    const after = queues.add(["b"], work("b1"));
    void queues.add(["c"], work("c1"));
    let isEmpty = false;
    void queues.empty("b").then(() => {
      isEmpty = true;
    });
    await settled();
    expect(done).toEqual(["begin a1", "begin c1"]);
    go.get("a1")!();
    expect(await first).toBe("a1");
    await settled();
    expect(done.slice(2)).toEqual(["begin ab"]);
    go.get("ab")!();
    await both;
    await settled();
    expect(done.slice(3)).toEqual(["begin b1"]);
    expect(isEmpty).toBe(false);
    go.get("b1")!();
    await after;
    await settled();
    expect(isEmpty).toBe(true);
    await queues.empty("nobody");
  });

  it("goes on behind what failed, and whoever asked for that hears it", async () => {
    const queues = new ChatQueues();
    const failing = queues.add(["a"], () => Promise.reject(new Error("no")));
    const next = queues.add(["a"], async () => "next");
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("next");
  });
});

describe("old rows that come while a pass reads", () => {
  const rows = [1, 2, 3].map((n) => row(n, { sentAt: n * 1000 }));
  const [first, second, third] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];

  it("are kept until the pass knows what was sent before, and let go where it is not the pass's", () => {
    const released: string[][] = [];
    const parked = new ParkedRows((some) => void released.push(some.map(({ guid }) => guid)));
    expect(rows.map((each) => parked.owns(each, true))).toEqual([true, true, true]);
    expect(parked.owns(row(9, { sentAt: 9000 }), false)).toBe(false);
    // The pass has read all that was sent before 3000, and had the first.
    expect(parked.unpark([first], 3000).map(({ guid }) => guid)).toEqual(["GUID-2"]);
    expect(released).toEqual([["GUID-2"]]);
    // What comes now from before that is its own; what comes from after it waits again.
    expect(parked.owns(row(4, { sentAt: 2999 }), true)).toBe(false);
    expect(parked.owns(row(5, { sentAt: 3000 }), true)).toBe(true);
    expect(parked.unpark([third]).map(({ guid }) => guid)).toEqual(["GUID-5"]);
    expect(released).toEqual([["GUID-2"], ["GUID-5"]]);
    expect(parked.owns(row(6, { sentAt: 6000 }), true)).toBe(false);
    expect(parked.unpark([])).toEqual([]);
    expect(released).toHaveLength(2);
  });

  it("are told to the journal once the pass has them there, but for what its limit left", () => {
    const released: string[][] = [];
    const parked = new ParkedRows((some) => void released.push(some.map(({ guid }) => guid)));
    for (const each of rows) parked.owns(each, true);
    parked.leave(third);
    expect(parked.unpark([first, second, third])).toEqual([]);
    expect(released).toEqual([]);
    parked.journaled();
    parked.journaled();
    expect(released).toEqual([["GUID-1", "GUID-2"]]);
  });

  it("stay the pass's business where its limit left them to a later start", () => {
    const parked = new ParkedRows(() => {});
    parked.leave(second);
    parked.unpark([]);
    expect(rows.map((each) => parked.owns(each, true))).toEqual([false, true, false]);
    const nameless = (rowId: number) => row(rowId, { guid: "" });
    parked.leave(nameless(7));
    expect([7, 8].map((rowId) => parked.owns(nameless(rowId), true))).toEqual([true, false]);
  });
});

describe("the log of decisions", () => {
  const entry = (change: object = {}) =>
    ({ id: 5, row: row(1, { sender: "+15550100123", ...change }) }) as JournalEntry;
  const drop = (reason: string, gates: Decision["gates"] = []): Decision =>
    ({ kind: "drop", reason, remedy: "Do.", gates, treatedAs: "direct" }) as Decision;

  it("has a refusal once per chat, sender and reason, and none that says nothing new (behaviour 4.6)", () => {
    const { log, lines } = rememberingLog();
    const decisions = new DecisionLog(log);
    decisions.add(entry(), drop("dm_not_allowed"));
    decisions.add(entry(), drop("dm_not_allowed"));
    expect(lines).toEqual(["info: message dropped: dm_not_allowed"]);
    decisions.add(entry({ sender: "+15550100456" }), drop("dm_not_allowed"));
    decisions.add(entry(), drop("muted"));
    decisions.add(entry({ chat: { ...row(1).chat, id: 9 } }), drop("dm_not_allowed"));
    expect(lines).toHaveLength(4);
    for (const reason of ["own_message", "echo", "empty"]) decisions.add(entry(), drop(reason));
    decisions.add(entry(), { kind: "dispatch", isOwner: false, gates: [], treatedAs: "direct" });
    expect(lines).toHaveLength(4);
    const context = { ...drop("not_mentioned"), kind: "context" } as Decision;
    decisions.add(entry(), context);
    expect(lines.at(-1)).toBe("info: message context: not_mentioned");
  });

  it("has a warning once", () => {
    const { log, lines } = rememberingLog();
    const decisions = new DecisionLog(log);
    const gate = (warning: string) => ({ gate: "group", passed: true, detail: `see ${warning}`, warning });
    decisions.add(entry(), drop("echo", [gate("a"), gate("b")]));
    decisions.add(entry(), drop("echo", [gate("a"), { gate: "x", passed: true, detail: "fine" }]));
    expect(lines).toEqual(["warn: see a", "warn: see b"]);
  });
});

describe("own addresses", () => {
  it("are those that were ever seen, in normal form, and of this account alone", async () => {
    const asked: string[] = [];
    const accounts = {
      ownAddresses: async (account: string) => {
        asked.push(account);
        return ["bot@example.com"];
      },
    };
    const own = new OwnAddresses({ accounts } as unknown as Pick<Store, "accounts">, "work");
    const known = await own.all();
    expect(known).toEqual(["bot@example.com"]);
    own.learnFromRow(row(1, { destination: "(555) 010-0999" }));
    own.learnFromRow(row(2, { destination: "BOT@example.com" }));
    const { destination: _, ...nowhere } = row(3);
    own.learnFromRow(nowhere);
    own.learnFromChats([{ ...row(1).chat, ownAddresses: ["me@example.com"] }, row(1).chat]);
    expect(await own.all()).toEqual(["bot@example.com", "+15550100999", "me@example.com"]);
    expect(asked).toEqual(["work"]);
    // Nothing new: the facts of all rows share one list.
    const before = await own.all();
    own.learnFromRow(row(1, { destination: "me@example.com" }));
    expect(await own.all()).toBe(before);
  });
});
