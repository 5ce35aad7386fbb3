/** What a file is. */
export interface FileType {
  mimeType: string;
  /** The ending that such files have, with its dot. */
  ending: string;
}

/** How many bytes from the start of a file are enough to tell its type. */
export const headBytes = 4096;

const signatures: [start: string, type: FileType][] = [
  ["\x89PNG\r\n\x1a\n", { mimeType: "image/png", ending: ".png" }],
  ["\xff\xd8\xff", { mimeType: "image/jpeg", ending: ".jpg" }],
  ["GIF87a", { mimeType: "image/gif", ending: ".gif" }],
  ["GIF89a", { mimeType: "image/gif", ending: ".gif" }],
  ["II*\0", { mimeType: "image/tiff", ending: ".tiff" }],
  ["MM\0*", { mimeType: "image/tiff", ending: ".tiff" }],
  ["%PDF-", { mimeType: "application/pdf", ending: ".pdf" }],
  ["caff", { mimeType: "audio/x-caf", ending: ".caf" }],
  ["ID3", { mimeType: "audio/mpeg", ending: ".mp3" }],
  ["#!AMR", { mimeType: "audio/amr", ending: ".amr" }],
  ["OggS", { mimeType: "audio/ogg", ending: ".ogg" }],
  ["fLaC", { mimeType: "audio/flac", ending: ".flac" }],
  ["\x1aE\xdf\xa3", { mimeType: "video/webm", ending: ".webm" }],
  ["\x1f\x8b\x08", { mimeType: "application/gzip", ending: ".gz" }],
  ["{\\rtf", { mimeType: "application/rtf", ending: ".rtf" }],
  ["BEGIN:VCARD", { mimeType: "text/vcard", ending: ".vcf" }],
  ["BEGIN:VCALENDAR", { mimeType: "text/calendar", ending: ".ics" }],
];
/** RIFF and AIFF say at the ninth byte what they hold. */
const chunked: Record<string, FileType> = {
  "RIFF WEBP": { mimeType: "image/webp", ending: ".webp" },
  "RIFF WAVE": { mimeType: "audio/wav", ending: ".wav" },
  "RIFF AVI ": { mimeType: "video/x-msvideo", ending: ".avi" },
  "FORM AIFF": { mimeType: "audio/aiff", ending: ".aiff" },
  "FORM AIFC": { mimeType: "audio/aiff", ending: ".aifc" },
};
/** Brands of ISO media files. */
const brands: [RegExp, FileType][] = [
  [/^(heic|heix|heim|heis|hevc|hevx|mif1|msf1)$/, { mimeType: "image/heic", ending: ".heic" }],
  [/^avi[fs]$/, { mimeType: "image/avif", ending: ".avif" }],
  [/^qt {2}$/, { mimeType: "video/quicktime", ending: ".mov" }],
  [/^M4[AB] $/, { mimeType: "audio/mp4", ending: ".m4a" }],
  [/^3g[p2]/, { mimeType: "video/3gpp", ending: ".3gp" }],
];
const mp4: FileType = { mimeType: "video/mp4", ending: ".mp4" };
/** Containers that hold films and recordings alike: which of them it is, the file may say further on, or whoever sent it. */
const soundIn: Record<string, FileType> = {
  "video/mp4": { mimeType: "audio/mp4", ending: ".m4a" },
  "video/3gpp": { mimeType: "audio/3gpp", ending: ".3gp" },
};
const zip: FileType = { mimeType: "application/zip", ending: ".zip" };
const text: FileType = { mimeType: "text/plain", ending: ".txt" };
const unknown: FileType = { mimeType: "application/octet-stream", ending: "" };

/** Types whose files have a signature: a file without it is something else, whatever it is called. */
const signed = /^(image\/(?!svg)|audio\/|video\/|application\/(pdf|gzip|zip|rtf)$)/;

/**
 * Tells a file's type by its content; where that says only "an archive", "text" or "a film or a recording", by what it was
 * declared as.
 * @param head its first {@link headBytes}
 * @param declared the type that came with it; may be ""
 */
export function fileTypeOf(head: Uint8Array, declared: string): FileType {
  const named = declaredType(declared);
  const start = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
  const found = bySignature(start);
  if (found) return (named.startsWith("audio/") && soundIn[found.mimeType]) || found;
  const isUnsigned = named !== unknown.mimeType && !signed.test(named);
  // Office documents are archives.
  if (start.startsWith("PK\x03\x04")) return isUnsigned && !named.startsWith("text/") ? as(named) : zip;
  if (isText(head)) return isUnsigned ? as(named) : text;
  return isUnsigned && !named.startsWith("text/") ? as(named) : unknown;
}

/** A type as somebody else declared it, in its plain form; what is no type is `application/octet-stream`. */
export function declaredType(declared: string): string {
  const plain = declared.toLowerCase().split(";", 1)[0]!.trim();
  return /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(plain) ? plain : unknown.mimeType;
}

function as(mimeType: string): FileType {
  return { mimeType, ending: "" };
}

function bySignature(start: string): FileType | undefined {
  if (start.slice(4, 8) === "ftyp") {
    const brand = start.slice(8, 12);
    return (
      brands.find(([pattern]) => pattern.test(brand))?.[1] ?? (isM4a(start) ? soundIn["video/mp4"]! : mp4)
    );
  }
  const chunk = chunked[`${start.slice(0, 4)} ${start.slice(8, 12)}`];
  if (chunk) return chunk;
  // A frame of MPEG audio, layer III: the first eleven bits are set.
  if (start.length > 2 && start[0] === "\xff" && (start.charCodeAt(1) & 0xe6) === 0xe2)
    return { mimeType: "audio/mpeg", ending: ".mp3" };
  return signatures.find(([mark]) => start.startsWith(mark))?.[1];
}

/** Whether a file of a general brand names that of recordings among those that it is compatible with. */
function isM4a(start: string): boolean {
  const end = Buffer.from(start.slice(0, 4), "latin1").readUInt32BE();
  for (let at = 16; at + 4 <= Math.min(end, start.length); at += 4)
    if (/^M4[AB] $/.test(start.slice(at, at + 4))) return true;
  return false;
}

/** Whether bytes are text: UTF-8 without control characters. A character that the end of the head cuts is no fault. */
function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  try {
    const decoded = new TextDecoder("utf-8", { fatal: true }).decode(head, {
      stream: head.length >= headBytes,
    });
    return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(decoded);
  } catch {
    return false;
  }
}
