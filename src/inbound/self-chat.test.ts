import { describe, expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directChat, directMessage } from "../../test/support/message.js";
import { LoopGuard, mostTurns, pauseMs } from "./loop-guard.js";

const open = intakeBenches();
const me = "me@example.com";
type Change = Parameters<typeof directMessage>[0];

const row = (bench: IntakeBench, text: string, change: Change = {}) =>
  bench.row(directMessage(change), { text, ...change });
/** A row of the chat with oneself. */
const own = (bench: IntakeBench, text: string, fromMe: boolean, change: Change = {}) =>
  row(bench, text, { from: me, chat: directChat(me), destination: me, fromMe, ...change });

async function fates(bench: IntakeBench, ...rows: ReturnType<typeof row>[]): Promise<string[]> {
  for (const one of rows) {
    bench.intake.receive(one);
    await until(async () => expect(await bench.fate(one.guid)).not.toMatch(/^(unknown|new)/));
  }
  return Promise.all(rows.map(({ guid }) => bench.fate(guid)));
}

/** Hands a message to the bridge. @returns its claim */
async function send(bench: IntakeBench, item: { text?: string; file?: string }) {
  await bench.store.outbox.add(
    "default",
    { target: { kind: "chat_id", chatId: 7 }, chatKey: "chat:7", origin: "turn", ...item },
    bench.now,
  );
  const [taken] = await bench.store.outbox.take(bench.claim, 1, bench.now);
  return taken!.claim;
}

describe("a chat with oneself", () => {
  it("answers what the person writes, once, whichever copy comes first", async () => {
    const bench = await open();
    expect(await fates(bench, own(bench, "hello", true), own(bench, "hello", false))).toEqual([
      "done drop own_message",
      "in_turn dispatch",
    ]);
    bench.now += 20_000;
    expect(await fates(bench, own(bench, "later", false), own(bench, "later", true))).toEqual([
      "in_turn dispatch",
      "done drop own_message",
    ]);
  });

  it("answers once also when both copies come with the wrong direction", async () => {
    const bench = await open();
    const second = own(bench, "hello", false, { sentAt: bench.now + 1500 });
    expect(await fates(bench, own(bench, "hello", false), second)).toEqual([
      "in_turn dispatch",
      "done drop reinserted",
    ]);
  });

  it("does not answer its own answer, in any shape of its two rows", async () => {
    const bench = await open();
    const claim = await send(bench, { text: "the answer" });
    await bench.store.outbox.settle(claim, { state: "stored", guid: "SENT", rowId: 900 }, bench.now);
    bench.now += 2000;
    expect(
      await fates(
        bench,
        own(bench, "the answer", true, { guid: "SENT", rowId: 900 }),
        own(bench, "the\u00a0answer ", false),
        own(bench, "+\u0001the answer", false),
      ),
    ).toEqual(["done drop echo", "done drop echo", "done drop echo"]);
  });

  it("gives rows of one burst that say the same to the sends in their order", async () => {
    const bench = await open();
    const sends = [await send(bench, { text: "ok" })];
    await bench.store.outbox.settle(sends[0]!, { state: "accepted" }, bench.now);
    sends.push(await send(bench, { text: "ok" }));
    const rows = [row(bench, "ok", { fromMe: true }), row(bench, "ok", { fromMe: true })];
    for (const one of rows) bench.intake.receive(one);
    await until(async () => expect(await bench.fate(rows[1]!.guid)).toBe("done drop echo"));
    const items = await bench.store.outbox.getAll(sends.map(({ id }) => Number(id)));
    expect(items.map(({ guid }) => guid)).toEqual(rows.map(({ guid }) => guid));
  });

  it("knows its own address from other rows when a row does not name it", async () => {
    const bench = await open();
    await fates(bench, row(bench, "hi", { destination: me }));
    const claim = await send(bench, { text: "ok" });
    await bench.store.outbox.settle(claim, { state: "stored", guid: "SENT", rowId: 900 }, bench.now);
    bench.now += 6000;
    const copy = own(bench, "ok", false);
    delete copy.destination;
    expect(await fates(bench, copy)).toEqual(["done drop echo"]);
  });
});

describe("a chat with oneself under an alias", () => {
  const alias = "+15550100999";
  /** A row of the alias' chat, which names another address of the account. */
  const ofAlias = (bench: IntakeBench, text: string, fromMe: boolean, change: Change = {}) =>
    row(bench, text, { from: alias, chat: directChat(alias), destination: me, fromMe, ...change });

  it("is answered once, although nobody knows the alias and the second row comes 2 s late", async () => {
    const bench = await open({ quietMs: 60_000 });
    const typed = ofAlias(bench, "hello", true);
    const second = ofAlias(bench, "hello", false, { sentAt: typed.sentAt + 2000 });
    expect(await fates(bench, typed, second)).toEqual(["done drop own_message", "in_turn dispatch"]);
    for (const answer of ["the answer", "ok"]) {
      const claim = await send(bench, { text: answer });
      const sent = ofAlias(bench, answer, true);
      await bench.store.outbox.settle(claim, { state: "stored", guid: sent.guid }, bench.now);
      bench.now += 2000;
      const copy = ofAlias(bench, answer, false);
      expect(await fates(bench, sent, copy)).toEqual(["done drop echo", "done drop echo"]);
      bench.now += 20_000;
    }
  });

  it("is not answered when the second row is the first to come", async () => {
    const bench = await open();
    const claim = await send(bench, { text: "the answer" });
    const sent = ofAlias(bench, "the answer", true);
    await bench.store.outbox.settle(claim, { state: "stored", guid: sent.guid }, bench.now);
    expect(await fates(bench, ofAlias(bench, "the answer", false), sent)).toEqual([
      "done drop echo",
      "done drop echo",
    ]);
  });

  it.each(["a row of long ago", "the list of chats"])("is known as one by %s", async (source) => {
    const bench = await open();
    if (source === "the list of chats")
      bench.intake.listed([{ ...directChat("+15550100123"), ownAddresses: [alias] }]);
    else {
      await fates(bench, row(bench, "hi", { destination: alias }));
      for (let more = 0; more < 210; more++) bench.intake.receive(row(bench, `later ${more}`));
      await until(async () => expect(await bench.store.journal.unfinished("default")).toEqual([]));
      await bench.intake.stop();
      await bench.start();
    }
    const claim = await send(bench, { text: "ok" });
    await bench.store.outbox.settle(claim, { state: "stored", guid: "SENT", rowId: 900 }, bench.now);
    bench.now += 8000;
    expect(await fates(bench, ofAlias(bench, "ok", false))).toEqual(["done drop echo"]);
  });
});

describe("the other chat of the same person", () => {
  const sms = { ...directChat("+15550100123", "SMS"), id: 9 };

  it("shows a send as ours, which keeps nobody quiet there", async () => {
    const bench = await open({ quietMs: 60_000 });
    await fates(bench, row(bench, "by iMessage"));
    const claim = await send(bench, { text: "the answer" });
    await bench.store.outbox.settle(claim, { state: "accepted" }, bench.now);
    const landed = row(bench, "the answer", { chat: sms, fromMe: true });
    expect(await fates(bench, landed, row(bench, "by SMS", { chat: sms }))).toEqual([
      "done drop echo",
      "in_turn dispatch",
    ]);
    expect(await bench.store.outbox.get(Number(claim.id))).toMatchObject({
      state: "stored",
      guid: landed.guid,
    });
  });

  it("is somebody else's when the person is", async () => {
    const bench = await open();
    await fates(bench, row(bench, "hi"));
    const claim = await send(bench, { text: "ok" });
    await bench.store.outbox.settle(claim, { state: "accepted" }, bench.now);
    const other = { ...directChat("+15550100456", "SMS"), id: 9 };
    expect(await fates(bench, row(bench, "ok", { from: "+15550100456", chat: other, fromMe: true }))).toEqual(
      ["done drop own_message"],
    );
  });
});

describe("a row of the gateway's own whose direction is wrong", () => {
  it("is recognised before its send was answered, by text or by file", async () => {
    const bench = await open({ imessage: { includeAttachments: true } });
    await send(bench, { text: "ok" });
    expect(await fates(bench, row(bench, "ok"))).toEqual(["done drop echo"]);
    const other = await open({ imessage: { includeAttachments: true } });
    await send(other, { file: "/tmp/plan.pdf" });
    const attachments = [
      { path: "", name: "plan.pdf", mimeType: "", uti: "", bytes: 1, missing: false, isSticker: false },
    ];
    expect(await fates(other, row(other, "\ufffc", { attachments }))).toEqual(["done drop echo"]);
  });

  it("is recognised as a second row of the same moment, while the person's own words are not", async () => {
    const bench = await open();
    const claim = await send(bench, { text: "ok" });
    await bench.store.outbox.settle(claim, { state: "stored", guid: "SENT", rowId: 900 }, bench.now);
    const first = row(bench, "ok", { guid: "SENT", rowId: 900, fromMe: true });
    const copy = row(bench, "ok", { sentAt: first.sentAt + 400 });
    const answer = row(bench, "ok", { sentAt: first.sentAt + 5000 });
    expect(await fates(bench, first, copy, answer)).toEqual([
      "done drop echo",
      "done drop echo",
      "in_turn dispatch",
    ]);
  });
});

describe("the loop guard", () => {
  it("stops a chat without new words, says so once, and lets go after a pause", async () => {
    const bench = await open();
    const results: string[] = [];
    for (let turn = 0; turn < mostTurns + 4; turn++) {
      bench.now += 1000;
      results.push(...(await fates(bench, row(bench, "Sorry, I did not get that."))));
    }
    expect(results.filter((fate) => fate === "in_turn dispatch")).toHaveLength(mostTurns + 2);
    expect(results.at(-1)).toBe("done drop loop_guard");
    expect(bench.loops).toHaveLength(1);
    bench.now += pauseMs + 1;
    expect(await fates(bench, row(bench, "Sorry, I did not get that."))).toEqual(["in_turn dispatch"]);
  });

  it("leaves a person alone who plays yes or no for two minutes", () => {
    const guard = new LoopGuard();
    const things = ["big", "red", "alive", "round", "old"];
    for (let turn = 0; turn < 40; turn++) {
      const at = turn * 3000;
      // The words come back, the question is another one each time.
      const question = `Is ${things[turn % 5]} or ${things[Math.floor(turn / 5) % 5]} what it is${turn < 25 ? "" : ", still"}?`;
      guard.hear(directMessage({ text: question, fromMe: true }), false, at);
      const answer = directMessage({ text: turn % 2 ? "yes" : "No." });
      expect(guard.hear(answer, true, at + 1500), question).toBe(false);
    }
  });

  it("stops short words that meet the same words", () => {
    const guard = new LoopGuard();
    const closed = Array.from({ length: mostTurns + 3 }, (_, turn) => {
      guard.hear(directMessage({ text: "ok", fromMe: true }), false, turn * 2000);
      return guard.hear(directMessage({ text: "ok" }), true, turn * 2000 + 1000);
    });
    expect(closed.indexOf(true)).toBeGreaterThan(0);
  });

  it("knows the words of both sides, and leaves people alone", () => {
    const guard = new LoopGuard();
    const hear = (text: string, at: number, answered = true) =>
      guard.hear(directMessage({ text, fromMe: !answered }), answered, at);
    hear("You said hello", 0, false);
    // An echo of our own words brings none that are new.
    const closed = Array.from({ length: mostTurns + 1 }, (_, turn) => hear("hello you said", turn + 1));
    expect(closed.indexOf(true)).toBe(mostTurns);
    const people = new LoopGuard();
    for (let turn = 0; turn < 50; turn++)
      expect(people.hear(directMessage({ text: `question ${turn}` }), true, turn * 1000)).toBe(false);
    // Slowly, the same words are no loop.
    for (let turn = 0; turn < 50; turn++)
      expect(people.hear(directMessage({ text: "good morning" }), true, 1e6 + turn * 86_400_000)).toBe(false);
  });
});
