import { existsSync } from "node:fs";
import type { ChatRow } from "../messages-app/chats.js";
import { type StoredFile, storeFile } from "../messages-app/files.js";
import type { Written } from "../messages-app/insert.js";
import { internal } from "./errors.js";
import type { Call } from "./method.js";

/** Copies an outgoing file to where Messages reads it. */
export function stageFile({ world }: Call, path: string): StoredFile {
  if (!existsSync(path)) throw internal(`Attachment not found at ${path}`);
  return storeFile(world, path, "imsg");
}

/** imsg looks for the row of a send for up to 2 s; here it is there at once, unless a fault asks for the wait. */
export async function lookupDelay({ world, method }: Call): Promise<void> {
  const fault = world.faults.fires("lookup-delay", method);
  if (fault !== undefined) await world.host.clock.sleep(fault.ms ?? 2000);
}

/** What a result carries since 0.10.0. */
export function laterFields({ world }: Call, chat: ChatRow, written: Written): Record<string, unknown> {
  if (!world.since("0.10.0")) return {};
  return {
    id: written.id,
    guid: written.guid,
    message_id: written.guid,
    chat_guid: chat.guid,
    service: chat.service,
  };
}
