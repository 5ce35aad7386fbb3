import { expect, it } from "vitest";
import { type Bench, drop, item, pairing, row } from "./bench.js";

const request = {
  handle: "+15550100123",
  code: "ABCDEFGH",
  requestedAt: 1000,
  expiresAt: 9000,
  chatId: 7,
  text: "hi",
};

/** Pairing and the schedule. */
export function peopleContract(bench: Bench): void {
  async function asked() {
    const { store, claim } = await bench.claimed();
    const [before, first, second] = (await store.journal.admit(
      claim,
      [row(1), row(2), row(3)],
      "live",
      1000,
    )) as number[];
    await store.journal.decide(claim, before!, drop, 900);
    await store.journal.offerPairing(
      claim,
      { id: first!, decision: pairing, request, reply: item("code", 7, { origin: "pairing" }), most: 3 },
      1000,
    );
    await store.journal.decide(claim, second!, { ...pairing, offer: false }, 1500);
    return { store, claim, before: before!, first: first!, second: second! };
  }

  it("keeps a request pending until it expires", async () => {
    const { store } = await asked();
    expect(await store.pairing.pending(8999)).toMatchObject([
      { ...request, account: "default", state: "pending" },
    ]);
    expect(await store.pairing.pending(8999, "work")).toEqual([]);
    expect(await store.pairing.pending(9000)).toEqual([]);
    expect(await store.pairing.findByCode("ABCDEFGH")).toMatchObject({ handle: request.handle });
    expect(await store.pairing.findByCode("ABCDEFGH", "work")).toBeUndefined();
    expect(await store.pairing.isApproved("default", request.handle)).toBe(false);
  });

  it("names who asked once a later row does, and never by an empty name", async () => {
    const { store, claim } = await asked();
    const [found] = await store.pairing.pending(2000);
    expect(found).not.toHaveProperty("name");
    const from = (rowId: number, chatId: number, senderName: string, fromMe = false) => {
      const { chat } = row(rowId);
      return row(rowId, { senderName, fromMe, chat: { ...chat, id: chatId } });
    };
    const later = [
      from(4, 7, ""),
      from(5, 8, "Sam"),
      from(6, 7, "Me", true),
      from(7, 7, "Mia Wong"),
      from(8, 7, ""),
    ];
    await store.journal.admit(claim, later, "live", 2000);
    expect(await store.pairing.pending(2000)).toMatchObject([{ ...request, name: "Mia Wong" }]);
    expect(await store.pairing.findByCode(request.code)).toMatchObject({ name: "Mia Wong" });
  });

  it("approves, tells the sender, and replays what was written since the request, in one commit", async () => {
    const { store, before, first, second } = await asked();
    const notice = {
      owner: item("welcome, owner", 7, { origin: "approval" }),
      guest: item("welcome", 7, { origin: "approval" }),
    };
    const found = (await store.pairing.findByCode("ABCDEFGH"))!;
    const wish = { ownership: { named: [] }, notice, replay: true };
    expect(await store.pairing.approve(found, 2000, wish)).toEqual({
      state: "done",
      owner: true,
      told: true,
      replayed: 2,
    });
    expect(await store.pairing.isApproved("default", request.handle)).toBe(true);
    expect(await store.pairing.isApproved("work", request.handle)).toBe(false);
    expect(await store.pairing.approvedIn("default", 7)).toBe("+15550100123");
    expect(await store.pairing.approvedIn("default", 8)).toBeUndefined();
    expect(await store.pairing.owners("default")).toEqual([request.handle]);
    expect(await store.pairing.approvals()).toEqual([
      { account: "default", handle: request.handle, approvedAt: 2000 },
    ]);
    expect((await store.journal.unfinished("default")).map(({ id, arrival }) => [id, arrival])).toEqual([
      [first, "replay"],
      [second, "replay"],
    ]);
    expect((await store.journal.get(before))?.state).toBe("done");
    expect(await store.pairing.pending(2000)).toEqual([]);
    expect((await store.outbox.list({ limit: 9 })).map(({ text }) => text)).toEqual([
      "welcome, owner",
      "code",
    ]);
    // Approved once more by a repeated command: nothing is replayed or told twice.
    expect(await store.pairing.approve(found, 2000, { ownership: "guest", notice, replay: true })).toEqual({
      state: "approved",
    });
    expect(await store.outbox.list({ limit: 9 })).toHaveLength(2);
    expect(await store.pairing.owners("default")).toEqual([request.handle]);
  });

  it("approves without replay when not asked for it", async () => {
    const { store } = await asked();
    const found = (await store.pairing.findByCode("ABCDEFGH"))!;
    expect(await store.pairing.approve(found, 2000, { ownership: "guest", replay: false })).toEqual({
      state: "done",
      owner: false,
      told: false,
      replayed: 0,
    });
    expect(await store.journal.unfinished("default")).toEqual([]);
    expect(await store.pairing.owners("default")).toEqual([]);
  });

  it("denies, and lets nobody in by a request that was denied or has expired", async () => {
    const { store } = await asked();
    const found = (await store.pairing.findByCode("ABCDEFGH"))!;
    const wish = { ownership: "owner", replay: true } as const;
    expect(await store.pairing.approve(found, 9000, wish)).toEqual({ state: "expired" });
    expect(await store.pairing.deny(found)).toBe(true);
    expect(await store.pairing.deny(found)).toBe(false);
    expect(await store.pairing.pending(2000)).toEqual([]);
    expect((await store.pairing.findByCode("ABCDEFGH"))?.state).toBe("denied");
    expect(await store.pairing.approve(found, 2000, wish)).toEqual({ state: "denied" });
    expect(await store.pairing.approvals()).toEqual([]);
    expect(await store.journal.unfinished("default")).toEqual([]);
  });

  it("revokes, and a repeated approval does not bring back what was revoked", async () => {
    const { store } = await asked();
    const found = (await store.pairing.findByCode("ABCDEFGH"))!;
    const wish = { ownership: "owner", replay: false } as const;
    expect(await store.pairing.revoke("default", request.handle)).toBe(false);
    await store.pairing.approve(found, 2000, wish);
    expect(await store.pairing.deny(found)).toBe(false);
    expect(await store.pairing.revoke("default", request.handle)).toBe(true);
    expect(await store.pairing.isApproved("default", request.handle)).toBe(false);
    expect(await store.pairing.owners("default")).toEqual([]);
    expect(await store.pairing.approve(found, 2000, wish)).toEqual({ state: "approved" });
    expect(await store.pairing.approvals()).toEqual([]);
  });

  it("makes the very first an owner, where nobody is one: one of two that are approved at once", async () => {
    const { store, claim } = await asked();
    const other = bench.store();
    const [id] = (await store.journal.admit(claim, [row(4)], "live", 1000)) as number[];
    const second = { ...request, handle: "+15550100124", code: "BCDEFGHJ", chatId: 8 };
    await store.journal.offerPairing(
      claim,
      { id: id!, decision: pairing, request: second, reply: item("code", 8), most: 3 },
      1000,
    );
    const approve = async (on: typeof store, code: string, named: string[]) =>
      on.pairing.approve((await on.pairing.findByCode(code))!, 2000, { ownership: { named }, replay: false });
    const outcomes = await Promise.all([approve(store, "ABCDEFGH", []), approve(other, "BCDEFGHJ", [])]);
    expect(outcomes.filter((outcome) => outcome.state === "done" && outcome.owner)).toHaveLength(1);
    expect(await store.pairing.approvals()).toHaveLength(2);
    expect(await store.pairing.owners("default")).toHaveLength(1);
  });

  it("makes nobody an owner beside those whom the configuration names", async () => {
    const { store } = await asked();
    const found = (await store.pairing.findByCode("ABCDEFGH"))!;
    const wish = { ownership: { named: ["+15550100001"] }, replay: false };
    expect(await store.pairing.approve(found, 2000, wish)).toMatchObject({ state: "done", owner: false });
    expect(await store.pairing.owners("default")).toEqual([]);
  });
}
