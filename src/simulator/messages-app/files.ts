import { randomUUID } from "node:crypto";
import { copyFileSync, lstatSync, mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, extname, join, parse, sep } from "node:path";
import { TapbackError } from "../../platform/index.js";
import { toAppleSeconds } from "../chat-db/apple-time.js";
import { expandHome } from "../world/place.js";
import type { World } from "../world/world.js";
import { transcriptionInfo } from "./transcription.js";

/** Uniform type identifier and MIME type by extension: those that Messages really carries. */
const types: Record<string, [uti: string, mime: string]> = {
  ".jpg": ["public.jpeg", "image/jpeg"],
  ".jpeg": ["public.jpeg", "image/jpeg"],
  ".png": ["public.png", "image/png"],
  ".gif": ["com.compuserve.gif", "image/gif"],
  ".heic": ["public.heic", "image/heic"],
  ".webp": ["org.webmproject.webp", "image/webp"],
  ".caf": ["com.apple.coreaudio-format", "audio/x-caf"],
  ".m4a": ["com.apple.m4a-audio", "audio/x-m4a"],
  ".mp3": ["public.mp3", "audio/mpeg"],
  ".wav": ["com.microsoft.waveform-audio", "audio/wav"],
  ".mp4": ["public.mpeg-4", "video/mp4"],
  ".mov": ["com.apple.quicktime-movie", "video/quicktime"],
  ".pdf": ["com.adobe.pdf", "application/pdf"],
  ".txt": ["public.plain-text", "text/plain"],
  ".md": ["net.daringfireball.markdown", "text/markdown"],
  ".csv": ["public.comma-separated-values-text", "text/csv"],
  ".json": ["public.json", "application/json"],
  ".vcf": ["public.vcard", "text/vcard"],
  ".zip": ["public.zip-archive", "application/zip"],
};

/** A file as it lies among the world's attachments. */
export interface StoredFile {
  guid: string;
  path: string;
  name: string;
  uti: string;
  mime: string;
  bytes: number;
  sticker?: boolean;
}

/** Copies a file to where Messages would keep it: `Attachments/3f/15/<guid>/name`. @throws `FILE_MISSING` */
export function storeFile(world: World, path: string, folder?: string): StoredFile {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new TapbackError("FILE_MISSING", `There is no file at ${path}`, {
      hint: "Give the path of an existing file.",
    });
  const guid = randomUUID().toUpperCase();
  const name = basename(path);
  const target = join(
    world.folder,
    "Attachments",
    folder ?? join(guid.slice(0, 2).toLowerCase(), "15"),
    guid,
  );
  mkdirSync(target, { recursive: true, mode: 0o700 });
  const stored = join(target, name);
  copyFileSync(path, stored);
  const [uti, mime] = types[extname(name).toLowerCase()] ?? ["public.data", ""];
  return { guid, path: stored, name, uti, mime, bytes: statSync(stored).size };
}

/** imsg refuses outgoing files that lie behind a symbolic link (protocol reference 3.2, `send.attachment`). */
export function hasSymlink(path: string): boolean {
  let part = parse(path).root;
  for (const name of path.slice(part.length).split(sep)) {
    part = join(part, name);
    if (lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink()) return true;
  }
  return false;
}

/** `attachment.guid` of a stored file. */
export function attachmentGuid(file: StoredFile): string {
  return `at_0_${file.guid}`;
}

const messagesOfHome = "~/Library/Messages/";

/** Below the home folder Messages writes `~/Library/…`, so that the database can move with its owner. */
function filename({ path }: StoredFile): string {
  const library = join(homedir(), "Library", "Messages") + sep;
  return path.startsWith(library) ? `${messagesOfHome}${path.slice(library.length)}` : path;
}

/**
 * Where a file of the database lies. `~` is the home of its owner: with a world in that home's Messages folder it is not
 * that of whoever looks, who may have another.
 * @param filename `attachment.filename`
 */
export function storedPath(world: World, filename: string): string {
  const isOwners = world.folder.endsWith(join(sep, "Library", "Messages"));
  return isOwners && filename.startsWith(messagesOfHome)
    ? join(world.folder, filename.slice(messagesOfHome.length))
    : expandHome(filename);
}

/**
 * Writes an attachment and its join. Inside a transaction.
 * @param arrived false: the transfer has not begun, so name and size are not known yet (protocol reference 9.12)
 */
export function insertAttachment(
  world: World,
  messageId: number,
  file: StoredFile,
  options: { outgoing: boolean; at: number; arrived: boolean; transcription?: string },
): number {
  const guid = attachmentGuid(file);
  const id = Number(
    world
      .sql(
        `INSERT INTO attachment (guid, created_date, filename, uti, mime_type, transfer_state, is_outgoing, transfer_name,
           total_bytes, is_sticker, user_info, original_guid) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        guid,
        toAppleSeconds(options.at),
        options.arrived ? filename(file) : null,
        file.uti,
        file.mime || null,
        options.arrived ? 5 : 0,
        options.outgoing ? 1 : 0,
        file.name,
        options.arrived ? file.bytes : 0,
        file.sticker ? 1 : 0,
        options.transcription === undefined ? null : transcriptionInfo(options.transcription),
        guid,
      ).lastInsertRowid,
  );
  world
    .sql("INSERT INTO message_attachment_join (message_id, attachment_id) VALUES (?, ?)")
    .run(messageId, id);
  return id;
}

/** The transfer of an attachment ends. */
export function completeAttachment(world: World, id: number, file: StoredFile): void {
  world.write(() =>
    world
      .sql("UPDATE attachment SET filename = ?, total_bytes = ?, transfer_state = 5 WHERE ROWID = ?")
      .run(filename(file), file.bytes, id),
  );
}
