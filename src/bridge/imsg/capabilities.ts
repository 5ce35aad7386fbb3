import type { Ability, Capabilities, Support } from "../abilities.js";
import { type MethodName, methodFacts } from "./methods.js";
import type { ImsgStatus } from "./status.js";

/** What builds have that do not list their methods (protocol reference 5.1). */
const always: MethodName[] = [
  "chats.list",
  "messages.history",
  "watch.subscribe",
  "watch.unsubscribe",
  "send",
];

/** What builds before 0.9 have as commands alone, once their bridge is up (protocol reference 5, 10). */
const asCommands: MethodName[] = [
  "send.rich",
  "send.attachment",
  "tapback",
  "message.edit",
  "message.unsend",
  "group.rename",
  "group.setIcon",
  "group.addParticipant",
  "group.removeParticipant",
  "group.leave",
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

const methodOf: Record<Ability, MethodName> = {
  react: "tapback",
  reactWithEmoji: "tapback",
  reply: "send.rich",
  effect: "send.rich",
  styles: "send",
  attachment: "send",
  voice: "send.attachment",
  edit: "message.edit",
  unsend: "message.unsend",
  renameGroup: "group.rename",
  setGroupIcon: "group.setIcon",
  addParticipant: "group.addParticipant",
  removeParticipant: "group.removeParticipant",
  leaveGroup: "group.leave",
  poll: "poll.send",
  pollVote: "poll.vote",
  typing: "typing",
  read: "read",
  sendStatus: "message.send_status",
};

const noBridge: Support = {
  supported: false,
  missing: "bridge",
  why: "the imsg private API bridge is not running; run `imsg launch`",
};

/** Judges one method by what `imsg status` told. */
export function supports(status: ImsgStatus, method: MethodName): Support {
  if (formOf(status, method) === undefined)
    return { supported: false, missing: "method", why: `this imsg does not have ${method}; update imsg` };
  if (!methodFacts(method).bridge) return { supported: true };
  if (!status.privateApi.available) return noBridge;
  const reported = (needed[method] ?? []).filter((selector) => selector in status.selectors);
  if (reported.length > 0 && !reported.some((selector) => status.selectors[selector]))
    return {
      supported: false,
      missing: "selector",
      why: `this version of macOS does not offer ${reported.join(" or ")}`,
    };
  return { supported: true };
}

/** Whether a build takes a method over RPC, or only as a command; undefined when it has neither. */
export function formOf(status: ImsgStatus, method: MethodName): "rpc" | "command" | undefined {
  if (status.methods.length > 0) return status.methods.includes(method) ? "rpc" : undefined;
  if (always.includes(method)) return "rpc";
  return asCommands.includes(method) ? "command" : undefined;
}

/** What a Mac can do by what `imsg status` told. @param at when it told, milliseconds since the epoch */
export function capabilitiesOf(status: ImsgStatus, at: number): Capabilities {
  return {
    at,
    ...(status.version !== undefined && { version: status.version }),
    privateApi: status.privateApi,
    methods: status.methods,
    selectors: status.selectors,
    perMethod: status.methods.length > 0,
    can: (ability) => judge(status, ability),
  };
}

function judge(status: ImsgStatus, ability: Ability): Support {
  const support = supports(status, methodOf[ability]);
  if (!support.supported) return support;
  if (ability === "styles") {
    if (!isAtLeast(status.version, 0, 12)) return tooOld("styled text", "0.12");
    return status.privateApi.available ? support : noBridge;
  }
  if (ability === "reactWithEmoji" && status.selectors.emojiTapbackSend !== true)
    return isAtLeast(status.version, 0, 15)
      ? {
          supported: false,
          missing: "selector",
          why: "this version of macOS does not offer emojiTapbackSend",
        }
      : tooOld("tapbacks with any emoji", "0.15");
  return support;
}

function tooOld(what: string, version: string): Support {
  return { supported: false, missing: "method", why: `${what} needs imsg ${version} or later` };
}

/** A build that tells no version is older than 0.9.0 (protocol reference 6.2). */
function isAtLeast(version: string | undefined, major: number, minor: number): boolean {
  const [haveMajor = 0, haveMinor = 0] = (version ?? "0.0").split(".").map(Number);
  return haveMajor > major || (haveMajor === major && haveMinor >= minor);
}
