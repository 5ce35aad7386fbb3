import { expect, it } from "vitest";
import { type Bench, dispatch, item, openTurn, row, turn } from "./bench.js";

const most = { own: 3, all: 3 };
const phrase = { phrase: "maple river stone cloud", owner: true, createdAt: 1000, expiresAt: 9000 };

/** Enrolment, notices to owners, pacing, and turns that take more rows while they wait. */
export function trustContract(bench: Bench): void {
  async function written(handle: string) {
    const { store, claim } = await bench.claimed();
    const [id] = await store.journal.admit(claim, [row(1, { from: handle })], "live", 1000);
    await store.journal.decide(claim, id!, { ...dispatch, kind: "command", name: "enrol" }, 1000);
    return { store, claim, id: id! };
  }

  it("keeps one enrolment open per account, until it expires", async () => {
    const store = bench.store();
    const first = await store.enrolment.open("default", phrase);
    const other = await store.enrolment.open("work", { ...phrase, owner: false });
    const second = await store.enrolment.open("default", { ...phrase, phrase: "another" });
    expect((await store.enrolment.get(first.id))?.state).toBe("replaced");
    expect(await store.enrolment.current("default", 8999)).toEqual(second);
    expect(await store.enrolment.current("default", 9000)).toBeUndefined();
    expect(await store.enrolment.current("work", 2000)).toEqual(other);
    expect(await store.enrolment.last("work")).toEqual(other);
    expect(await store.enrolment.last()).toEqual(second);
  });

  it("lets in the first who writes the phrase, and nobody after", async () => {
    const { store, claim, id } = await written("+15550100123");
    const { id: enrolment } = await store.enrolment.open("default", phrase);
    const welcome = item("welcome", 7, { origin: "approval" });
    const done = { replies: [welcome], enrolled: { enrolment, handle: "+15550100123", chatId: 7 } };
    expect(await store.journal.complete(claim, id, done, 2000)).toBe("ok");
    expect(await store.enrolment.get(enrolment)).toMatchObject({ state: "used", handle: "+15550100123" });
    expect(await store.pairing.owners("default")).toEqual(["+15550100123"]);
    expect(await store.pairing.approvedIn("default", 7)).toBe("+15550100123");
    const [late] = await store.journal.admit(claim, [row(2, { from: "sam@example.com" })], "live", 2000);
    await store.journal.decide(claim, late!, { ...dispatch, kind: "command", name: "enrol" }, 2000);
    const second = { replies: [welcome], enrolled: { enrolment, handle: "sam@example.com", chatId: 7 } };
    expect(await store.journal.complete(claim, late!, second, 2000)).toBe("ok");
    expect(await store.pairing.isApproved("default", "sam@example.com")).toBe(false);
    expect(await store.outbox.list({ limit: 9 })).toHaveLength(1);
  });

  it("counts wrong phrases, and ends the enrolment at the last that is allowed", async () => {
    const store = bench.store();
    const { id } = await store.enrolment.open("default", phrase);
    await store.enrolment.phraseSaid("default", "a", "another", most, 2000);
    await store.enrolment.phraseSaid("default", "b", "another", most, 2000);
    expect(await store.enrolment.guesses(id, "a")).toEqual({ own: 1, all: 2 });
    expect((await store.enrolment.current("default", 2000))?.id).toBe(id);
    await store.enrolment.phraseSaid("default", "b", phrase.phrase, most, 2000);
    expect((await store.enrolment.guesses(id, "b")).own).toBe(1);
    await store.enrolment.phraseSaid("default", "b", "another", most, 2000);
    expect(await store.enrolment.current("default", 2000)).toBeUndefined();
    expect((await store.enrolment.get(id))?.state).toBe("guessed");
  });

  it("counts no more wrong phrases of one sender than are listened to: the others have theirs", async () => {
    const store = bench.store();
    const other = await store.enrolment.open("work", phrase);
    const { id } = await store.enrolment.open("default", phrase);
    const guess = (handle: string) =>
      store.enrolment.phraseSaid("default", handle, "another", { own: 2, all: 5 }, 2000);
    for (let times = 0; times < 9; times++) await guess("a");
    expect(await store.enrolment.guesses(id, "a")).toEqual({ own: 2, all: 2 });
    expect((await store.enrolment.current("default", 2000))?.id).toBe(id);
    for (const handle of ["b", "b"]) await guess(handle);
    expect((await store.enrolment.get(id))?.state).toBe("open");
    await guess("c");
    expect((await store.enrolment.get(id))?.state).toBe("guessed");
    expect((await store.enrolment.get(other.id))?.state).toBe("open");
  });

  it("posts a notice once per key and window", async () => {
    const store = bench.store();
    const post = (key: string, at: number, account = "default") =>
      store.notices.post(account, { key, windowMs: 1000, items: [item(`${key} ${at}`)] }, at);
    expect(await post("a", 1000)).toBe(true);
    expect(await post("a", 1999)).toBe(false);
    expect(await post("b", 1999)).toBe(true);
    expect(await post("a", 1999, "work")).toBe(true);
    expect(await post("a", 2000)).toBe(true);
    expect((await store.outbox.list({ account: "default", limit: 9 })).map(({ text }) => text)).toEqual([
      "a 2000",
      "b 1999",
      "a 1000",
    ]);
  });

  it("counts what was sent, and to whom for the first time", async () => {
    const { store, claim } = await bench.claimed();
    const send = async (
      chatId: number,
      at: number,
      origin: "person" | "turn" | "owner-notice" = "person",
    ) => {
      const id = await store.outbox.add("default", item("x", chatId, { origin }), at);
      const [taken] = await store.outbox.take(claim, 1, at);
      await store.outbox.settle(taken!.claim, { state: "stored", guid: `S${id}` }, at);
      return id;
    };
    await send(1, 1000);
    await send(1, 2000);
    await send(2, 3000);
    await send(3, 3000, "owner-notice");
    // An answer makes nobody a new recipient.
    await send(6, 3000, "turn");
    const all = Number.MAX_SAFE_INTEGER;
    expect(
      await store.outbox.sentBetween("default", { since: 0, until: 1e15, before: all, atMost: 9 }),
    ).toEqual({ count: 4, oldest: 1000 });
    // Of more than matter only the newest count: when their oldest leaves the window, one may follow.
    expect(
      await store.outbox.sentBetween("default", { since: 0, until: 1e15, before: all, atMost: 3 }),
    ).toEqual({ count: 3, oldest: 2000 });
    expect(
      await store.outbox.sentBetween("default", {
        since: 1000,
        until: 1e15,
        before: all,
        atMost: 9,
        chatKey: "chat:1",
      }),
    ).toEqual({
      count: 1,
      oldest: 2000,
    });
    // What a clock that was set back left in the future.
    expect(
      await store.outbox.sentBetween("default", { since: 0, until: 1500, before: all, atMost: 9 }),
    ).toEqual({ count: 1, oldest: 1000 });
    expect(await store.outbox.firstWrittenBetween("default", { since: 0, until: 2000, before: all })).toEqual(
      {
        count: 1,
        oldest: 1000,
      },
    );
    expect(await store.outbox.sentBetween("work", { since: 0, until: 1e15, before: all, atMost: 9 })).toEqual(
      { count: 0 },
    );
    expect(await store.outbox.firstWrittenBetween("default", { since: 0, until: 1e15, before: all })).toEqual(
      {
        count: 2,
        oldest: 1000,
      },
    );
    expect(
      await store.outbox.firstWrittenBetween("default", { since: 1000, until: 1e15, before: all }),
    ).toEqual({
      count: 1,
      oldest: 3000,
    });
    expect(await store.outbox.hasWritten("default", ["chat:9", "chat:2"])).toBe(true);
    expect(await store.outbox.hasWritten("default", ["chat:3"])).toBe(false);
    // What is being sent counts for what comes after it alone; what waits does not count.
    const first = await store.outbox.add("default", item("y", 4), 4000);
    const second = await store.outbox.add("default", item("y", 5), 4000);
    await store.outbox.add("default", item("z", 5), 4000);
    await store.outbox.take(claim, 2, 4000);
    expect(
      (await store.outbox.sentBetween("default", { since: 3500, until: 1e15, before: first, atMost: 9 }))
        .count,
    ).toBe(0);
    expect(
      (await store.outbox.sentBetween("default", { since: 3500, until: 1e15, before: second, atMost: 9 }))
        .count,
    ).toBe(1);
    expect(await store.outbox.hasWritten("default", ["chat:5"], second)).toBe(false);
  });

  it("adds rows to a turn that waits, never to one that runs", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    expect(await store.turns.hasSession("agent:main:main")).toBe(true);
    expect(await store.turns.hasSession("agent:main:direct:nobody")).toBe(false);
    const [id] = await store.journal.admit(claim, [row(2)], "live", 1000);
    await store.journal.decide(claim, id!, dispatch, 1000);
    const envelope = { ...turn("t1").envelope, text: "both" };
    const had = (await store.journal.ofTurn("t1")).map((entry) => entry.id);
    expect((await store.turns.lastQueued("agent:main:main"))?.id).toBe("t1");
    expect(
      await store.turns.extend(claim, "t1", envelope, { hadIds: [], rowIds: [id!], contextIds: [] }),
    ).toBe("lost");
    expect(
      await store.turns.extend(claim, "t1", envelope, { hadIds: had, rowIds: [id!], contextIds: [] }),
    ).toBe("ok");
    expect(
      await store.turns.extend(claim, "t1", envelope, { hadIds: had, rowIds: [id!], contextIds: [] }),
    ).toBe("lost");
    expect((await store.journal.ofTurn("t1")).map(({ row: { rowId } }) => rowId)).toEqual([1, 2]);
    const [claimed] = await store.turns.claim("node-1", 1, 1000);
    expect(claimed?.turn.envelope.text).toBe("both");
    expect(await store.turns.lastQueued("agent:main:main")).toBeUndefined();
    const [late] = await store.journal.admit(claim, [row(3)], "live", 1000);
    await store.journal.decide(claim, late!, dispatch, 1000);
    expect(
      await store.turns.extend(claim, "t1", envelope, {
        hadIds: [...had, id!],
        rowIds: [late!],
        contextIds: [],
      }),
    ).toBe("lost");
    expect((await store.journal.get(late!))?.state).toBe("decided");
  });
}
