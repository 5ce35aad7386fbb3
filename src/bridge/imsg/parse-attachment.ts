import type { Attachment } from "../../conversation/index.js";
import { asObject, optionalBoolean, optionalString, ShapeError, type Wire } from "./fields.js";

const pluginUti = "com.apple.messages.pluginpayloadattachment";
const pluginSuffix = ".pluginpayloadattachment";

/**
 * Reads the attachments of a message (protocol reference 4.3). Files that belong to link previews and app balloons are
 * left out: nobody sent them.
 * @throws ShapeError
 */
export function parseAttachments(value: unknown): Attachment[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ShapeError("attachments is not a list");
  return value
    .map((item) => readAttachment(asObject(item, "attachment")))
    .filter((item) => item !== undefined);
}

function readAttachment(wire: Wire): Attachment | undefined {
  const path = optionalString(wire, "original_path") ?? "";
  const stored = optionalString(wire, "filename") ?? "";
  const name = optionalString(wire, "transfer_name") || (stored.split("/").at(-1) ?? "");
  const uti = optionalString(wire, "uti") ?? "";
  const isPlugin = [path, stored, name].some((text) => text.toLowerCase().endsWith(pluginSuffix));
  const attachment: Attachment = {
    path,
    name,
    mimeType: optionalString(wire, "mime_type") ?? "",
    uti,
    bytes: typeof wire.total_bytes === "number" ? Math.max(0, wire.total_bytes) : 0,
    missing: optionalBoolean(wire, "missing") ?? path === "",
    isSticker: optionalBoolean(wire, "is_sticker") ?? false,
  };
  const convertedPath = optionalString(wire, "converted_path");
  const convertedType = optionalString(wire, "converted_mime_type");
  if (convertedPath) attachment.converted = { path: convertedPath, mimeType: convertedType ?? "" };
  return isPlugin || uti.toLowerCase() === pluginUti ? undefined : attachment;
}
