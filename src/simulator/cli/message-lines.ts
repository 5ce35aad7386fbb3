import { attachmentsOf } from "../reading/attachments.js";
import type { MessageObject } from "../reading/messages.js";
import type { World } from "../world/world.js";
import type { Given } from "./argv.js";

/** One message as text for people. */
export function messageLine(message: MessageObject): string {
  return `${who(message)}: ${message.text}`;
}

/** As {@link messageLine}, with a line for each file when `--attachments` is given, else with their number. */
export function messageLines(world: World, message: MessageObject, given: Given): string {
  const files = attachmentsOf(world, message.id, given.has("convert-attachments"));
  if (files.length === 0) return messageLine(message);
  const number = `  (${files.length} attachment${files.length === 1 ? "" : "s"})`;
  const lines = given.has("attachments") ? files.map(fileLine) : [number];
  return [messageLine(message), ...lines].join("\n");
}

function fileLine(file: Record<string, unknown>): string {
  const name = file.transfer_name || file.filename || "(unknown)";
  const line = `  attachment: name=${name} mime=${file.mime_type} missing=${file.missing} path=${file.original_path}`;
  if (file.converted_path === undefined) return line;
  return `${line} converted_mime=${file.converted_mime_type} converted_path=${file.converted_path}`;
}

/** A tapback of a watch as text for people. */
export function tapbackLine(message: MessageObject): string {
  const verb = message.is_reaction_add ? "added" : "removed";
  return `${who(message)} ${verb} ${message.reaction_emoji} reaction to ${message.reacted_to_guid}`;
}

function who(message: MessageObject): string {
  const direction = message.is_from_me ? "sent" : "recv";
  return `${message.created_at} [${direction}] ${message.sender_name ?? message.sender}`;
}
