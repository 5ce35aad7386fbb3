import { methodNamed } from "./command-methods.js";

/** What a method needs before it is usable (protocol reference 15.2). */
interface Needs {
  /** The database must be readable. */
  database?: true;
  /** The helper must be ready, with one at least of these selectors; an empty list: with any. */
  selectors?: readonly string[];
}

const database: Needs = { database: true };
const bridge = (...selectors: string[]): Needs => ({ selectors });

/** A method that is not named here is usable always. */
const needs: Readonly<Record<string, Needs>> = {
  "chats.list": database,
  "chats.get": database,
  "messages.stats": database,
  "messages.history": database,
  "messages.search": database,
  "messages.after": database,
  "messages.scheduled": database,
  "watch.subscribe": database,
  "message.send_status": database,
  "bridge.events.subscribe": bridge(),
  "send.tracked": { database: true, selectors: ["clientMessageGuidReservation"] },
  "chats.create": bridge("createChat"),
  "chats.delete": bridge("deleteChat", "removeChat"),
  "chats.markUnread": bridge("markChatUnread"),
  "send.rich": bridge("sendMessage"),
  "send.attachment": bridge("sendAttachment"),
  "send.multipart": { database: true, selectors: ["sendMultipart"] },
  "send.sticker": { database: true, selectors: ["stickerSend"] },
  "poll.send": bridge("pollPayloadMessage"),
  "messages.poll.send": bridge("pollPayloadMessage"),
  "poll.vote": { database: true, selectors: ["pollVoteMessage"] },
  "messages.poll.vote": { database: true, selectors: ["pollVoteMessage"] },
  "poll.unvote": { database: true, selectors: ["pollVoteMessage"] },
  "polls.unvote": { database: true, selectors: ["pollVoteMessage"] },
  "messages.poll.unvote": { database: true, selectors: ["pollVoteMessage"] },
  tapback: bridge("sendReaction"),
  "message.edit": bridge("editMessageItemTranslation", "editMessageItem", "editMessage"),
  "message.unsend": bridge("retractMessagePart"),
  "message.delete": bridge("deleteMessage"),
  "message.notifyAnyways": bridge("notifyAnyways"),
  "group.rename": bridge("setDisplayName"),
  "group.setIcon": bridge("updateGroupPhoto"),
  "group.addParticipant": bridge("addParticipant"),
  "group.removeParticipant": bridge("removeParticipant"),
  "group.leave": bridge("leaveChat"),
  "contacts.shouldShareContact": bridge("namePhotoShouldOffer"),
  "contacts.shareContactCard": bridge("namePhotoShare"),
  "handles.check": bridge("checkIMessageAvailability"),
};

/**
 * Whether the macOS that is played has what a method needs of it; a selector that is not told counts as false since 0.14.0.
 * @param name of the method, or of a command that does the same
 */
export function hasSelectors(name: string, selectors: Readonly<Record<string, boolean>>): boolean {
  const wanted = needs[methodNamed(name)]?.selectors ?? [];
  return wanted.length === 0 || wanted.some((name) => selectors[name] === true);
}

/** Whether a method reads the database, however its chat is named. */
export function needsDatabase(method: string): boolean {
  return needs[method]?.database === true;
}

/** Whether a method is usable now. @param selectors of a helper that is ready; undefined: it is not */
export function isUsable(
  method: string,
  databaseReady: boolean,
  selectors: Readonly<Record<string, boolean>> | undefined,
): boolean {
  const { database: reads, selectors: wanted } = needs[method] ?? {};
  if (reads && !databaseReady) return false;
  return wanted === undefined || (selectors !== undefined && hasSelectors(method, selectors));
}
