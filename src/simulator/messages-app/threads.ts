import { TapbackError } from "../../platform/index.js";
import { decodeAttributedBody } from "../chat-db/typedstream.js";
import type { Row, World } from "../world/world.js";

/** A message as those who act on it need it. */
export interface Target {
  id: number;
  guid: string;
  text: string;
  fromMe: boolean;
  service: string;
  chatIds: number[];
  /** First message of its thread. */
  threadRoot?: string;
  balloon?: string;
}

/** @returns the message with this GUID (any case), or undefined */
export function messageByGuid(world: World, guid: string): Target | undefined {
  const find = world.sql(
    `SELECT ROWID AS id, guid, text, attributedBody, is_from_me, service, thread_originator_guid, balloon_bundle_id
     FROM message WHERE guid = ?`,
  );
  const row = find.get(guid) ?? find.get(guid.toUpperCase());
  if (row === undefined) return undefined;
  const target: Target = {
    id: Number(row.id),
    guid: String(row.guid),
    text: textOf(row),
    fromMe: row.is_from_me === 1,
    service: String(row.service ?? ""),
    chatIds: world
      .sql("SELECT chat_id FROM chat_message_join WHERE message_id = ? ORDER BY chat_id")
      .all(row.id!)
      .map((join) => Number(join.chat_id)),
  };
  if (row.thread_originator_guid !== null) target.threadRoot = String(row.thread_originator_guid);
  if (row.balloon_bundle_id !== null) target.balloon = String(row.balloon_bundle_id);
  return target;
}

/** @throws `MESSAGE_NOT_FOUND` */
export function findMessage(world: World, guid: string): Target {
  const target = messageByGuid(world, guid);
  if (target !== undefined) return target;
  throw new TapbackError("MESSAGE_NOT_FOUND", `There is no message ${guid} in this world`, {
    hint: "See `imsg-sim transcript --json` for the GUIDs.",
  });
}

/** The thread that a reply to `guid` belongs to: its first message, and that message's length. */
export function threadOf(world: World, guid: string): { root: string; length: number } {
  const parent = findMessage(world, guid);
  // The first message may be gone: those behind it stay its thread.
  const root = parent.threadRoot === undefined ? parent : messageByGuid(world, parent.threadRoot);
  return { root: parent.threadRoot ?? parent.guid, length: root?.text.length ?? 0 };
}

/** The text of a row: the text column, else the decoded `attributedBody`, else "". */
export function textOf(row: Row): string {
  if (row.text !== null && row.text !== "") return String(row.text);
  return row.attributedBody instanceof Uint8Array ? (decodeAttributedBody(row.attributedBody) ?? "") : "";
}
