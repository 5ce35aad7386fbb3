import { expect, it } from "vitest";
import { about, type Bench, dispatch, drop, item, pairing, row } from "./bench.js";

export function gateContract(bench: Bench): void {
  it.each<
    [
      string,
      change: { at?: number; chat?: number; text?: string },
      state: "done" | "failed" | "unknown" | undefined,
      isByHand: boolean,
    ]
  >([
    ["its answer came", {}, "done", false],
    ["its answer was lost", {}, "unknown", false],
    ["the gateway died meanwhile", {}, undefined, false],
    ["it was surely not sent", {}, "failed", true],
    ["other words", { text: "When exactly?" }, "done", true],
    ["long after it", { at: 2000 + 11 * 60_000 }, "done", true],
    ["before it", { at: 500 }, "done", true],
    ["another chat", { chat: 8 }, "done", true],
  ])(
    "takes the caption of a poll for none of the human's own words: %s",
    async (_, change, state, isByHand) => {
      const { at = 2500, chat: chatId = 7, text = "When?" } = change;
      const { store, claim } = await bench.claimed();
      const poll = {
        account: "default",
        turnId: "t1",
        chat: "chat_id:7",
        name: "poll",
        parameters: { question: "When?" },
      };
      const { id } = await store.actions.begin(poll, 0, [], 1000);
      if (state) await store.actions.end(id, { state }, 2000);
      const caption = { ...row(1, { fromMe: true, text, sentAt: at }) };
      caption.chat = { ...caption.chat, id: chatId };
      const balloon = row(2, {
        fromMe: true,
        text: "\ufffd",
        poll: { kind: "created" },
        chat: caption.chat,
        sentAt: at,
      });
      const entries = (await store.journal.admit(claim, [caption, balloon], "live", at)) as number[];
      const own: typeof drop = { ...drop, reason: "own_message" };
      for (const entry of entries) await store.journal.decide(claim, entry, own, at);
      const asked = row(3, { chat: caption.chat });
      const known = await store.gate.about(about(asked, at + 1, { hushes: true }));
      expect(known.person?.byHand?.text).toBe(isByHand ? text : undefined);
    },
  );

  it.each<[string, at: number, isByHand: boolean, outcome?: "not_sent"]>([
    ["as it went", 900_500, false],
    ["while it waited", 2500, true],
    ["long after it went", 1_800_000, true],
    ["though it was surely not sent", 900_500, true, "not_sent"],
  ])("takes the caption of a poll that went late for none of the human's own words: %s", async (...each) => {
    const [, at, isByHand, outcome] = each;
    const { store, claim } = await bench.claimed();
    const parameters = { question: "When?", options: ["now", "then"] };
    const poll = { account: "default", chat: "chat_id:7", name: "poll", parameters };
    const send = item("", 7, { act: { name: "poll", parameters } });
    const { id } = await store.actions.begin(poll, 0, [send], 1000);
    await store.actions.end(id, { state: "done", facts: { queued: true } }, 1000);
    const [taken] = await store.outbox.take(claim, 1, 900_000);
    if (outcome)
      await store.outbox.settle(
        taken!.claim,
        { state: outcome, error: { code: "TARGET_INVALID", message: "it was refused" } },
        900_100,
      );
    const [entry] = await store.journal.admit(
      claim,
      [row(1, { fromMe: true, text: "When?", sentAt: at })],
      "live",
      at,
    );
    await store.journal.decide(claim, entry!, { ...drop, reason: "own_message" }, at);
    expect((await store.journal.lastByHand("default", 7))?.text).toBe(isByHand ? "When?" : undefined);
  });

  it("tells in one call what is known of a row and of who wrote it", async () => {
    const { store, claim } = await bench.claimed();
    const rows = [row(1), row(2), row(9)];
    const [first, second, asking] = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
    await store.journal.decide(claim, first!, dispatch, 1000);
    const { sender } = row(2);
    await store.outbox.add("default", item("hi", 7), 1000);
    const [taken] = await store.outbox.take(claim, 1, 1000);
    const request = {
      handle: sender,
      code: "ABCDEFGH",
      requestedAt: 1000,
      expiresAt: 9000,
      chatId: 7,
      text: "",
    };
    await store.journal.offerPairing(
      claim,
      { id: asking!, decision: pairing, request, reply: item("code", 7), most: 3 },
      1000,
    );
    const found = (await store.pairing.findByCode("ABCDEFGH"))!;
    await store.pairing.approve(found, 1000, { ownership: "owner", replay: false });
    const question = about(row(2), 2000, {
      entryId: second!,
      chatKeys: ["chat:7"],
      near: { before: 1, after: 1 },
    });
    const known = await store.gate.about(question);
    expect(known.recent).toMatchObject([{ id: taken!.item.id, text: "hi", state: "sending", takenAt: 1000 }]);
    expect(known.person).toMatchObject({
      approved: true,
      owners: [sender],
      contacted: true,
      answersQuestion: false,
      refersToOurs: false,
    });
    expect(known.person?.near.map(({ id }) => id)).toEqual([first]);
    await store.outbox.settle(taken!.claim, { state: "stored", guid: row(2).guid }, 1500);
    // What is surely a send needs no more.
    expect(await store.gate.about(question)).toEqual({
      sent: { id: taken!.item.id, takenAt: taken!.item.takenAt, attempts: 1 },
      recent: [],
    });
  });

  it("knows when the newest STOP of a person was sent, as its row has it, of each account its own", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: work } = await store.accounts.claim("work", "node-1");
    const { sender: handle } = row(1);
    const said = async (id: number, sentAt: number, at: number, value = true, by = claim) => {
      const [entry] = await store.journal.admit(by, [row(id, { sentAt })], "live", at);
      await store.journal.decide(by, entry!, { ...dispatch, kind: "command", name: "opt-out" }, at);
      await store.journal.complete(by, entry!, { replies: [], optOut: { handle, value } }, at);
    };
    const stop = async (account = "default") =>
      (await store.gate.about(about(row(99), 9000, { account }))).person?.stop;
    expect(await stop()).toBeUndefined();
    await said(1, 1000, 3000);
    expect(await stop()).toEqual({ since: 3000, sentAt: 1000 });
    await said(2, 2000, 3500);
    expect(await stop()).toEqual({ since: 3500, sentAt: 2000 });
    // It comes late: what was sent later stands.
    await said(3, 1500, 4000);
    expect(await stop()).toEqual({ since: 3500, sentAt: 2000 });
    await said(4, 0, 4000, true, work);
    expect(await stop("work")).toEqual({ since: 4000 });
    await said(5, 5000, 5000, false);
    expect(await stop()).toBeUndefined();
    expect(await stop("work")).toEqual({ since: 4000 });
  });

  it("keeps no more requests than are allowed, whatever their gates were told before", async () => {
    const { store, claim } = await bench.claimed();
    const rows = [1, 2, 3, 4].map((id) => row(id));
    const ids = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
    const offer = (id: number, handle: string) =>
      store.journal.offerPairing(
        claim,
        {
          id,
          decision: pairing,
          request: { handle, code: handle, requestedAt: 1000, expiresAt: 9000, chatId: 7, text: "" },
          reply: item("code", 7, { origin: "pairing" }),
          most: 2,
        },
        1000,
      );
    const kept = [offer(ids[0]!, "a"), offer(ids[1]!, "a"), offer(ids[2]!, "b"), offer(ids[3]!, "c")];
    expect(await Promise.all(kept)).toEqual(["ok", "pending", "ok", "full"]);
    expect(await store.pairing.pending(1000)).toHaveLength(2);
    expect((await store.outbox.counts("default")).pending).toBe(2);
    expect((await store.journal.get(ids[3]!))?.state).toBe("new");
  });
}
