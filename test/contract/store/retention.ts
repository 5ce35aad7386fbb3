import { expect, it } from "vitest";
import type { Envelope } from "../../../src/conversation/index.js";
import { type Bench, dispatch, drop, item, pairing, row, turn } from "./bench.js";

/** What is forgotten of what people wrote, and what is kept (behaviour 14). */
export function retentionContract(bench: Bench): void {
  it("forgets the bodies of finished rows, turns and sends, and nothing that is still needed", async () => {
    const { store, claim } = await bench.claimed();
    const [done, open] = (await store.journal.admit(
      claim,
      [row(1, { replyTo: { guid: "A", text: "secret" } }), row(2)],
      "live",
      1000,
    )) as number[];
    await store.journal.decide(claim, done!, dispatch, 1000);
    await store.turns.open(claim, turn("t1"), [done!], [], 1000);
    const [claimed] = await store.turns.claim("node-1", 1, 1000);
    await store.turns.end(
      claimed!.claim,
      { outcome: "done", replies: [item("secret"), item("later")] },
      1000,
      false,
    );
    const [taken] = await store.outbox.take(claim, 1, 1000);
    await store.outbox.settle(taken!.claim, { state: "stored", guid: "S1" }, 1000);
    expect(await store.journal.forget(500)).toBe(0);
    expect(await store.journal.forget(2000)).toBe(1);
    expect((await store.journal.get(done!))?.row).toMatchObject({ text: "", guid: "GUID-1" });
    expect(JSON.stringify(await store.journal.get(done!))).not.toContain("secret");
    expect((await store.journal.get(open!))?.row.text).toBe("text 2");
    expect((await store.outbox.ofTurn("t1")).map(({ text }) => text)).toEqual([undefined, "later"]);
    expect((await store.turns.get("t1"))?.envelope).toEqual({});
  });

  it("forgets the words of polls and edits, which stand in the form of their sends", async () => {
    const { store, claim } = await bench.claimed();
    const acts = [
      { name: "poll", parameters: { question: "secret", options: ["secret", "no"] } },
      { name: "edit", parameters: { guid: "A", text: "secret" } },
      { name: "poll", parameters: { question: "kept", options: ["yes", "no"] } },
    ];
    const ids: number[] = [];
    for (const act of acts) {
      const { text: _, ...send } = item("", 7, { act });
      ids.push(await store.outbox.add("default", send, 1000));
    }
    for (let settled = 0; settled < 2; settled++) {
      const [taken] = await store.outbox.take(claim, 1, 1000);
      await store.outbox.settle(taken!.claim, { state: "stored", guid: `S${settled}` }, 1000);
    }
    await store.journal.forget(2000);
    const [poll, edit, open] = await store.outbox.getAll(ids);
    expect(JSON.stringify([poll, edit])).not.toContain("secret");
    expect(poll).toMatchObject({ state: "stored", guid: "S0" });
    expect(open?.act).toEqual(acts[2]);
  });

  it("still lists a turn whose envelope was forgotten, with nowhere to answer to", async () => {
    const { store, claim } = await bench.claimed();
    const given = turn("t1");
    const envelope = {
      ...given.envelope,
      chat: { chatId: 7 },
      sender: { handle: "+15551234567" },
    } as unknown as Envelope;
    await store.turns.open(claim, { ...given, envelope }, [], [], 1000);
    expect(await store.turns.get("t1")).toMatchObject({
      target: { kind: "chat_id", chatId: 7 },
      chatKey: "chat:7",
    });
    const [claimed] = await store.turns.claim("node-1", 1, 1000);
    await store.turns.end(claimed!.claim, { outcome: "done", replies: [] }, 1000, false);
    await store.journal.forget(2000);
    expect(await store.turns.get("t1")).toMatchObject({
      state: "done",
      envelope: {},
      target: { kind: "handle", handle: "", service: "auto" },
    });
  });

  it("forgets files without a text, polls, questions, schedules and what a stranger wrote", async () => {
    const { store, claim } = await bench.claimed();
    const attachments = [
      { path: "/secret", name: "secret", mimeType: "", uti: "", bytes: 1, missing: false, isSticker: false },
    ];
    const [file, poll, stranger] = (await store.journal.admit(
      claim,
      [row(1, { text: "", attachments }), row(2, { text: "", poll: { question: "secret" } }), row(3)],
      "live",
      1000,
    )) as number[];
    for (const id of [file!, poll!]) await store.journal.decide(claim, id, drop, 1000);
    const asked = { handle: "+1", code: "ABCDEFGH", requestedAt: 1000, expiresAt: 1500, chatId: 7 };
    const offer = item("code", 7, { origin: "pairing" });
    await store.journal.offerPairing(
      claim,
      { id: stranger!, decision: pairing, request: { ...asked, text: "secret" }, reply: offer, most: 3 },
      1000,
    );
    const kind = "permission" as const;
    const question = {
      kind,
      account: "default",
      turnId: "t1",
      sessionKey: "s",
      title: "secret",
      askedAt: 1000,
    };
    const options = [{ id: "1", name: "secret", kind: "allow_once" as const }];
    for (const id of ["over", "open"])
      await store.questions.ask({ ...question, id, options, expiresAt: 9000 }, []);
    await store.questions.end("over", "expired", 1000);
    const later = { account: "default", sessionKey: "s", createdAt: 1, item: item("secret") };
    await store.schedule.add({ ...later, id: "gone", dueAt: 1000 });
    await store.schedule.add({ ...later, id: "kept", dueAt: 5000 });
    await store.schedule.cancel("gone");
    expect(await store.journal.forget(2000)).toBe(3);
    expect(await store.journal.forget(2000)).toBe(0);
    for (const id of [file!, poll!])
      expect(JSON.stringify(await store.journal.get(id))).not.toContain("secret");
    expect((await store.pairing.findByCode("ABCDEFGH"))?.text).toBe("");
    expect(await store.questions.get("over")).toMatchObject({ title: "", options: [], state: "expired" });
    expect(await store.questions.get("open")).toMatchObject({ title: "secret", options });
    expect((await store.schedule.list()).map(({ item: { text } }) => text)).toEqual(["secret"]);
  });
}
