import { expect, it } from "vitest";
import type { BlobStore, Claim, ClaimedTurn } from "../../../src/store/index.js";
import { type Bench, item, openTurn } from "./bench.js";

const done = { outcome: "done" as const, replies: [] };
async function bytesOf(blobs: BlobStore, id: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let part = await blobs.part(id, 0); part; part = await blobs.part(id, parts.length)) parts.push(part);
  return Buffer.concat(parts);
}
async function put(blobs: BlobStore, id: string, turnId: string, at: number, ...parts: (string | Buffer)[]) {
  await blobs.begin(id, turnId, at);
  for (const [place, part] of parts.entries()) await blobs.add(id, place, Buffer.from(part as string));
}

/** What only a store has that several processes share. */
export function errandsContract(bench: Bench): void {
  /** A store, an account's owner there, and two turns that run elsewhere. */
  async function house() {
    const { store, claim: owner } = await bench.claimed();
    await openTurn(store, owner, "t1", [1], "a");
    await openTurn(store, owner, "t2", [2], "b");
    const running = (await store.turns.claim("worker", 9, 2000)) as [ClaimedTurn, ClaimedTurn];
    const [one, other] = running.map(({ claim }) => claim) as [Claim, Claim];
    return { store, owner, one, other, errands: store.errands!, blobs: store.blobs! };
  }

  it("gives what a turn asks to the account's owner once, and the answer back", async () => {
    const { owner, one, other, errands } = await house();
    const first = (await errands.ask(one, "look", { at: "7k", text: "\u0000" })) as number;
    const second = (await errands.ask(other, "react", {})) as number;
    expect(await errands.look(first)).toEqual({ state: "open" });
    const taken = await errands.take(owner, 1);
    expect(taken).toEqual([
      {
        id: first,
        account: "default",
        turnId: "t1",
        fence: one.fence,
        run: 1,
        kind: "look",
        parameters: { at: "7k", text: "\u0000" },
      },
    ]);
    expect((await errands.take(owner, 9)).map(({ id }) => id)).toEqual([second]);
    expect(await errands.take(owner, 9)).toEqual([]);
    expect(await errands.look(first)).toEqual({ state: "taken" });
    expect(await errands.answer(owner, first, { ok: [1] })).toBe("ok");
    expect(await errands.answer(owner, first, "again")).toBe("lost");
    expect(await errands.look(first)).toEqual({ state: "done", result: { ok: [1] } });
    expect(await errands.look(second)).toEqual({ state: "taken" });
    const third = (await errands.ask(one, "look", {})) as number;
    expect([await errands.withdraw(second), await errands.withdraw(third)]).toEqual([false, true]);
    expect(await errands.take(owner, 9)).toEqual([]);
  });

  it("takes nothing of a turn that has ended or runs under another claim, and forgets what it asked", async () => {
    const { store, owner, one, other, errands } = await house();
    const early = (await errands.ask(one, "look", 1)) as number;
    const kept = (await errands.ask(other, "look", 2)) as number;
    await store.turns.release(one);
    expect(await errands.look(early)).toBeUndefined();
    const [again] = await store.turns.claim("another worker", 1, 3000);
    expect(await errands.ask(one, "look", 1)).toBe("lost");
    const late = (await errands.ask(again!.claim, "look", 3)) as number;
    expect((await errands.take(owner, 9)).map(({ id }) => id)).toEqual([kept, late]);
    await store.turns.end(again!.claim, done, 4000, false);
    expect(await errands.answer(owner, late, 1)).toBe("lost");
    expect(await errands.ask(again!.claim, "look", 4)).toBe("lost");
    expect(await errands.answer(owner, kept, 1)).toBe("ok");
  });

  it("takes nothing that a run asked whose process died, before the turn runs again and after", async () => {
    const { store, owner, one, errands } = await house();
    const dead = (await errands.ask(one, "react", 1)) as number;
    // Whoever ran it is no node, and somebody else takes an account: its turns are queued again.
    await store.accounts.claim("other account", "gateway");
    expect(await errands.take(owner, 9)).toEqual([]);
    const again = await store.turns.claim("another worker", 9, 3000);
    expect(await errands.take(owner, 9)).toEqual([]);
    const own = again.find(({ turn }) => turn.id === "t1")!.claim;
    const next = (await errands.ask(own, "react", 1)) as number;
    expect((await errands.take(owner, 9)).map(({ id }) => id)).toEqual([next]);
    await store.turns.end(own, done, 4000, false);
    expect([await errands.look(dead), await errands.look(next)]).toEqual([undefined, undefined]);
  });

  it("gives an account's next owner what the one before did not answer", async () => {
    const { store, owner, one, errands } = await house();
    const id = (await errands.ask(one, "look", 1)) as number;
    expect(await errands.take(owner, 9)).toHaveLength(1);
    // The same process takes the account anew, so the turn goes on elsewhere.
    const next = (await store.accounts.claim("default", "worker")).claim;
    expect(await errands.take(owner, 9)).toEqual([]);
    expect(await errands.take(next, 9)).toMatchObject([{ id }]);
    expect(await errands.answer(owner, id, "late")).toBe("lost");
    expect(await errands.answer(next, id, "in time")).toBe("ok");
    expect(await errands.look(id)).toEqual({ state: "done", result: "in time" });
  });

  it("keeps files as they are, until nobody waits for them", async () => {
    const { store, one, other, blobs } = await house();
    const large = Buffer.alloc(1_200_000, "\u0000\u00ff\\");
    await put(blobs, "in", "t1", 1000, "one ", "two");
    await put(blobs, "in", "t1", 1000, "told", "again");
    await put(blobs, "large", "t2", 1000, large);
    await put(blobs, "out", "t1", 5000, "a picture");
    expect((await bytesOf(blobs, "in")).toString()).toBe("one two");
    expect((await bytesOf(blobs, "large")).equals(large)).toBe(true);
    expect(await bytesOf(blobs, "none")).toHaveLength(0);
    const left = async () => {
      const sizes = ["in", "out", "large"].map(
        async (id) => [id, (await bytesOf(blobs, id)).length] as const,
      );
      return (await Promise.all(sizes)).flatMap(([id, size]) => (size > 0 ? id : []));
    };
    await blobs.tidy({ turnId: "t1" });
    expect(await left()).toEqual(["in", "out", "large"]);
    const replies = [item("", 7, { file: "blob:out/photo.jpg" })];
    await store.turns.end(one, { outcome: "done", replies }, 6000, false);
    await blobs.tidy({ turnId: "t1" });
    expect(await left()).toEqual(["out", "large"]);
    await store.outbox.stopAnswers("default", ["chat:7"], 7000);
    await blobs.tidy({ before: 5000 });
    expect(await left()).toEqual(["out", "large"]);
    await blobs.tidy({ before: 5001 });
    expect(await left()).toEqual(["large"]);
    await store.turns.end(other, done, 6000, false);
    await blobs.tidy({ before: 1001 });
    expect(await left()).toEqual([]);
  });

  it("forgets a person's files with the person, and names none of them as a path", async () => {
    const { store, one, other, blobs } = await house();
    const [own, others] = ["+15550100001", "+15550100002"];
    for (const id of ["t1", "t2"]) await put(blobs, id, id, 1000, "a picture");
    await put(blobs, "neighbour", "t3", 1000, "another's");
    for (const claim of [one, other]) {
      const replies = [item("", 7, { file: `blob:${claim.id}/photo.jpg` })];
      await store.turns.end(claim, { outcome: "done", replies }, 3000, false);
    }
    await store.outbox.stopAnswers("default", ["chat:7"], 4000);
    const forgotten = await store.people.forget((handle) => handle === own, 6000);
    expect(forgotten).toMatchObject({ state: "done", files: [] });
    const left = await Promise.all(["t1", "t2", "neighbour"].map((id) => bytesOf(blobs, id)));
    expect(left.map(({ length }) => length > 0)).toEqual([false, false, true]);
    expect(await store.people.forget((handle) => handle === others, 6000)).toMatchObject({ turns: 0 });
  });

  it("tells others of what is asked and answered", async () => {
    const { owner, one, errands } = await house();
    const elsewhere = bench.store();
    let heard = 0;
    const unwatch = elsewhere.watch("errands", () => heard++);
    // It hears of others over the connection that writes.
    await elsewhere.notices.post("default", { key: "k", windowMs: 1, items: [] }, 1000);
    const id = (await errands.ask(one, "look", 1)) as number;
    await expect.poll(() => heard).toBeGreaterThan(0);
    await errands.take(owner, 9);
    const before = heard;
    await errands.answer(owner, id, 1);
    await expect.poll(() => heard).toBeGreaterThan(before);
    unwatch();
  });
}
