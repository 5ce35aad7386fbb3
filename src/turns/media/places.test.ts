import { describe, expect, it } from "vitest";
import { parseConfig, resolveAccount } from "../../config/index.js";
import { mediaPlaces } from "./places.js";

const there = { home: "/Users/bot", env: {} };
const remote = {} as NonNullable<Parameters<typeof mediaPlaces>[3]>;

async function roots(imessage: object, onAnotherMac = false): Promise<readonly string[]> {
  const parsed = await parseConfig(JSON.stringify({ channels: { imessage } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const account = resolveAccount(parsed.value.config, "default")!;
  return mediaPlaces(account, there, "/tmp/x", onAnotherMac ? remote : undefined).source.roots;
}

describe("the folders that attachments are read from", () => {
  const attachments = "/Users/*/Library/Messages/Attachments";
  const stickers = "/Users/*/Library/Messages/StickerCache";

  it("are those of attachments and of stickers where nobody named any", async () => {
    expect(await roots({})).toEqual([attachments, stickers]);
    expect(await roots({}, true)).toEqual([attachments, stickers]);
    // Naming those of one machine says nothing of the other's.
    expect(await roots({ attachmentRoots: ["/srv/x"] }, true)).toEqual([attachments, stickers]);
  });

  it("are those that were named and no others, also where they name the default", async () => {
    expect(await roots({ attachmentRoots: [attachments] })).toEqual([attachments]);
    expect(await roots({ remoteAttachmentRoots: [attachments] }, true)).toEqual([attachments]);
    expect(await roots({ attachmentRoots: [] })).toEqual([]);
    expect(await roots({ accounts: { default: { attachmentRoots: ["/srv/x"] } } })).toEqual(["/srv/x"]);
  });

  it("are those of the Mac that has the files, for variants too", async () => {
    const parsed = await parseConfig("{}");
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const account = { ...resolveAccount(parsed.value.config, "default")!, mediaMaxMb: 7 };
    const variants = "Library/Caches/imsg/converted-attachments";
    const here = { roots: [attachments, stickers], maxMb: 7 };
    expect(mediaPlaces(account, there, "/tmp/x")).toStrictEqual({
      source: here,
      variants: { roots: [`/Users/bot/${variants}`], maxMb: 7 },
      ...{ folder: "/tmp/x", env: there.env },
    });
    expect(mediaPlaces(account, there, "/tmp/x", remote)).toStrictEqual({
      source: { ...here, remote },
      variants: { roots: [`/Users/*/${variants}`], maxMb: 7, remote },
      ...{ folder: "/tmp/x", env: there.env },
    });
  });
});
