import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeFileAtomic } from "../../platform/index.js";
import { expandHome } from "../world/place.js";

/** What imsg makes with ffmpeg: CAF as M4A, of a GIF its first picture (protocol reference 4.3). */
const kinds: Record<string, { ending: string; mimeType: string; head: string }> = {
  "com.apple.coreaudio-format": {
    ending: ".m4a",
    mimeType: "audio/mp4",
    head: "0000001c667479704d344120000000004d3441206d703432",
  },
  "com.compuserve.gif": { ending: ".png", mimeType: "image/png", head: "89504e470d0a1a0a" },
};

/** A folder of imsg's cache, where a gateway looks for variants, apart from what a real imsg keeps there. */
const variants = "~/Library/Caches/imsg/converted-attachments/simulator";

/**
 * The easier variant of a file, made once: the new kind's first bytes, then the file. It is named by the file's whole path, for
 * every voice message is an `Audio Message.caf` (protocol reference 4.7).
 * @returns {} for a kind that has none
 */
export function variantOf(path: string, uti: string): Record<string, string> {
  const kind = kinds[uti];
  if (kind === undefined) return {};
  const folder = expandHome(variants);
  const file = createHash("sha256").update(path).digest("hex").slice(0, 16);
  const made = join(folder, `${file}-${basename(path)}${kind.ending}`);
  if (!existsSync(made)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileAtomic(made, Buffer.concat([Buffer.from(kind.head, "hex"), readFileSync(path)]));
  }
  return { converted_path: made, converted_mime_type: kind.mimeType };
}
