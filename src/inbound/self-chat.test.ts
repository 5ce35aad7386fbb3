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
