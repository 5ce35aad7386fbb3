import { statSync } from "node:fs";
import type { ChatRow } from "../messages-app/chats.js";
import { hasSymlink, type StoredFile, storeFile } from "../messages-app/files.js";
import type { Written } from "../messages-app/insert.js";
import { messageByGuid } from "../messages-app/threads.js";
import { type Delivery, deliveryError, internal } from "./errors.js";
import type { Call } from "./method.js";

/** What is to be done with what is staged or resolved before it. */
type Way = Pick<Delivery, "transport" | "operation">;

/** Copies an outgoing file to where Messages reads it, before anything is sent. @throws `not_started` since 0.14.0 (protocol reference 18, item 7) */
export function stageFile(call: Call, path: string, way: Way): StoredFile {
  if (hasSymlink(path)) throw notSent(call, way, `Attachment path contains a symbolic link: ${path}`);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!isFile) throw notSent(call, way, `Attachment not found at ${path}`);
  return storeFile(call.world, path, "imsg");
}

/**
 * The thread of a message that the helper sends. A parent that cannot be loaded is left out before 0.14.0, as Messages does
 * (protocol reference 9.13).
 * @throws `not_started` since 0.14.0 (protocol reference 18, item 2)
 */
export function threadIn(
  call: Call,
  guid: string | undefined,
  operation: string,
): { replyTo?: string; throughBridge?: true } {
  if (!guid) return {};
  const parent = messageByGuid(call.world, guid);
  if (parent !== undefined) return { replyTo: parent.guid, throughBridge: true };
  if (!call.world.since("0.14.0")) return {};
  throw notSent(
    call,
    { transport: "bridge", operation },
    "Could not resolve reply thread; message was not sent",
  );
}

function notSent({ world }: Call, way: Way, detail: string): Error {
  return world.since("0.14.0")
    ? deliveryError({ disposition: "not_started", ...way, detail })
    : internal(detail);
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
