import { expect, it, vi } from "vitest";
import { type Bench, drop, item, row } from "./bench.js";

/** What holds for every write: durability, order, independence, several processes. */
export function writesContract(bench: Bench): void {
  it("does not let a failing write take its batch with it", async () => {
    const { store, claim } = await bench.claimed();
    await bench.store().accounts.claim("work", "node-1");
    const stale = { ...claim, fence: claim.fence - 1 };
    const results = await Promise.allSettled([
      store.journal.admit(claim, [row(1)], "live", 1000),
      store.journal.admit(stale, [row(2)], "live", 1000),
      store.outbox.add("default", item("x"), 1000),
      store.outbox.add("default", { ...item("y"), origin: undefined as never }, 1000),
      store.journal.admit(claim, [row(3)], "live", 1000),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect((await store.journal.list({ limit: 9 })).map((entry) => entry.row.rowId)).toEqual([3, 1]);
    expect((await store.outbox.counts("default")).pending).toBe(1);
  });

  it("keeps the order of calls made without waiting", async () => {
    const { store, claim } = await bench.claimed();
    const admitted = store.journal.admit(claim, [row(1)], "live", 1000);
    const seen = admitted.then(([id]) => store.journal.decide(claim, id!, drop, 1000));
    const more = store.journal.admit(claim, [row(2)], "live", 1000);
    expect(await seen).toBe("ok");
    expect((await more)[0]!).toBeGreaterThan((await admitted)[0]!);
  });

  it("serves two processes at once, each seeing what the other committed", async () => {
    const { store, claim } = await bench.claimed();
    const other = bench.store();
    const counts = Array.from({ length: 40 }, (_, index) => index + 1);
    await Promise.all(
      counts.map((rowId) =>
        rowId % 2 === 0
          ? store.journal.admit(claim, [row(rowId)], "live", 1000)
          : other.journal.admit(claim, [row(rowId)], "live", 1000),
      ),
    );
    expect(await other.journal.list({ limit: 99 })).toHaveLength(40);
    expect(await store.accounts.cursor("default")).toBe(40);
  });

  it("tells listeners of another process's commit within its poll, and of its own at once", async () => {
    const store = bench.store();
    const other = bench.store();
    let heard = 0;
    const next = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    let wake = () => {};
    const stop = store.watch("outbox", () => {
      heard += 1;
      wake();
    });
    let waiting = next();
    await store.outbox.add("default", item("mine"), 1000);
    await waiting;
    expect(heard).toBe(1);
    waiting = next();
    await other.outbox.add("default", item("theirs"), 1000);
    await waiting;
    stop();
    await store.outbox.add("default", item("unheard"), 1000);
    expect(heard).toBe(2);
  });

  it("tells who cares for one account's sends only of those, where several do", async () => {
    const store = bench.store();
    const heard: string[] = [];
    const stops = ["one", "two", "three"].map((account) =>
      store.watch("outbox", () => heard.push(account), account),
    );
    const { claim } = await store.accounts.claim("two", "node");
    await store.accounts.claim("three", "node");
    await store.outbox.add("two", item("first"), 1000);
    await store.outbox.add("two", item("second"), 1000);
    await vi.waitFor(() => expect(heard).not.toEqual([]));
    expect(new Set(heard)).toEqual(new Set(["two"]));
    // What is behind it in its chat may go now.
    const [taken] = await store.outbox.take(claim, 1, 1001);
    heard.length = 0;
    await store.outbox.settle(taken!.claim, { state: "stored", guid: "S-1" }, 1002);
    await vi.waitFor(() => expect(heard).not.toEqual([]));
    expect(new Set(heard)).toEqual(new Set(["two"]));
    await store.outbox.add("three", item("theirs"), 1000);
    await vi.waitFor(() => expect(heard).toContain("three"));
    expect(heard).not.toContain("one");
    stops[1]!();
    stops[2]!();
    heard.length = 0;
    // Alone it is told of everything, which asks nothing.
    await store.outbox.add("three", item("more"), 1000);
    await vi.waitFor(() => expect(heard).not.toEqual([]));
    expect(heard).toEqual(["one"]);
    stops[0]!();
  });

  it("tells of rows that come in, are decided, and of what is found out about them, apart from rows that wait for their gates", async () => {
    const { store, claim } = await bench.claimed();
    const heard: string[] = [];
    const stops = (["rows", "journal", "outbox"] as const).map((topic) =>
      store.watch(topic, () => heard.push(topic)),
    );
    const [id] = await store.journal.admit(claim, [row(1)], "live", 1000);
    await store.journal.locate(claim, id!, row(1).chat);
    const tapback = { kind: "like", emoji: "", added: true, targetGuid: "GUID-0" };
    await store.journal.recognise(claim, id!, tapback);
    expect(heard).toEqual(["rows", "rows", "rows"]);
    // One that is dropped leads to nothing else that would tell of it.
    expect(await store.journal.decide(claim, id!, drop, 1001)).not.toBe("lost");
    expect(heard).toEqual(["rows", "rows", "rows", "rows"]);
    for (const stop of stops) stop();
  });

  it("keeps every character of what people write", async () => {
    const { store, claim } = await bench.claimed();
    // The character NUL, half of a surrogate pair, a noncharacter, and what only looks like an escape.
    const odd = "a\0b \ud83d \uFDD0 \uFDD00000 \\u0000 \\\\ud83d 😀";
    const [id] = await store.journal.admit(claim, [row(1, { text: odd, senderName: odd })], "live", 1000);
    expect((await store.journal.get(id!))!.row).toMatchObject({ text: odd, senderName: odd });
    const poll = { question: odd, options: [odd] };
    const sent = await store.outbox.add("default", item("x", 7, { poll }), 1000);
    expect(await store.outbox.get(sent)).toMatchObject({ poll });
    const settings = { cwd: odd };
    await store.bindings.setSettings("s", settings);
    expect(await store.bindings.settings("s")).toEqual(settings);
  });

  it("finishes what was asked before it closes", async () => {
    const { store, claim } = await bench.claimed();
    const admitted = store.journal.admit(claim, [row(1)], "live", 1000);
    await store.close();
    expect(await admitted).toHaveLength(1);
    expect(await bench.store().journal.list({ limit: 9 })).toHaveLength(1);
  });
}
