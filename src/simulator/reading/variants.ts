import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
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

/** The easier variant of a file, made in imsg's cache: the new kind's first bytes, then the file. {} when there is none. */
export function variantOf(path: string, uti: string): Record<string, string> {
  const kind = kinds[uti];
  if (kind === undefined) return {};
  const folder = expandHome("~/Library/Caches/imsg/converted-attachments");
  const made = join(folder, `${basename(path)}${kind.ending}`);
  if (!existsSync(made)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(made, Buffer.concat([Buffer.from(kind.head, "hex"), readFileSync(path)]));
  }
  return { converted_path: made, converted_mime_type: kind.mimeType };
}
