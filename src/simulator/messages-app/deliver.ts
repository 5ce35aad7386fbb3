import { randomUUID } from "node:crypto";
import { toAppleTime } from "../chat-db/apple-time.js";
import type { World } from "../world/world.js";
import { type ChatRow, chatById, ensureHandle } from "./chats.js";
import { attachmentGuid, completeAttachment, insertAttachment, type StoredFile } from "./files.js";
import { insertMessage, joinMessage, type NewMessage, type Written } from "./insert.js";
import { placeholder, runsOf } from "./parts.js";
import { linkPayload } from "./payload.js";
import { messageByGuid, threadOf } from "./threads.js";

/** Who acts in a chat: the account itself, or a person by handle. */
export type Actor = "me" | { handle: string };

/** A message as it is written by somebody. */
export interface Letter {
  chat: ChatRow;
  from: Actor;
  text: string;
  /** GUID of its row, where the sender chose it (protocol reference 16). */
  guid?: string;
  files?: StoredFile[];
  /** Milliseconds since 1970; now when absent. */
  at?: number;
  /** GUID of the message that is answered. */
  replyTo?: string;
  /** Sent by the private API, which marks replies by an association too (protocol reference 4.7). */
  throughBridge?: boolean;
  /** The own address it was sent to; the account's first when absent. */
  destination?: string;
  subject?: string;
  /** Words of the text that name somebody, and the handle of each. */
  mentions?: Record<string, string>;
  effect?: string;
  /** A voice message; the text is its transcription. */
  audio?: boolean;
  /** A card of an app instead of words: `balloon_bundle_id`. Its row has U+FFFD in the place of a text (protocol reference 4.7). */
  card?: string;
  /** A link goes in a row of its own so many milliseconds later (protocol reference 9.1). */
  splitMs?: number;
}

const url = /https?:\/\/\S+/;
export const linkBalloon = "com.apple.messages.URLBalloonProvider";

/**
 * Puts a message into a chat, in the rows that Messages writes for it.
 * @param method what faults are filtered by: the RPC method or the command
 * @returns the row that the sender would call the message; in a chat with oneself the outgoing one
 */
export function deliver(world: World, letter: Letter, method: string): Written {
  const at = letter.at ?? world.now();
  const splitMs = letter.splitMs ?? world.faults.fires("split-send", method)?.ms;
  const link = splitMs === undefined ? undefined : url.exec(letter.text)?.[0];
  if (letter.card !== undefined) return write(world, { ...letter, text: "\ufffd" }, at, method, letter.card);
  if (splitMs === undefined || link === undefined) return write(world, letter, at, method);
  if (link === letter.text.trim()) return write(world, letter, at, method, linkBalloon);
  const first = write(world, letter, at, method);
  const { files: _, replyTo: __, guid: ___, ...rest } = letter;
  const balloon = () => void write(world, { ...rest, text: link }, at + splitMs, method, linkBalloon);
  if (splitMs === 0 || letter.at !== undefined) balloon();
  else laterIn(world, letter.chat, splitMs, balloon);
  return first;
}

/** Does something later in a chat that is still there by then. */
function laterIn(world: World, { id }: ChatRow, ms: number, work: () => void): void {
  world.later(ms, () => {
    if (chatById(world, id) !== undefined) work();
  });
}

function write(world: World, letter: Letter, at: number, method: string, balloon?: string): Written {
  const { chat } = letter;
  const settings = world.settings();
  const withMyself = !chat.isGroup && settings.me.includes(chat.identifier);
  const fromMe = letter.from === "me" || withMyself;
  const fault = (kind: "late-join" | "late-attachment" | "wrong-direction" | "undelivered" | "downgraded") =>
    world.faults.fires(kind, method);
  const lateJoin = fault("late-join");
  const files = letter.files ?? [];
  const lateFile = files.length > 0 ? fault("late-attachment") : undefined;
  const wrong = fromMe && !withMyself ? fault("wrong-direction") : undefined;
  const undelivered = fromMe ? fault("undelivered") : undefined;
  const downgraded = fromMe ? fault("downgraded") : undefined;
  const doubleMs = withMyself ? (world.faults.fires("self-chat-delay", method)?.ms ?? 0) : 0;
  // An own address that is not the one the account sends from (protocol reference 9.5).
  const underAlias = withMyself && world.faults.fires("self-chat-alias", method) !== undefined;
  const service = downgraded ? "SMS" : chat.service;
  const spoken = letter.audio === true && files.length > 0;
  const text = placeholder.repeat(files.length) + (spoken ? "" : letter.text);
  const runsWith = (of: StoredFile[]) => runsOf(text, of.map(attachmentGuid), letter.mentions);
  const runs = runsWith(files);
  const named = runs?.some(({ mention }) => mention !== undefined && settings.me.includes(mention));
  const delivered = fromMe && undelivered === undefined && service !== "SMS";

  const message = (handleId: number): NewMessage => ({
    ...(lateJoin === undefined ? { chatId: chat.id } : { laterIn: chat.id }),
    text: text === "" ? null : text,
    runs,
    handleId,
    fromMe: fromMe && wrong === undefined,
    service,
    destination: withMyself && !underAlias ? chat.identifier : (letter.destination ?? settings.me[0] ?? null),
    at,
    columns: {
      is_sent: fromMe && undelivered === undefined ? 1 : 0,
      is_delivered: delivered ? 1 : 0,
      date_delivered: delivered ? toAppleTime(at) : 0,
      // 22 is what Messages writes under "Not Delivered".
      error: undelivered === undefined ? 0 : 22,
      was_downgraded: downgraded === undefined ? 0 : 1,
      is_audio_message: letter.audio ? 1 : 0,
      subject: letter.subject ?? null,
      expressive_send_style_id: letter.effect ?? null,
      balloon_bundle_id: balloon ?? null,
      ...(balloon === linkBalloon ? { payload_data: linkPayload(text) } : {}),
      has_unseen_mention: named && !fromMe ? 1 : 0,
      ...replyColumns(world, letter),
    },
  });

  const attachments: [id: number, file: StoredFile][] = [];
  const attach = (written: Written, of: StoredFile[], outgoing: boolean) => {
    for (const file of of) {
      const options = { outgoing, at, arrived: lateFile === undefined };
      const words = spoken && letter.text !== "" ? { transcription: letter.text } : {};
      attachments.push([insertAttachment(world, written.id, file, { ...options, ...words }), file]);
    }
  };
  // The second row of a message to oneself has attachments of its own: `attachment.guid` is unique (protocol reference 8.3).
  const double = (handleId: number) => {
    const own = files.map((file) => ({ ...file, guid: randomUUID().toUpperCase() }));
    const second = { chatId: chat.id, fromMe: false, at: at + doubleMs, runs: runsWith(own) };
    attach(insertMessage(world, { ...message(handleId), ...second }), own, false);
  };

  const { written, handleId } = world.write(() => {
    const handleId = senderHandle(world, letter, fromMe);
    const written = insertMessage(world, { ...message(handleId), guid: letter.guid });
    attach(written, files, fromMe);
    if (withMyself && doubleMs === 0) double(handleId);
    return { written, handleId };
  });
  if (withMyself && doubleMs > 0) laterIn(world, chat, doubleMs, () => world.write(() => double(handleId)));
  if (lateJoin !== undefined)
    laterIn(world, chat, lateJoin.ms ?? 1500, () => {
      // It may have been deleted meanwhile.
      if (messageByGuid(world, written.guid) === undefined) return;
      world.write(() => joinMessage(world, chat.id, written.id, toAppleTime(at)));
    });
  if (lateFile !== undefined)
    world.later(lateFile.ms ?? 1500, () => {
      for (const [id, file] of attachments) completeAttachment(world, id, file);
    });
  if (wrong !== undefined)
    world.later(wrong.ms ?? 1000, () =>
      world.write(() => world.sql("UPDATE message SET is_from_me = 1 WHERE ROWID = ?").run(written.id)),
    );
  return written;
}

/** Own rows carry the peer's handle in a direct chat and none in a group (protocol reference 8.2). */
export function senderHandle(world: World, act: { chat: ChatRow; from: Actor }, fromMe: boolean): number {
  if (!fromMe && act.from !== "me") return ensureHandle(world, act.from.handle, act.chat.service);
  return act.chat.isGroup ? 0 : ensureHandle(world, act.chat.identifier, act.chat.service);
}

/** The thread of a message that answers another. */
export function replyColumns(
  world: World,
  letter: { replyTo?: string | undefined; throughBridge?: boolean },
): NonNullable<NewMessage["columns"]> {
  if (letter.replyTo === undefined) return {};
  const thread = threadOf(world, letter.replyTo);
  return {
    thread_originator_guid: thread.root,
    thread_originator_part: `0:0:${thread.length}`,
    ...(letter.throughBridge
      ? { associated_message_guid: letter.replyTo, associated_message_type: 100 }
      : {}),
  };
}
