import { describe, expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage, groupChat, groupMessage } from "../../test/support/message.js";

const open = intakeBenches();
const coalesceMs = 500;
const url = "https://example.com/article";
const balloon = "com.apple.messages.URLBalloonProvider";

const dm = (bench: IntakeBench, text: string, change = {}) =>
  bench.row(directMessage({ destination: "bot@example.com" }), { text, ...change });
const receive = (bench: IntakeBench, ...rows: ReturnType<typeof dm>[]) => {
  for (const row of rows) bench.intake.receive(row);
};
const gets = (bench: IntakeBench, texts: string[]) =>
  until(async () => expect(await bench.texts()).toEqual(texts));

describe("the scenarios of split sends", () => {
  it("a command and its link are two turns without the flag, and one with it", async () => {
    const off = await open();
    receive(off, dm(off, "Dump"), dm(off, url, { balloon }));
    await gets(off, ["Dump", url]);
    const on = await open({ coalesceMs });
    const first = dm(on, "Dump");
    receive(on, first);
    await until(async () => expect(await on.fate(first.guid)).toBe("decided dispatch"));
    receive(on, dm(on, url, { balloon, sentAt: on.now + 900 }));
    await gets(on, [`Dump ${url}`]);
    expect((await on.envelopes())[0]!.coalescedMessageGuids).toHaveLength(2);
  });

  it("a link that its sentence has already is not said twice", async () => {
    const bench = await open({ coalesceMs });
    receive(bench, dm(bench, `Look (${url}).`), dm(bench, "at"), dm(bench, `${url}/`, { balloon }));
    await gets(bench, [`Look (${url}).\nat`]);
  });

  it("text and picture are one turn with both", async () => {
    const bench = await open({ coalesceMs, imessage: { includeAttachments: true } });
    const attachments = [
      {
        path: "/a.jpg",
        name: "a.jpg",
        mimeType: "image/jpeg",
        uti: "",
        bytes: 1,
        missing: false,
        isSticker: false,
      },
    ];
    receive(bench, dm(bench, "Save this"), dm(bench, "\ufffc", { attachments }));
    // The picture adds no text, so the turn says the same before it has joined.
    await until(async () => expect((await bench.envelopes())[0]?.messages).toHaveLength(2));
    expect(await bench.texts()).toEqual(["Save this"]);
  });

  it("a turn is an owner's when each of its messages came over a service that is trusted", async () => {
    const imessage = { dmPolicy: "allowlist", allowFrom: ["+15550100123"] };
    for (const [service, isOwner] of [
      ["iMessage", true],
      ["SMS", false],
    ] as const) {
      const bench = await open({ coalesceMs, imessage });
      const { chat } = directMessage({ service });
      receive(bench, dm(bench, "one", { chat }), dm(bench, "two"));
      await gets(bench, ["one\ntwo"]);
      expect((await bench.envelopes())[0]!.sender).toMatchObject({ isOwner });
    }
  });

  it("a command alone is carried out once, and what follows it is a turn of its own", async () => {
    const bench = await open({ coalesceMs });
    receive(bench, dm(bench, "/status"), dm(bench, "and then this"));
    await gets(bench, ["and then this"]);
    expect(bench.commands).toEqual(["status"]);
    receive(bench, dm(bench, "/stop"));
    await until(() => expect(bench.commands).toEqual(["status", "stop"]));
  });

  it("a link alone waits for nothing, and its second row counts once", async () => {
    const bench = await open({ coalesceMs: 60_000 });
    receive(bench, dm(bench, url));
    await gets(bench, [url]);
    const second = dm(bench, url, { balloon, sentAt: bench.now + 1000 });
    receive(bench, second);
    await until(async () => expect(await bench.fate(second.guid)).toBe("done drop repeated_text"));
    expect(await bench.texts()).toEqual([url]);
  });

  it("what was written minutes apart stays apart, also when it is reported in one go", async () => {
    const bench = await open({ coalesceMs });
    receive(bench, dm(bench, "Dump"), dm(bench, url, { sentAt: bench.now + 180_000 }));
    await gets(bench, ["Dump", url]);
  });

  it("a flood is one turn with the first ones and the latest, and knows every source", async () => {
    const bench = await open({ coalesceMs });
    const rows = Array.from({ length: 25 }, (_, index) => dm(bench, `part ${index}`));
    receive(bench, ...rows);
    // On a busy machine the last ones may join the turn while it waits.
    const guids = rows.map(({ guid }) => guid);
    await until(async () =>
      expect((await bench.envelopes()).map((turn) => turn.coalescedMessageGuids)).toEqual([guids]),
    );
    const { messages } = (await bench.envelopes())[0]!;
    expect(messages.map(({ text }) => text)).toEqual([
      ...Array.from({ length: 9 }, (_, index) => `part ${index}`),
      "part 24",
    ]);
  });

  it("long texts are cut with a mark, never within a character", async () => {
    const bench = await open({ coalesceMs });
    receive(bench, dm(bench, "🎉".repeat(1500)), dm(bench, `x${"🎈".repeat(1500)}`));
    await until(async () => expect(await bench.texts()).toHaveLength(1));
    const [text] = await bench.texts();
    expect(text!.length).toBeLessThanOrEqual(4000);
    expect(text!.length).toBeGreaterThan(3990);
    expect(text).toMatch(/…\[truncated\]$/);
    expect(text).not.toMatch(/\p{Surrogate}/u);
  });

  it("groups are never merged, nor threads that the configuration treats as groups", async () => {
    const bench = await open({ coalesceMs, imessage: { groups: { "88": {}, "7": {} } } });
    const group = groupMessage();
    const groupish = { ...groupChat(7), isGroup: false };
    receive(bench, bench.row(group, { text: "one" }), bench.row(group, { text: "two" }));
    receive(bench, dm(bench, "three", { chat: groupish }), dm(bench, "four", { chat: groupish }));
    await gets(bench, ["one", "two", "three", "four"]);
  });

  it("what imsg folded is one message, and its preview is not taken for another one later", async () => {
    const bench = await open({ coalesceMs });
    const preview = { rowId: 7, guid: "PREVIEW" };
    receive(bench, dm(bench, `Dump ${url}`, { preview }));
    await gets(bench, [`Dump ${url}`]);
    expect((await bench.envelopes())[0]!.coalescedMessageGuids).toContain("PREVIEW");
    receive(bench, dm(bench, url, { guid: "PREVIEW", balloon, sentAt: bench.now + 900 }));
    await until(async () => expect(await bench.fate("PREVIEW")).toBe("done drop reinserted"));
  });
});

describe("a bucket", () => {
  it("counts the same text once", async () => {
    const bench = await open({ coalesceMs });
    receive(
      bench,
      dm(bench, "yes"),
      dm(bench, " yes\ufffc", { sentAt: bench.now + 500 }),
      dm(bench, "please"),
    );
    await gets(bench, ["yes\nplease"]);
    expect((await bench.envelopes())[0]!.messages).toHaveLength(2);
  });

  it("loses nothing over a crash between its rows, and answers nothing twice", async () => {
    const bench = await open({ coalesceMs: 60_000 });
    const [first, second] = [dm(bench, "Dump"), dm(bench, url, { balloon, sentAt: bench.now + 900 })];
    receive(bench, first);
    await until(async () => expect(await bench.fate(first.guid)).toBe("decided dispatch"));
    const dead = bench.intake;
    await bench.start();
    expect(await bench.texts()).toEqual([]);
    receive(bench, first, second);
    await until(async () => expect(await bench.fate(second.guid)).toBe("decided dispatch"));
    await bench.intake.stop();
    await gets(bench, [`Dump ${url}`]);
    await dead.stop();
    expect(await bench.texts()).toEqual([`Dump ${url}`]);
  });

  it("does not repeat a link whose second row comes after a crash", async () => {
    const bench = await open({ coalesceMs: 60_000 });
    receive(bench, dm(bench, url));
    await gets(bench, [url]);
    await bench.intake.stop();
    await bench.start();
    const second = dm(bench, url, { balloon, sentAt: bench.now + 900 });
    receive(bench, second);
    await until(async () => expect(await bench.fate(second.guid)).toBe("done drop repeated_text"));
  });

  it("is not disturbed when a person has another row run again meanwhile", async () => {
    const bench = await open({ coalesceMs: 300 });
    const late = dm(bench, "late", { sentAt: bench.now - 3_600_000 });
    receive(bench, late);
    await until(async () => expect(await bench.fate(late.guid)).toBe("done drop backlog"));
    const waiting = dm(bench, "waiting");
    receive(bench, waiting);
    await until(async () => expect(await bench.fate(waiting.guid)).toBe("decided dispatch"));
    await bench.store.journal.reopen([(await bench.store.journal.findByGuid(late.guid))!.id], "retry");
    await until(async () => expect((await bench.texts()).sort()).toEqual(["late", "waiting"]));
    expect(await bench.fate(waiting.guid)).toBe("in_turn dispatch");
  });

  it("that is closed keeps its rows until its turn is open, whatever else is run again meanwhile", async () => {
    const bench = await open({ coalesceMs });
    receive(bench, dm(bench, "zero"));
    await gets(bench, ["zero"]);
    bench.now += 2000;
    let looks = 0;
    // Before the turn, earlier messages are looked at again: this Mac does not answer.
    bench.bridge.history = () => new Promise(() => void looks++);
    receive(bench, dm(bench, "one"));
    await until(() => expect(looks).toBe(1));
    await bench.store.journal.reopen([], "retry");
    receive(bench, dm(bench, "two"));
    await gets(bench, ["zero", "one", "two"]);
    expect(await bench.runTurns()).toEqual(["zero", "one", "two"]);
  });

  it("loses nothing because one of its rows was taken out", async () => {
    const bench = await open({ coalesceMs });
    const [first, second] = [dm(bench, "Dump"), dm(bench, "please")];
    receive(bench, first, second);
    await until(async () => expect(await bench.fate(second.guid)).toBe("decided dispatch"));
    const { id } = (await bench.store.journal.findByGuid(first.guid))!;
    await bench.store.journal.complete(bench.claim, id, { replies: [] }, bench.now);
    await gets(bench, ["please"]);
  });
});
