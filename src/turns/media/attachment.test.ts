import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { row } from "../../../test/contract/store/bench.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { fileAt } from "../../../test/support/file-at.js";
import { png, pngOf, put } from "../../../test/support/sample-files.js";
import type { BridgeReader, RemoteFiles } from "../../bridge/index.js";
import { parseConfig, resolveAccount } from "../../config/index.js";
import type { Attachment, MessageRow } from "../../conversation/index.js";
import { err, ok, TapbackError } from "../../platform/index.js";
import type { JournalEntry } from "../../store/index.js";
import { openAttachment } from "./attachment.js";

let folder: string;
let inside: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "attachment-")));
  inside = join(folder, "Attachments");
  mkdirSync(join(folder, "tmp"));
  vi.stubEnv("TMPDIR", join(folder, "tmp"));
});
afterEach(() => {
  // Whatever became of it, no copy is left.
  expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Opens a file of a message for somebody who may read that. @param shown what the Mac's history shows by now */
async function opened(
  attachments: Attachment[],
  index = 0,
  { imessage = {}, files, shown = [] }: { imessage?: object; files?: RemoteFiles; shown?: MessageRow[] } = {},
) {
  const settings = { includeAttachments: true, attachmentRoots: [inside], mediaMaxMb: 1, ...imessage };
  const parsed = await parseConfig(JSON.stringify({ channels: { imessage: settings } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const account = resolveAccount(parsed.value.config, "default")!;
  const bridge = {
    ...{ state: "live", history: async () => shown },
    ...(files && { files }),
  } as unknown as BridgeReader & { files?: RemoteFiles };
  const entry = { row: row(5, { attachments }), receivedAt: 0 } as unknown as JournalEntry;
  const surroundings = { home: folder, env: {} };
  const file = await openAttachment(entry, index, { account, bridge, surroundings, clock: new FakeClock() });
  if (!file) return file;
  const { content, ...facts } = file;
  // Nothing of it lies anywhere by the time that it is read.
  expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  return { ...facts, content: Buffer.from(await new Response(content).arrayBuffer()) };
}

/** The code of why it is not given; it names no path. */
const refusal = (given: Promise<unknown>) =>
  given.then(
    () => "given",
    (error: TapbackError) => {
      expect(`${error.message} ${error.hint}`).not.toContain(folder);
      return error.code;
    },
  );

describe("a file of a message, for who may read that (behaviour 7.2, 7.3)", () => {
  it("is the one of that number, under a harmless name, of the type that its content shows", async () => {
    const first = fileAt(put(inside, "a.txt", "first"), { mimeType: "text/plain" });
    const second = fileAt(put(inside, "b", png), { name: "../b\n.png", mimeType: "application/pdf" });
    expect(await opened([first, second])).toEqual({
      ...{ name: "a.txt", mimeType: "text/plain", bytes: 5, content: Buffer.from("first") },
    });
    const picture = await opened([first, second], 1);
    expect(picture).toMatchObject({ mimeType: "image/png", bytes: png.length, content: png });
    expect(picture!.name).not.toMatch(/[/\n]/);
    const nameless = fileAt(put(inside, "c.png", png), { name: "" });
    expect((await opened([nameless]))!.name).toBe("c.png");
    expect(await opened([first, second], 2)).toBeUndefined();
    expect(await opened([])).toBeUndefined();
  });

  it("is a recording where Apple says so and the container does not", async () => {
    const general = Buffer.concat([Buffer.from("00000014", "hex"), Buffer.from("ftypmp42\0\0\0\0mp42")]);
    const memo = fileAt(put(inside, "memo", general), { mimeType: "", uti: "com.apple.m4a-audio" });
    expect((await opened([memo]))!.mimeType).toBe("audio/mp4");
    const film = fileAt(put(inside, "film", general), { mimeType: "", uti: "public.mpeg-4" });
    expect((await opened([film]))!.mimeType).toBe("video/mp4");
  });

  it("is the one that came meanwhile, and is not waited for", async () => {
    const late = fileAt(put(inside, "a.png", png), { missing: true });
    expect(await refusal(opened([late]))).toBe("MEDIA_MISSING");
    const here = row(5, { attachments: [{ ...late, missing: false }] });
    expect((await opened([late], 0, { shown: [here] }))!.content).toEqual(png);
  });

  it("is not given where the account takes none in, nor what is not there, empty or elsewhere", async () => {
    const good = fileAt(put(inside, "a.png", png));
    expect(await refusal(opened([good], 0, { imessage: { includeAttachments: false } }))).toBe("MEDIA_OFF");
    expect(await refusal(opened([{ ...good, path: "" }]))).toBe("MEDIA_MISSING");
    expect(await refusal(opened([fileAt(join(inside, "gone.png"))]))).toBe("MEDIA_MISSING");
    expect(await refusal(opened([fileAt(put(inside, "none", ""))]))).toBe("MEDIA_EMPTY");
    expect(await refusal(opened([fileAt(put(folder, "secret", "secret"))]))).toBe("MEDIA_OUTSIDE_ROOTS");
  });

  it("is as large as the account takes, by what is said of it and by what it is", async () => {
    const mb = 1024 * 1024;
    const said = fileAt(put(inside, "a.png", png), { bytes: mb });
    expect((await opened([said]))!.bytes).toBe(png.length);
    expect(await refusal(opened([{ ...said, bytes: mb + 1 }]))).toBe("MEDIA_TOO_LARGE");
    const whole = fileAt(put(inside, "b.png", pngOf(mb)), { bytes: 5 });
    expect((await opened([whole]))!.bytes).toBe(mb);
    const more = fileAt(put(inside, "c.png", pngOf(mb + 1)), { bytes: 5 });
    expect(await refusal(opened([more]))).toBe("MEDIA_TOO_LARGE");
  });

  it("is fetched from the Mac that has it, and why it was not is told", async () => {
    const path = "/Users/kim/Library/Messages/Attachments/a.png";
    const mac = (fetched: "there" | "gone"): RemoteFiles =>
      ({
        locate: async (paths: string[]) => ok(paths),
        fetch: async (_: string, into: string) => {
          writeFileSync(into, png);
          return fetched === "there"
            ? ok(undefined)
            : err(new TapbackError("REMOTE_FILE_MISSING", `no ${path}`));
        },
      }) as unknown as RemoteFiles;
    expect((await opened([fileAt(path)], 0, { files: mac("there") }))!.content).toEqual(png);
    const gone = opened([fileAt(path)], 0, { files: mac("gone") });
    await expect(gone).rejects.toMatchObject({
      code: "REMOTE_FILE_MISSING",
      message: "the file could not be fetched",
    });
  });
});
