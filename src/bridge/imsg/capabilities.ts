import { type MethodName, methodFacts } from "./methods.js";
import type { ImsgStatus } from "./status.js";

/** Whether a method can be used, and if not, why, in one sentence. */
export type Support = { supported: true } | { supported: false; why: string };

/** What builds have that do not list their methods (protocol reference 5.1). */
const always: MethodName[] = [
  "chats.list",
  "messages.history",
  "watch.subscribe",
  "watch.unsubscribe",
  "send",
];

/** Selectors of which one at least must be there, where the build reports them (protocol reference 6.3). */
const needed: Partial<Record<MethodName, string[]>> = {
  "message.edit": ["editMessageItem", "editMessage", "editMessageItemTranslation"],
  "message.unsend": ["retractMessagePart"],
  "message.delete": ["deleteMessage"],
  "message.notifyAnyways": ["notifyAnyways"],
  "poll.send": ["pollPayloadMessage"],
  "poll.vote": ["pollVoteMessage", "pollUpdateMessage"],
  "poll.unvote": ["pollVoteMessage", "pollUpdateMessage"],
  "send.rich": ["sendMessage"],
  "send.attachment": ["sendAttachment"],
  "send.sticker": ["stickerSend"],
  "send.multipart": ["sendMultipart"],
  "chats.create": ["createChat"],
  "chats.delete": ["deleteChat", "removeChat"],
  "chats.markUnread": ["markChatUnread"],
  tapback: ["sendReaction"],
  typing: ["typing"],
  read: ["read"],
  "group.rename": ["setDisplayName"],
  "group.setIcon": ["updateGroupPhoto"],
  "group.addParticipant": ["addParticipant"],
  "group.removeParticipant": ["removeParticipant"],
  "group.leave": ["leaveChat"],
  "handles.check": ["checkIMessageAvailability"],
};

/** Judges one method by what `imsg status` told. */
export function supports(status: ImsgStatus, method: MethodName): Support {
  const known = status.methods.length > 0 ? status.methods : (always as string[]);
  if (!known.includes(method))
    return { supported: false, why: `this imsg does not have ${method}; update imsg` };
  if (!methodFacts(method).bridge) return { supported: true };
  if (!status.privateApi.available)
    return { supported: false, why: "the imsg private API bridge is not running; run `imsg launch`" };
  const reported = (needed[method] ?? []).filter((selector) => selector in status.selectors);
  if (reported.length > 0 && !reported.some((selector) => status.selectors[selector]))
    return { supported: false, why: `this version of macOS does not offer ${reported.join(" or ")}` };
  return { supported: true };
}
