import { statSync } from "node:fs";
import { storedPath } from "../messages-app/files.js";
import type { World } from "../world/world.js";
import { variantOf } from "./variants.js";

/** Attachments of a message as imsg prints them (protocol reference 4.3). @param convert with easier variants, where ffmpeg is there */
export function attachmentsOf(world: World, messageId: number, convert = false): Record<string, unknown>[] {
  return world
    .sql(
      `SELECT a.filename, a.transfer_name, a.uti, a.mime_type, a.total_bytes, a.is_sticker FROM message_attachment_join j
       JOIN attachment a ON a.ROWID = j.attachment_id WHERE j.message_id = ? ORDER BY a.ROWID`,
    )
    .all(messageId)
    .map((row) => {
      const filename = String(row.filename ?? "");
      const path = filename === "" ? "" : storedPath(world, filename);
      const missing = path === "" || !isFile(path);
      const wanted = convert && !missing && world.settings().converter;
      return {
        filename,
        transfer_name: String(row.transfer_name ?? ""),
        uti: String(row.uti ?? ""),
        mime_type: String(row.mime_type ?? ""),
        total_bytes: Number(row.total_bytes ?? 0),
        is_sticker: row.is_sticker === 1,
        original_path: path,
        missing,
        ...(wanted && variantOf(path, String(row.uti ?? ""))),
      };
    });
}

/** What cannot be looked at is not there: a link that goes round, a name that is too long. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
