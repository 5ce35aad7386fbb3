import { mkdirSync, readFileSync, realpathSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { Bench, dispatch, row, turn } from "../../../test/contract/store/bench.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { fileAt } from "../../../test/support/file-at.js";
import { rememberingLog } from "../../../test/support/inbound-bench.js";
import { heads, png, put } from "../../../test/support/sample-files.js";
import { chatOf } from "../../../test/support/send-bench.js";
import type { HistoryQuery } from "../../bridge/index.js";
import type { Envelope, EnvelopeAttachment, MessageRow } from "../../conversation/index.js";
import { openStore } from "../../store/index.js";
import { buildEnvelope } from "../envelope/envelope.js";
import type { Transcriber } from "../voice/transcribe.js";
import { readyMedia } from "./ready-media.js";

const stores = new Bench(openStore);
const mine = chatOf(7, "+15550100123");

/** A turn whose messages have files, in folders of which one may be read. */
async function handing(
  rowsOf: (roots: string) => Partial<MessageRow>[],
  { maxMb = 1, withFiles = true, waitMs = 0 } = {},
) {
  const { store, claim } = await stores.claimed();
  const clock = new FakeClock(1_000_000);
  const folder = realpathSync(stores.folder);
  const roots = join(folder, "Attachments");
  mkdirSync(roots);
  const ids: number[] = [];
  let rowId = 0;
  for (const change of rowsOf(roots)) {
    rowId += 1;
    const [id] = await store.journal.admit(
      claim,
      [row(rowId, { chat: mine, ...change })],
      "live",
      clock.now(),
    );
    await store.journal.decide(claim, id!, dispatch, clock.now());
    ids.push(id!);
  }
  const entries = await Promise.all(ids.map(async (id) => (await store.journal.get(id))!));
  const parts = { turnId: "t", sessionKey: "s", agentId: "main", accountId: "default", isGroup: false };
  const envelope = buildEnvelope({
    ...{ ...parts, isOwner: false, entries, context: [], notes: [], includeAttachments: true },
  });
  await store.turns.open(claim, { ...turn("t", "s"), envelope }, ids, [], clock.now());
  const queries: HistoryQuery[] = [];
  const entry = async (number: number) => (await store.journal.get(ids[number - 1]!))!;
  const lab = { state: "live" as const, rows: [] as MessageRow[], entry };
  const { log, lines } = rememberingLog();
  const bridge = {
    get state() {
      return lab.state;
    },
    history: async (query: HistoryQuery) => {
      queries.push(query);
      return lab.rows;
    },
  };
  const source = { roots: [roots], maxMb };
  const places = {
    source,
    variants: { roots: [join(folder, "Variants")], maxMb },
    folder: join(folder, "turn/in"),
  };
  const run = async (transcribe?: Transcriber) => {
    const stored = (await store.turns.get("t"))!;
    const deps = {
      ...{ store, clock, log, bridge, withFiles, transcribe },
      places: { ...places, env: { PATH: "" }, waitMs },
    };
    return readyMedia(stored, deps, new AbortController().signal);
  };
  return { store, clock, folder, roots, places, queries, lab, lines, run };
}

const filesOf = (envelope: Envelope): EnvelopeAttachment[] =>
  envelope.messages.flatMap(({ attachments }) => attachments);

describe("the files of a turn (behaviour 7)", () => {
  it.each<[string, Partial<MessageRow>[]]>([
    ["with the number of another one", [{ rowId: 1 }, { rowId: 1 }]],
    ["without a GUID", [{ guid: "" }, { guid: "" }]],
  ])("are those of their own message, also of one %s", async (_, changes) => {
    const { run } = await handing((roots) =>
      changes.map((change, index) => ({
        ...change,
        attachments: [fileAt(put(roots, `${index}.png`, png))],
      })),
    );
    const { envelope } = await run();
    expect(envelope.messages.map(({ attachments }) => attachments.map(({ name }) => name))).toEqual([
      ["0.png"],
      ["1.png"],
    ]);
  });

  it("are copied into its own folder, under their names, with the type that their content shows", async () => {
    const { run, places } = await handing((roots) => [
      {
        attachments: [
          fileAt(put(roots, "a/photo.png", png), { mimeType: "application/pdf" }),
          fileAt(put(roots, "b/noend", heads.pdf), { name: "paper" }),
        ],
      },
    ]);
    const { envelope, notes } = await run();
    expect(notes).toEqual([]);
    expect(filesOf(envelope)).toEqual([
      {
        path: join(places.folder, "1/photo.png"),
        mimeType: "image/png",
        bytes: png.length,
        name: "photo.png",
      },
      {
        path: join(places.folder, "2/paper.pdf"),
        mimeType: "application/pdf",
        bytes: heads.pdf.length,
        name: "paper.pdf",
      },
    ]);
    const [copy] = filesOf(envelope);
    expect(readFileSync(copy!.path!)).toEqual(png);
    expect(statSync(places.folder).mode & 0o777).toBe(0o700);
    expect(statSync(copy!.path!).mode & 0o077).toBe(0);
    // Another run begins anew.
    expect(filesOf((await run()).envelope)).toEqual(filesOf(envelope));
  });

  it("that may not be read, are too large, empty, or not there, become notes; the others stay", async () => {
    const { run, lines } = await handing((roots) => {
      const outside = put(join(roots, ".."), "secret.png", png);
      const link = join(roots, "link.png");
      symlinkSync(outside, link);
      mkdirSync(join(roots, "folder.png"));
      return [
        {
          attachments: [
            fileAt(outside),
            fileAt(link),
            fileAt(join(roots, "../secret.png")),
            fileAt("relative.png"),
            fileAt(join(roots, "folder.png")),
            fileAt(put(roots, "large.png", Buffer.alloc(1024 * 1024 + 1))),
            fileAt(put(roots, "told-large.png", png), { bytes: 1024 * 1024 + 1 }),
            fileAt(put(roots, "empty.png", "")),
            fileAt(join(roots, "gone.png")),
            fileAt("", { name: "cloud.png", missing: true }),
            fileAt(put(roots, "good.png", png)),
          ],
        },
      ];
    });
    const { envelope, notes } = await run();
    const files = filesOf(envelope);
    const outsideNote = "refused: it lies outside the folders that attachments may come from";
    const large = "refused: larger than the 1 MB that are taken in";
    expect(files.map(({ note }) => note)).toEqual([
      ...[outsideNote, outsideNote, outsideNote, outsideNote],
      "refused: it is no plain file",
      ...[large, large],
      "the file is empty",
      ...["the file has not arrived", "the file has not arrived"],
      undefined,
    ]);
    expect(files.map(({ path }) => path !== undefined)).toEqual([...Array(10).fill(false), true]);
    expect(notes).toHaveLength(10);
    expect(notes[0]).toBe("MEDIA_OUTSIDE_ROOTS: secret.png: it lies outside attachmentRoots");
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe("warn: an attachment is not handed to the agent: it lies outside attachmentRoots");
    // The agent is told no path and no key.
    expect(JSON.stringify(files.slice(0, 10))).not.toContain("Attachments");
  });

  it("of an exact size that is allowed are taken in", async () => {
    const { run } = await handing((roots) => [
      { attachments: [fileAt(put(roots, "a.png", Buffer.alloc(1024 * 1024, 1)), { bytes: 1024 * 1024 })] },
    ]);
    expect(filesOf((await run()).envelope)[0]!.path).toBeDefined();
  });

  it("are twenty at most; how many were left out is told", async () => {
    const { run } = await handing((roots) => [
      { attachments: Array.from({ length: 15 }, (_, n) => fileAt(put(roots, `a${n}.png`, png))) },
      { attachments: Array.from({ length: 8 }, (_, n) => fileAt(put(roots, `b${n}.png`, png))) },
    ]);
    const { envelope } = await run();
    expect(filesOf(envelope).filter(({ path }) => path !== undefined)).toHaveLength(20);
    expect(envelope.notes).toEqual(["3 more files came than the 20 that one turn takes; they are left out"]);
  });

  it("of a message that is answered come with it, and the film of a Live Photo does not", async () => {
    const { run } = await handing((roots) => [
      {
        attachments: [
          fileAt(put(roots, "IMG_1.jpeg", heads.jpeg), { mimeType: "image/jpeg" }),
          fileAt(put(roots, "IMG_1.MOV", heads.mov), { mimeType: "video/quicktime" }),
          fileAt(put(roots, "IMG_2.MOV", heads.mov), { mimeType: "video/quicktime" }),
        ],
      },
      { replyTo: { guid: "GUID-1", text: "x" } },
    ]);
    const { envelope } = await run();
    const [, answering] = envelope.messages;
    expect(envelope.messages[0]!.attachments.map(({ name }) => name)).toEqual(["IMG_1.jpeg", "IMG_2.MOV"]);
    expect(answering!.replyTo!.attachments!.map(({ name }) => name)).toEqual(["IMG_1.jpeg", "IMG_2.MOV"]);
  });

  it("of a message that is answered do not come where no files are taken in", async () => {
    const { run } = await handing(
      (roots) => [
        { attachments: [fileAt(put(roots, "a.png", png))] },
        { replyTo: { guid: "GUID-1", text: "x" } },
      ],
      { withFiles: false },
    );
    expect((await run()).envelope.messages[1]!.replyTo).toEqual({ guid: "GUID-1", text: "x" });
  });

  it("say what cannot be seen from them", async () => {
    const { run } = await handing((roots) => [
      {
        text: "what was said",
        attachments: [
          fileAt(put(roots, "Audio Message.caf", heads.caf), { mimeType: "audio/x-caf" }),
          fileAt(put(roots, "s.png", png), { isSticker: true }),
        ],
      },
      {
        text: "",
        attachments: [fileAt(put(roots, "Audio Message.m4a", heads.m4a), { mimeType: "audio/mp4" })],
      },
      { text: "", attachments: [fileAt(put(roots, "b.heic", heads.heic), { mimeType: "image/heic" })] },
    ]);
    expect(filesOf((await run()).envelope).map(({ note, mimeType }) => [mimeType, note])).toEqual([
      [
        "audio/x-caf",
        "a voice message; the text is its transcription; no program here turns it into a common format",
      ],
      ["image/png", "a sticker"],
      ["audio/mp4", "a voice message without a transcription"],
      ["image/heic", "no program here turns it into a common format"],
    ]);
  });

  it("are taken in the easier form that imsg made, where that may be read and is one", async () => {
    const { run, places } = await handing((roots) => {
      const variants = join(roots, "../Variants");
      const heic = (name: string, path: string) =>
        fileAt(put(roots, name, heads.heic), {
          mimeType: "image/heic",
          converted: { path, mimeType: "image/jpeg" },
        });
      return [
        {
          attachments: [
            heic("good.heic", put(variants, "good.jpeg", heads.jpeg)),
            heic("outside.heic", put(join(roots, ".."), "outside.jpeg", heads.jpeg)),
            heic("same.heic", put(variants, "same.heic", heads.heic)),
            heic("empty.heic", put(variants, "empty.jpeg", "")),
          ],
        },
      ];
    });
    const files = filesOf((await run()).envelope);
    expect(files[0]).toEqual({
      ...{ path: join(places.folder, "1/good.jpg"), mimeType: "image/jpeg", bytes: heads.jpeg.length },
      name: "good.jpg",
    });
    expect(files.slice(1).map(({ mimeType }) => mimeType)).toEqual(Array(3).fill("image/heic"));
  });
});

describe("what is said in recordings (behaviour 18.6)", () => {
  const heard: Transcriber = async ({ recording }) => ({
    ok: true,
    words: `words of ${basename(recording)}`,
  });

  it("stands in the texts, as the words of a message without any and below those of others", async () => {
    const { run, lines } = await handing((roots) => [
      { text: "\ufffc", attachments: [fileAt(put(roots, "a.amr", "#!AMR\n."), { mimeType: "", uti: "" })] },
      {
        text: "\ufffclisten",
        attachments: [fileAt(put(roots, "b.m4a", heads.m4a), { mimeType: "", uti: "" })],
        replyTo: { guid: "GUID-1" },
      },
      { text: "and this", attachments: [fileAt(put(roots, "c.png", png))] },
    ]);
    const { envelope, notes } = await run(heard);
    expect([notes, lines]).toEqual([[], []]);
    expect(envelope.messages.map(({ text }) => text)).toEqual([
      "words of a.amr",
      "listen\n[said in b.m4a: words of b.m4a]",
      "and this",
    ]);
    expect(envelope.text.split("\n").slice(0, 1)).toEqual(["words of a.amr"]);
    expect(envelope.text).toContain("listen\n[said in b.m4a: words of b.m4a]\nand this");
    expect(envelope.messages[1]!.replyTo).toMatchObject({ guid: "GUID-1", text: "words of a.amr" });
    expect(filesOf(envelope).map(({ mimeType, note }) => [mimeType, note])).toEqual([
      ["audio/amr", "a recording; the text is its transcription"],
      ["audio/mp4", "a recording; the text ends with its transcription"],
      ["image/png", undefined],
    ]);
  });

  it("is asked of nobody where Messages wrote it down, also a moment later", async () => {
    const { run, lab } = await handing((roots) => {
      const file = () => fileAt(put(roots, "Audio Message.m4a", heads.m4a), { mimeType: "audio/mp4" });
      return [
        { text: "at once", attachments: [file()] },
        { text: "\ufffc", attachments: [file()] },
      ];
    });
    const never: Transcriber = async () => {
      throw new Error("asked");
    };
    lab.rows = [row(2, { chat: mine, text: "a moment later", attachments: [fileAt("/x")] })];
    lab.rows[0]!.attachments = (await lab.entry(2)).row.attachments;
    const { envelope } = await run(never);
    expect(envelope.messages.map(({ text }) => text)).toEqual(["at once", "a moment later"]);
    expect(envelope.text).toBe("at once\na moment later");
    expect(filesOf(envelope).map(({ note }) => note)).toEqual(
      Array(2).fill("a voice message; the text is its transcription"),
    );
  });

  it("stays out where the program fails, and says why; the turn has all else", async () => {
    const { run, lines } = await handing((roots) => [
      { text: "", attachments: [fileAt(put(roots, "Audio Message.m4a", heads.m4a), { mimeType: "" })] },
    ]);
    const { envelope, notes } = await run(async () => ({
      ok: false,
      detail: "hear ended with 3: no model",
      brief: "the program failed",
    }));
    expect(envelope.text).toBe("[voice message, no transcript: the program failed]");
    expect(envelope.messages[0]!.text).toBe(envelope.text);
    expect(filesOf(envelope)).toMatchObject([
      { path: expect.any(String), note: "a voice message without a transcription" },
    ]);
    expect(notes).toEqual(["TRANSCRIBE_FAILED: Audio Message.m4a: hear ended with 3: no model"]);
    expect(lines.join()).toContain("a recording stays without words: hear ended with 3: no model");
  });

  it("is asked of no file that may not be read", async () => {
    const { run } = await handing((roots) => [
      { attachments: [fileAt(put(join(roots, ".."), "a.caf", heads.caf), { mimeType: "audio/x-caf" })] },
    ]);
    const { envelope } = await run(heard);
    expect(filesOf(envelope)).toMatchObject([{ note: expect.stringContaining("refused") }]);
    expect(envelope.text).not.toContain("words of");
  });
});
