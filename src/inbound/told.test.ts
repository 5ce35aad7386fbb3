import { describe, expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage, groupMessage } from "../../test/support/message.js";
import type { MessageRow } from "../conversation/index.js";

const open = intakeBenches();
const mia = "+15550100123";
const pictureFile = {
  path: "/a/b.heic",
  name: "b.heic",
  mimeType: "image/heic",
  uti: "",
  bytes: 9,
  missing: false,
  isSticker: false,
};

/** A row of Mia's direct chat. */
const from = (bench: IntakeBench, change: Partial<MessageRow>) =>
  bench.row(directMessage({ from: mia }), change);

/** Hands rows to the intake, and waits until each is decided. @returns their fates */
async function receive(bench: IntakeBench, ...rows: MessageRow[]): Promise<string[]> {
  for (const row of rows) bench.intake.receive(row);
  const fates = () => Promise.all(rows.map(({ guid }) => bench.fate(guid)));
  await until(async () => {
    for (const fate of await fates()) expect(fate).toMatch(/^(in_turn|done)/);
  });
  return fates();
}

describe("what has no words", () => {
  it("is named for the agent", async () => {
    const bench = await open();
    const poll = { kind: "created", question: "Dinner?", options: [{ text: "Pizza" }, { text: "Sushi" }] };
    await receive(bench, from(bench, { text: "\ufffd", poll }));
    await receive(bench, from(bench, { text: "\ufffd", balloon: "a:b:com.example.Tickets" }));
    await receive(bench, from(bench, { text: "\ufffc", balloon: "a:b:com.apple.findmy.FindMyMessagesApp" }));
    const told = [
      '[Poll "Dinner?" with the options "Pizza", "Sushi"]',
      "[A card of the app com.example.Tickets; what it shows cannot be read here]",
      "[A location shared with Find My; what it shows cannot be read here]",
    ];
    expect(await bench.texts()).toEqual(told);
    expect((await bench.envelopes()).map(({ messages }) => messages[0]!.text)).toEqual(told);
  });

  it("is dropped with the true reason where nobody knows what it was", async () => {
    const bench = await open();
    const rows = [{ text: "\ufffd" }, { text: "", undecoded: true as const }, { text: "" }];
    expect(await receive(bench, ...rows.map((row) => from(bench, row)))).toEqual([
      "done drop unreadable",
      "done drop unreadable",
      "done drop empty",
    ]);
    expect(await bench.texts()).toEqual([]);
  });
});

describe("what a message answers", () => {
  const reply = async (bench: IntakeBench, parent: Partial<MessageRow> | undefined, quoted: object) => {
    const row = parent && from(bench, parent);
    if (row) await receive(bench, row);
    const guid = row?.guid ?? "UNSEEN";
    await receive(bench, from(bench, { text: "why?", threadGuid: guid, replyTo: { guid, ...quoted } }));
    const envelope = (await bench.envelopes()).at(-1)!;
    return [envelope.messages[0]!.replyTo, envelope.text];
  };

  it("is ours where its GUID says so, whatever imsg names as its sender", async () => {
    const bench = await open();
    const own = { fromMe: true, text: "On my way" };
    expect(await reply(bench, own, { text: "On my way", sender: mia })).toEqual([
      { guid: expect.any(String), text: "On my way", sender: "me" },
      '[Replying to your own message: "On my way"]\nwhy?',
    ]);
    expect((await reply(bench, { text: "hers" }, { text: "hers", sender: mia }))[0]).toMatchObject({
      sender: mia,
    });
  });

  it("has no sender in a direct chat where nobody here saw it", async () => {
    const bench = await open();
    expect(await reply(bench, undefined, { text: "old", sender: mia })).toEqual([
      { guid: "UNSEEN", text: "old" },
      '[Replying to: "old"]\nwhy?',
    ]);
    bench.now += 1000;
    // From 0.19.1 on own rows name the own address.
    expect((await reply(bench, undefined, { text: "old", sender: "bot@example.com" }))[0]).toMatchObject({
      sender: "me",
    });
  });

  it("is named where it has no words", async () => {
    const bench = await open();
    const picture = pictureFile;
    const quoted = async (parent: Partial<MessageRow> | undefined, text = "\ufffc") =>
      ((await reply(bench, parent, { text }))[0] as { text?: string }).text;
    expect(await quoted({ fromMe: true, text: "\ufffc", attachments: [picture] })).toBe("a picture, b.heic");
    expect(
      await quoted({ fromMe: true, text: "\ufffc", attachments: [{ ...picture, isSticker: true }] }),
    ).toBe("a sticker, b.heic");
    expect(await quoted({ text: "\ufffd", poll: { kind: "created", question: "Dinner?" } }, "")).toBe(
      '[Poll "Dinner?"]',
    );
    expect(await quoted(undefined)).toBe("a picture or another file");
  });
});

describe("a thread in which we answered", () => {
  it("is a mention, also for who answers somebody else in it", async () => {
    const bench = await open({ imessage: { groups: { "*": {} } } });
    const inGroup = (change: Partial<MessageRow>) => bench.row(groupMessage({ from: mia }), change);
    const root = inGroup({ text: "Saturday?" });
    await receive(bench, root, inGroup({ fromMe: true, text: "Sunday", threadGuid: root.guid }));
    const later = inGroup({ text: "fine", threadGuid: root.guid, replyTo: { guid: root.guid } });
    const elsewhere = inGroup({ text: "and?", threadGuid: "OTHER", replyTo: { guid: "OTHER" } });
    await receive(bench, later, elsewhere);
    const gates = async ({ guid }: MessageRow) =>
      (await bench.store.journal.findByGuid(guid))!.decision!.gates.find(({ gate }) => gate === "mention")
        ?.detail;
    expect(await gates(later)).toMatch(/in a thread in which we answered/);
    expect(await gates(elsewhere)).not.toMatch(/thread/);
  });
});

describe("a tapback in words", () => {
  it("is a note where its message is known, and a message where it is not", async () => {
    const bench = await open();
    await receive(bench, from(bench, { fromMe: true, text: "On my way" }));
    expect(await receive(bench, from(bench, { text: "Liked “On my way”" }))).toEqual([
      "done context tapback",
    ]);
    for (const text of ["Loved “Dune”", "Liked “On my way” too"])
      expect(await receive(bench, from(bench, { text }))).toEqual(["in_turn dispatch"]);
    expect((await bench.envelopes()).flatMap(({ notes }) => notes)).toEqual([
      '+15550100123 liked "On my way"',
    ]);
  });

  it("is a note that names what has no words, and a sticker too", async () => {
    const bench = await open();
    const picture = from(bench, { fromMe: true, text: "\ufffc", attachments: [pictureFile] });
    await receive(bench, picture);
    await receive(bench, from(bench, { text: "Loved an image" }));
    const sticker = { kind: "sticker", emoji: "", added: true, targetGuid: picture.guid };
    await receive(bench, from(bench, { text: "\ufffc", tapback: sticker }));
    await receive(bench, from(bench, { text: "and?" }));
    expect((await bench.envelopes()).at(-1)!.notes).toEqual([
      "+15550100123 loved a picture",
      "+15550100123 put a sticker on a picture",
    ]);
  });
});

describe("an edit or an unsend of a message that was handled", () => {
  it("is a note of the next turn, never a turn, when it is reported again", async () => {
    const bench = await open();
    const said = from(bench, { text: "at 5?" });
    await receive(bench, said);
    for (const text of ["at 5?", "at 6?", "at 6?", "at 7?", ""]) bench.intake.receive({ ...said, text });
    await until(async () => expect(await bench.fate(`${said.guid}#3`)).toBe("done context taken_back"));
    await receive(bench, from(bench, { text: "and?" }));
    expect(await bench.texts()).toEqual(["at 5?", "and?"]);
    const notes = [
      '+15550100123 edited "at 5?" to "at 6?"',
      '+15550100123 edited "at 6?" to "at 7?"',
      '+15550100123 took back "at 7?"',
    ];
    expect((await bench.envelopes()).map((envelope) => envelope.notes)).toEqual([[], notes]);
    await receive(bench, from(bench, { text: "so?" }));
    expect((await bench.envelopes()).at(-1)!.notes).toEqual([]);
  });

  it("is found in the history where imsg reports none", async () => {
    const bench = await open();
    const said = from(bench, { text: "at 5?" });
    await receive(bench, said);
    bench.bridge.rows = [{ ...said, text: "at 6?" }];
    await receive(bench, from(bench, { text: "and?" }));
    expect((await bench.envelopes()).at(-1)!.notes).toEqual(['+15550100123 edited "at 5?" to "at 6?"']);
  });

  it("comes with the turn after it where the history answers late", async () => {
    const bench = await open();
    const said = from(bench, { text: "at 5?" });
    await receive(bench, said);
    let answer = (_: (typeof said)[]) => {};
    bench.bridge.history = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    await receive(bench, from(bench, { text: "and?" }));
    expect((await bench.envelopes()).at(-1)!.notes).toEqual([]);
    answer([{ ...said, text: "at 6?" }]);
    await until(async () => expect(await bench.fate(`${said.guid}#1`)).toBe("done context edited"));
    await receive(bench, from(bench, { text: "so?" }));
    expect((await bench.envelopes()).at(-1)!.notes).toEqual(['+15550100123 edited "at 5?" to "at 6?"']);
  });

  it("answers no question, lets nobody in, and is not told of strangers and of refused messages", async () => {
    const bench = await open({ imessage: { dmPolicy: "pairing", allowFrom: [] } });
    const said = from(bench, { text: "hello" });
    expect(await receive(bench, said)).toEqual(["done pairing pairing_offered"]);
    bench.intake.receive({ ...said, text: "let me in" });
    expect(await receive(bench, from(bench, { text: "hello?" }))).toEqual(["done pairing pairing_pending"]);
    expect(await bench.fate(`${said.guid}#1`)).toBe("unknown");
  });
});
