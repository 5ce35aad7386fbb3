import { expect, it } from "vitest";
import type { Decision } from "../../../src/conversation/index.js";
import { groupChat } from "../../support/message.js";
import { type Bench, context, dispatch, drop, item, pairing, row, turn } from "./bench.js";

export function journalContract(bench: Bench): void {
  it("journals a row once, by account and GUID, and moves the cursor with it", async () => {
    const { store, claim } = await bench.claimed();
    const [first, second] = await store.journal.admit(claim, [row(10), row(11)], "live", 1000);
    expect(await store.journal.admit(claim, [row(11), row(12), row(12)], "live", 1001)).toEqual([
      undefined,
      expect.any(Number),
      undefined,
    ]);
    expect(second).toBeGreaterThan(first!);
    expect(await store.accounts.cursor("default")).toBe(12);
    const { claim: other } = await store.accounts.claim("work", "node-1");
    expect(await store.journal.admit(other, [row(10)], "live", 1000)).toEqual([expect.any(Number)]);
    expect(await store.journal.get(first!)).toMatchObject({
      row: row(10),
      arrival: "live",
      receivedAt: 1000,
      state: "new",
    });
    expect((await store.journal.findByGuid("GUID-10", "default"))?.id).toBe(first);
    expect(await store.journal.findByGuid("GUID-99")).toBeUndefined();
  });

  it("hands out what is not finished, oldest first, until it is decided or in a turn", async () => {
    const { store, claim } = await bench.claimed();
    const [a, b, c] = (await store.journal.admit(claim, [row(1), row(2), row(3)], "live", 1000)) as number[];
    const open = async () => (await store.journal.unfinished("default")).map(({ id }) => id);
    expect(await open()).toEqual([a, b, c]);
    await store.journal.decide(claim, a!, drop, 1001);
    await store.journal.decide(claim, b!, dispatch, 1001);
    expect(await open()).toEqual([b, c]);
    await store.turns.open(claim, turn("t1"), [b!], [], 1001);
    expect(await open()).toEqual([c]);
    expect(await store.journal.get(a!)).toMatchObject({ state: "done", decision: drop, decidedAt: 1001 });
    expect(await store.journal.get(b!)).toMatchObject({ state: "in_turn", turnId: "t1" });
    expect(await store.journal.decide(claim, b!, drop, 1002)).toBe("lost");
  });

  it("gives a row the chat that was found for it", async () => {
    const { store, claim } = await bench.claimed();
    const lost = { ...row(1).chat, id: 0, guid: "", identifier: "" };
    const [id] = (await store.journal.admit(claim, [row(1, { chat: lost })], "live", 1000)) as number[];
    expect(await store.journal.locate(claim, id!, groupChat(88))).toBe("ok");
    expect((await store.journal.get(id!))?.row.chat).toEqual(groupChat(88));
    expect(await store.journal.list({ chatId: 88, limit: 5 })).toHaveLength(1);
  });

  it("offers a pairing code once for a row, whatever is repeated", async () => {
    const { store, claim } = await bench.claimed();
    const [id] = (await store.journal.admit(claim, [row(1)], "live", 1000)) as number[];
    const request = {
      handle: "+15550100123",
      code: "ABCDEFGH",
      requestedAt: 1000,
      expiresAt: 9000,
      chatId: 7,
      text: "hi",
    };
    const offer = () =>
      store.journal.offerPairing(
        claim,
        { id: id!, decision: pairing, request, reply: item("code", 7, { origin: "pairing" }), most: 3 },
        1000,
      );
    expect(await offer()).toBe("ok");
    expect(await offer()).toBe("lost");
    expect(await store.pairing.pending(1000)).toHaveLength(1);
    expect((await store.outbox.counts("default")).pending).toBe(1);
    expect((await store.journal.get(id!))?.state).toBe("done");
  });

  it("offers a pairing request again when its code surely never left", async () => {
    const { store, claim } = await bench.claimed();
    const offer = async (rowId: number, code: string, at: number) => {
      const [id] = (await store.journal.admit(claim, [row(rowId)], "live", at)) as number[];
      const asked = {
        handle: "+15550100123",
        requestedAt: at,
        expiresAt: at + 8000,
        chatId: 7,
        text: `row ${rowId}`,
      };
      const reply = item(`Your code: ${code}`, 7, { origin: "pairing" });
      const offered = { id: id!, decision: pairing, request: { ...asked, code }, reply, most: 1 };
      return store.journal.offerPairing(claim, offered, at);
    };
    const end = async (state: "not_sent" | "unknown", at: number) => {
      const [taken] = await store.outbox.take(claim, 1, at);
      const error = { code: "CHAT_NOT_FOUND" as const, message: "no such chat" };
      await store.outbox.settle(taken!.claim, { state, error }, at);
    };
    expect(await offer(1, "ABCDEFGH", 1000)).toBe("ok");
    expect(await offer(2, "BCDEFGHJ", 1000)).toBe("pending");
    await end("not_sent", 1000);
    // It can be approved all the while: its owner may have seen it in the list.
    expect(await store.pairing.pending(1000)).toMatchObject([
      { code: "ABCDEFGH", state: "pending", isUnsent: true },
    ]);
    expect(await offer(3, "CDEFGHJK", 2000)).toBe("ok");
    const [again] = await store.pairing.pending(9500);
    expect(again).toMatchObject({ code: "CDEFGHJK", requestedAt: 1000, text: "row 1" });
    expect(again).not.toHaveProperty("isUnsent");
    await end("unknown", 2000);
    expect(await offer(4, "DEFGHJKL", 3000)).toBe("pending");
    const wish = { ownership: "guest" as const, replay: true };
    expect(await store.pairing.approve(again!, 3000, wish)).toMatchObject({ state: "done", replayed: 2 });
    expect(await store.pairing.pending(3000)).toEqual([]);
  });

  it("offers no request again that expired: a sender whose codes never leave takes one place", async () => {
    const { store, claim } = await bench.claimed();
    let rows = 0;
    const offer = async (handle: string, code: string, at: number) => {
      const [id] = (await store.journal.admit(
        claim,
        [row(++rows, { from: handle })],
        "live",
        at,
      )) as number[];
      const request = { handle, code, requestedAt: at, expiresAt: at + 1000, chatId: 7, text: `at ${at}` };
      const reply = item(`Your code: ${code}`, 7, { origin: "pairing" });
      const kept = await store.journal.offerPairing(
        claim,
        { id: id!, decision: pairing, request, reply, most: 3 },
        at,
      );
      const [taken] = kept === "ok" ? await store.outbox.take(claim, 1, at) : [];
      const error = { code: "CHAT_NOT_FOUND" as const, message: "no such chat" };
      if (taken) await store.outbox.settle(taken.claim, { state: "not_sent", error }, at);
      return kept;
    };
    const [sam, mia] = ["+15550100123", "+15550100456"];
    expect(await offer(mia, "MMMMMMMM", 500)).toBe("ok");
    expect(await offer(sam, "AAAAAAAA", 1000)).toBe("ok");
    expect(await offer(sam, "BBBBBBBB", 3000)).toBe("ok");
    expect(await offer(sam, "BBBBBBBB", 3100)).toBe("ok");
    expect(await offer(sam, "CCCCCCCC", 5000)).toBe("ok");
    expect(await offer(sam, "CCCCCCCC", 5100)).toBe("ok");
    expect(await store.pairing.pending(5100)).toMatchObject([
      { handle: sam, code: "CCCCCCCC", requestedAt: 5000, expiresAt: 6100, text: "at 5000" },
    ]);
    // What expired is as it was, its neighbour's too.
    const expired = ["MMMMMMMM", "AAAAAAAA", "BBBBBBBB"].map((code) => store.pairing.findByCode(code));
    expect(await Promise.all(expired)).toMatchObject([
      { handle: mia, expiresAt: 1500 },
      { handle: sam, expiresAt: 2000 },
      { handle: sam, expiresAt: 4100 },
    ]);
    for (const handle of ["+15550100001", "+15550100002"])
      expect(await offer(handle, "DDDDDDDD", 5200)).toBe("ok");
  });

  it("ends a command with its answers and the sender's opt-out, once", async () => {
    const { store, claim } = await bench.claimed();
    const [id] = (await store.journal.admit(claim, [row(1)], "live", 1000)) as number[];
    const command = { ...dispatch, kind: "command" as const, name: "opt-out" };
    await store.journal.decide(claim, id!, command, 1000);
    const done = {
      replies: [item("bye", 7, { origin: "command" })],
      optOut: { handle: "+15550100123", value: true },
    };
    expect(await store.journal.complete(claim, id!, done, 1000)).toBe("ok");
    expect(await store.journal.complete(claim, id!, done, 1000)).toBe("lost");
    expect((await store.outbox.counts("default")).pending).toBe(1);
    expect((await store.outbox.ofEntry(id!)).map(({ entryId }) => entryId)).toEqual([id]);
    expect(await store.pairing.hasOptedOut("default", "+15550100123")).toBe(true);
    expect(await store.pairing.optedOut()).toEqual([
      { account: "default", handle: "+15550100123", since: 1000 },
    ]);
    const [start] = (await store.journal.admit(claim, [row(2)], "live", 1000)) as number[];
    await store.journal.decide(claim, start!, command, 1000);
    await store.journal.complete(
      claim,
      start!,
      { replies: [], optOut: { handle: "+15550100123", value: false } },
      1000,
    );
    expect(await store.pairing.hasOptedOut("default", "+15550100123")).toBe(false);
  });

  it("opens a finished row again, but never one that was answered", async () => {
    const { store, claim } = await bench.claimed();
    const [dropped, answered, failed] = (await store.journal.admit(
      claim,
      [row(1), row(2), row(3)],
      "live",
      1000,
    )) as number[];
    await store.journal.decide(claim, dropped!, drop, 1000);
    for (const [id, outcome] of [
      [answered!, "done"],
      [failed!, "failed"],
    ] as const) {
      await store.journal.decide(claim, id, dispatch, 1000);
      await store.turns.open(claim, turn(`t${id}`), [id], [], 1000);
      const [claimed] = await store.turns.claim("node-1", 1, 1000);
      await store.turns.end(claimed!.claim, { outcome, replies: [] }, 1000, false);
    }
    expect(await store.journal.reopen([dropped!, answered!, failed!], "retry")).toBe(2);
    expect(await store.journal.get(dropped!)).toMatchObject({ state: "new", arrival: "retry" });
    expect((await store.journal.get(dropped!))?.decision).toBeUndefined();
    expect((await store.journal.get(answered!))?.state).toBe("done");
    expect((await store.journal.get(failed!))?.state).toBe("new");
  });

  it("gives no context from before the chat's last turn, which a limit had left out", async () => {
    const { store, claim } = await bench.claimed();
    const ids = (await store.journal.admit(
      claim,
      [1, 2, 3, 4].map((id) => row(id, { chat: groupChat(88), sentAt: 1000 + id })),
      "live",
      1000,
    )) as number[];
    for (const id of [ids[0]!, ids[1]!, ids[3]!]) await store.journal.decide(claim, id, context, 1000);
    await store.journal.decide(claim, ids[2]!, dispatch, 1000);
    await store.turns.open(claim, turn("t1"), [ids[2]!], [ids[1]!], 1000);
    expect((await store.journal.context("default", 88, 9)).map(({ id }) => id)).toEqual([ids[3]]);
  });

  it("carries context rows in one turn only", async () => {
    const { store, claim } = await bench.claimed();
    const ids = (await store.journal.admit(
      claim,
      [1, 2, 3].map((id) => row(id, { chat: groupChat(88) })),
      "live",
      1000,
    )) as number[];
    for (const id of ids.slice(0, 2)) await store.journal.decide(claim, id, context, 1000);
    expect((await store.journal.context("default", 88, 1)).map(({ id }) => id)).toEqual([ids[1]]);
    expect((await store.journal.context("default", 88, 9)).map(({ id }) => id)).toEqual([ids[0], ids[1]]);
    await store.journal.decide(claim, ids[2]!, dispatch, 1000);
    await store.turns.open(claim, turn("t1"), [ids[2]!], ids.slice(0, 2), 1000);
    expect(await store.journal.context("default", 88, 9)).toEqual([]);
    expect(await store.journal.get(ids[0]!)).toMatchObject({ state: "done", turnId: "t1" });
  });

  it("knows who wrote last, by chat, let in or not, and in direct chats by handle where let in", async () => {
    const { store, claim } = await bench.claimed();
    const group = row(2, { chat: groupChat(88), sender: "+15550100456" });
    const other = row(4, { chat: groupChat(88), sender: "sam@example.com", sentAt: group.sentAt + 1 });
    const sam = row(3, { from: "sam@example.com", chat: { ...row(1).chat, id: 9 } });
    const own = row(5, { fromMe: true, sentAt: sam.sentAt + 1 });
    const rows = [row(1), group, sam, other, own];
    const ids = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
    const wrote = async (where: { chatId?: number; handle?: string }, except?: string[]) =>
      (await store.journal.lastWritten("default", where, except))?.row.rowId;
    expect(await wrote({ chatId: 7 })).toBeUndefined();
    const decisions = [dispatch, { ...dispatch, treatedAs: "group" as const }, drop, dispatch, drop];
    for (const [index, decision] of decisions.entries())
      await store.journal.decide(claim, ids[index]!, decision, 1000);
    expect(await wrote({ chatId: 7 })).toBe(1);
    expect(await wrote({ handle: "+15550100123" })).toBe(1);
    expect(await wrote({ chatId: 88 })).toBe(4);
    expect(await wrote({ chatId: 88 }, ["sam@example.com"])).toBe(2);
    expect(await wrote({ chatId: 88 }, ["sam@example.com", "+15550100456"])).toBeUndefined();
    expect(await wrote({ handle: "+15550100456" })).toBeUndefined();
    expect(await wrote({ chatId: 9 })).toBe(3);
    expect(await wrote({ chatId: 10, handle: "+15550100123" })).toBe(1);
    expect(await wrote({ handle: "+15550100123" }, ["+15550100123"])).toBeUndefined();
    expect(await wrote({ handle: "sam@example.com" })).toBeUndefined();
    expect(await wrote({ chatId: 0 })).toBeUndefined();
    expect(await store.journal.lastWritten("work", { chatId: 7 })).toBeUndefined();
    expect(await store.journal.directSender("default", 7)).toBe("+15550100123");
    expect(await store.journal.directSender("default", 88)).toBeUndefined();
  });

  it("takes nobody's row for one that a person wrote", async () => {
    const { store, claim } = await bench.claimed();
    const reasons = ["echo", "own_message", "reinserted", "empty", "no_sender", "no_chat"] as const;
    for (const [index, reason] of reasons.entries()) {
      const [id] = await store.journal.admit(claim, [row(index + 1)], "live", 1000);
      await store.journal.decide(claim, id!, { ...drop, reason }, 1000);
    }
    expect(await store.journal.lastWritten("default", { chatId: 7 })).toBeUndefined();
    expect(await store.journal.directSender("default", 7)).toBeUndefined();
  });

  it("knows who reads a direct chat behind rows that are nobody's, of the account's address or of none", async () => {
    const { store, claim } = await bench.claimed();
    const wrote = async (id: number, from: string, decision: Decision) => {
      const [entry] = await store.journal.admit(claim, [row(id, { from, sentAt: 1000 + id })], "live", 1000);
      await store.journal.decide(claim, entry!, decision, 1000);
    };
    await wrote(1, "+15550100123", drop);
    await wrote(2, "me@example.com", { ...drop, reason: "empty" });
    await wrote(3, "", { ...drop, reason: "no_sender" });
    await wrote(4, "", drop);
    expect(await store.journal.directSender("default", 7)).toBe("+15550100123");
    await wrote(5, "+15550100456", drop);
    expect(await store.journal.directSender("default", 7)).toBe("+15550100456");
  });

  it("answers STOP and START only where they were said", async () => {
    const { store, claim } = await bench.claimed();
    const said = async (id: number, name: string, silent = false) => {
      const handle = `+1555010000${id}`;
      const [entry] = await store.journal.admit(
        claim,
        [row(id, { from: handle, chat: { ...row(1).chat, id } })],
        "live",
        1000,
      );
      const command = { ...dispatch, kind: "command" as const, name, ...(silent && { silent }) };
      await store.journal.decide(claim, entry!, command, 1000);
      return { chatId: id, handle };
    };
    for (const [id, name] of ["opt-out", "opt-in", "enrol", "status"].entries()) {
      const where = await said(id + 1, name);
      expect(await store.journal.saidOptOutWord("default", where)).toBe(name.startsWith("opt"));
      expect(await store.journal.directSender("default", where.chatId)).toBe(where.handle);
    }
    expect(await store.journal.saidOptOutWord("default", await said(8, "opt-out", true))).toBe(false);
  });

  it("takes a thread that is judged as a group, or shows several people, for no direct chat", async () => {
    const { store, claim } = await bench.claimed();
    const thread = { ...row(2).chat, id: 8, participants: ["+15550100123", "sam@example.com"] };
    const rows = [row(1), row(2, { chat: thread })];
    const ids = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
    await store.journal.decide(claim, ids[0]!, { ...dispatch, treatedAs: "group" }, 1000);
    await store.journal.decide(claim, ids[1]!, dispatch, 1000);
    expect((await store.journal.lastWritten("default", { chatId: 7 }))?.row.rowId).toBe(1);
    expect(await store.journal.lastWritten("default", { handle: "+15550100123" })).toBeUndefined();
    expect(await store.journal.directSender("default", 7)).toBeUndefined();
    expect(await store.journal.directSender("default", 8)).toBeUndefined();
  });

  it("knows when a human last wrote by hand, and the account's own addresses", async () => {
    const { store, claim } = await bench.claimed();
    expect(await store.journal.lastByHand("default", 7)).toBeUndefined();
    const ids = (await store.journal.admit(
      claim,
      [
        row(1, { fromMe: true, sentAt: 5000 }),
        row(2, { fromMe: true, sentAt: 6000 }),
        row(3, { fromMe: true, sentAt: 7000, text: "" }),
        row(4, { destination: "+15550100999" }),
      ],
      "live",
      9000,
    )) as number[];
    const own = { ...drop, reason: "own_message" as const };
    await store.journal.decide(claim, ids[0]!, own, 9000);
    await store.journal.decide(claim, ids[1]!, { ...drop, reason: "echo" as const }, 9000);
    await store.journal.decide(claim, ids[2]!, own, 9000);
    expect(await store.journal.lastByHand("default", 7)).toEqual({
      sentAt: 5000,
      receivedAt: 9000,
      text: "text 1",
    });
    expect(await store.journal.lastByHand("default", 8)).toBeUndefined();
    expect(await store.journal.ownAddresses("default")).toEqual(["+15550100999", "bot@example.com"]);
    expect((await store.journal.list({ limit: 9, own: true, reason: "echo" })).map(({ id }) => id)).toEqual([
      ids[1],
    ]);
  });

  it("knows what a human wrote last by hand, though older words are journaled later", async () => {
    const { store, claim } = await bench.claimed();
    const own = { ...drop, reason: "own_message" as const };
    const wrote = async (rowId: number, sentAt: number, at: number) => {
      const said = row(rowId, { fromMe: true, sentAt });
      const [id] = (await store.journal.admit(claim, [said], "catchup", at)) as number[];
      await store.journal.decide(claim, id!, own, at);
    };
    const last = async () => (await store.journal.lastByHand("default", 7))?.text;
    await wrote(3, 5000, 9000);
    await wrote(1, 3000, 9001);
    expect(await last()).toBe("text 3");
    // Of no known time, and of one that has not come yet, which was written when it came.
    await wrote(4, 0, 9002);
    expect(await last()).toBe("text 3");
    await wrote(5, 99_000, 9003);
    await wrote(6, 9002, 9004);
    expect(await last()).toBe("text 5");
  });

  it("lists by filter, newest first, and counts", async () => {
    const { store, claim } = await bench.claimed();
    const ids = (await store.journal.admit(
      claim,
      [row(1), row(2), row(3, { fromMe: true })],
      "live",
      1000,
    )) as number[];
    await store.journal.decide(claim, ids[0]!, drop, 1000);
    const list = async (filter: object) =>
      (await store.journal.list({ limit: 9, ...filter })).map(({ id }) => id);
    expect(await list({})).toEqual([ids[1], ids[0]]);
    expect(await list({ own: true })).toEqual([ids[2], ids[1], ids[0]]);
    expect(await list({ decision: "drop" })).toEqual([ids[0]]);
    expect(await list({ state: "new", account: "default" })).toEqual([ids[1]]);
    expect(await list({ after: ids[0] })).toEqual([ids[1]]);
    expect(await list({ before: ids[1], limit: 1 })).toEqual([ids[0]]);
    expect(await store.journal.counts("default")).toContainEqual({
      state: "done",
      decision: "drop",
      reason: "dm_not_allowed",
      count: 1,
    });
  });

  it("takes a time between two milliseconds, whose fraction changes nothing", async () => {
    const { store, claim } = await bench.claimed();
    const late = [row(1, { sentAt: 500 }), row(2, { sentAt: 700 })];
    const ids = (await store.journal.admit(claim, late, "catchup", 1000)) as number[];
    expect((await store.journal.caughtUp("default", 499.5, 699.5)).map(({ id }) => id)).toEqual([ids[0]]);
    await store.journal.decide(claim, ids[0]!, drop, 1000);
    expect(await store.journal.forget(1000.5)).toBe(1);
    expect((await store.journal.list({ limit: 9 })).map((entry) => entry.row.text)).toEqual(["text 2", ""]);
    expect(await store.events.forget(1000.5)).toBe(0);
  });
}
