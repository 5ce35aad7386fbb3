import type { Attachment } from "./message.js";

/**
 * What a file is, as a sentence names it: a message that is answered, or has a tapback, is told by it where it has no words
 * (behaviour 5.5).
 */
export function fileKind({ isSticker, mimeType, uti, name }: Attachment): string {
  const type = mimeType.toLowerCase();
  if (isSticker) return "a sticker";
  if (uti === "public.vlocation" || type === "text/x-vlocation" || /\.loc\.vcf$/i.test(name))
    return "a location";
  if (uti === "public.vcard" || /^text\/(x-)?vcard$/.test(type) || /\.vcf$/i.test(name)) return "a contact";
  if (type.startsWith("image/") || /\.(heic|jpe?g|png|gif|webp)$/i.test(name)) return "a picture";
  if (type.startsWith("video/") || /\.(mov|mp4)$/i.test(name)) return "a video";
  // Messages records in CAF, and calls it so (protocol reference 4.7).
  if (type.startsWith("audio/") || uti === "com.apple.coreaudio-format" || /\.(caf|m4a)$/i.test(name))
    return "a recording";
  return "a file";
}
