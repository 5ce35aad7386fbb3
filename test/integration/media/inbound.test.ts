import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MediaLab } from "../../support/media-lab.js";
import { heads, png, pngOf } from "../../support/sample-files.js";

const mia = "+15550100123";
const megabyte = 1024 * 1024;
const lab = new MediaLab();
const { mac } = lab.gateway;

/** It is waited for while the tests below run. */
let purged: string;
beforeAll(async () => {
  await lab.startHere({ mediaMaxMb: 1 });
  const stored = mac.store(lab.file("purged.png", png));
  purged = mac.sendFiles("+15550100999", [{ ...stored, path: `${stored.path}.gone` }], "old one");
}, 30_000);
afterAll(() => lab.gateway.close());

describe("files that people send", () => {
  it("reach the agent as private copies that are gone after the turn", async () => {
    const guid = mac.sendFiles(mia, [lab.file("whiteboard.png", png)], "the whiteboard");
    const [picture] = await lab.filesOf(guid);
    expect(picture).toMatchObject({
      path: expect.stringMatching(/\/state\/turns\/[^/]+\/in\/1\/whiteboard\.png$/),
      mimeType: "image/png",
      bytes: png.length,
      read: png.length,
      name: "whiteboard.png",
      mode: "600",
      folder: "700",
    });
    expect(picture).not.toHaveProperty("note");
    const turns = join(lab.gateway.folder, "state/turns");
    await lab.gateway.until(() => !existsSync(picture!.path!) && readdirSync(turns).length === 0);
  });

  it("are typed by what they hold, not by what they are called", async () => {
    const guid = mac.sendFiles(mia, [
      lab.file("invoice.jpg", heads.pdf),
      lab.file("photo.pdf", heads.jpeg),
      lab.file("notes", "plain words"),
      lab.file("evil.png", "<script>alert(1)</script>"),
    ]);
    expect((await lab.filesOf(guid)).map(({ name, mimeType }) => [name, mimeType])).toEqual([
      ["invoice.jpg", "application/pdf"],
      ["photo.pdf", "image/jpeg"],
      ["notes.txt", "text/plain"],
      ["evil.png", "text/plain"],
    ]);
  });

  it("are taken up to mediaMaxMb and not a byte beyond; an empty one is named", async () => {
    const guid = mac.sendFiles(mia, [
      lab.file("empty.png", ""),
      lab.file("exact.png", pngOf(megabyte)),
      lab.file("over.png", pngOf(megabyte + 1)),
    ]);
    const [empty, exact, over] = await lab.filesOf(guid);
    expect(empty).toMatchObject({ name: "empty.png", note: "the file is empty" });
    expect(exact).toMatchObject({ bytes: megabyte, read: megabyte, mimeType: "image/png" });
    expect(over).toMatchObject({ note: "refused: larger than the 1 MB that are taken in" });
    expect([empty, over].some((file) => file && "path" in file)).toBe(false);
    expect(lab.logged("MEDIA_TOO_LARGE")).toHaveLength(1);
    const notes = async () =>
      JSON.parse((await lab.gateway.run("explain", guid, "--json")).stdout).turn.notes;
    await expect
      .poll(notes, { timeout: 10_000 })
      .toEqual([
        "MEDIA_EMPTY: empty.png: the file has no bytes",
        "MEDIA_TOO_LARGE: over.png: it is larger than mediaMaxMb, 1 MB",
      ]);
  });

  it("do not count as known where the database lies about their size", async () => {
    const stored = mac.store(lab.file("small.png", pngOf(megabyte + 1)));
    const guid = mac.sendFiles(mia, [{ ...stored, bytes: 10 }]);
    expect(await lab.filesOf(guid)).toMatchObject([{ note: expect.stringContaining("larger") }]);
  });

  it("are waited for while they download", async () => {
    mac.misbehave({ kind: "late-attachment", ms: 3000, times: 1 });
    const guid = mac.sendFiles("+15550100456", [lab.file("late.png", png)], "wait for it");
    expect(await lab.filesOf(guid)).toMatchObject([
      { name: "late.png", bytes: png.length, read: png.length },
    ]);
  });

  it("leave out link previews and the film of a Live Photo, and say what is a sticker", async () => {
    const guid = mac.sendFiles(mia, [
      lab.file("IMG_2041.jpg", heads.jpeg),
      lab.file("IMG_2041.MOV", heads.mov),
      lab.file("holiday.mov", heads.mov),
      lab.file("A1.pluginPayloadAttachment", "bplist00"),
      { ...mac.store(lab.file("wow.png", png)), sticker: true },
    ]);
    expect((await lab.filesOf(guid)).map(({ name, mimeType, note }) => [name, mimeType, note])).toEqual([
      ["IMG_2041.jpg", "image/jpeg", undefined],
      ["holiday.mov", "video/quicktime", undefined],
      ["wow.png", "image/png", "a sticker"],
    ]);
  });

  it("are at most twenty in one turn, and the agent hears of the rest", async () => {
    const files = Array.from({ length: 23 }, (_, i) => lab.file(`p${i}.png`, png));
    const guid = mac.sendFiles(mia, files, "all of them");
    const { envelope, looked } = await lab.turnOf(guid);
    expect(looked.map(({ name }) => name)).toEqual(files.slice(0, 20).map((path) => path.split("/").at(-1)));
    expect(envelope.notes).toEqual(["3 more files came than the 20 that one turn takes; they are left out"]);
  });

  it("become a note when they never come, and hold up nobody else meanwhile", async () => {
    expect(lab.turns().length).toBeGreaterThan(3);
    expect(await lab.filesOf(purged)).toMatchObject([
      { name: "purged.png", note: "the file has not arrived" },
    ]);
    expect(lab.logged("MEDIA_MISSING")).toHaveLength(1);
  });
});
