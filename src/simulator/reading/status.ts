import type { Place } from "../world/place.js";

const version090 = [
  "chats.list",
  "chats.create",
  "chats.delete",
  "chats.markUnread",
  "messages.history",
  "watch.subscribe",
  "watch.unsubscribe",
  "send",
  "send.rich",
  "send.attachment",
  "tapback",
  "typing",
  "read",
  "message.edit",
  "message.unsend",
  "message.delete",
  "message.notifyAnyways",
  "group.rename",
  "group.setIcon",
  "group.addParticipant",
  "group.removeParticipant",
  "group.leave",
];

/** Methods that came after 0.9.0, by the version that brought them; aliases are not listed (protocol reference 3.3). */
const later: [since: string, methods: string[]][] = [
  ["0.10.0", ["poll.send", "handles.check", "message.send_status"]],
  ["0.12.0", ["poll.vote"]],
  [
    "0.13.0",
    [
      "poll.unvote",
      "messages.stats",
      "messages.scheduled",
      "send.sticker",
      "contacts.shouldShareContact",
      "contacts.shareContactCard",
    ],
  ],
  [
    "0.14.0",
    [
      "initialize",
      "status",
      "messages.search",
      "messages.after",
      "send.multipart",
      "bridge.events.subscribe",
    ],
  ],
];

/** Selectors by the version that reports them (protocol reference 6.3); false: this macOS has another one. */
const selectors: [since: string, names: Record<string, boolean>][] = [
  ["0.7.0", { editMessageItem: true, editMessage: false, retractMessagePart: true, sendMessageReason: true }],
  ["0.10.0", { pollPayloadMessage: true }],
  ["0.12.0", { pollVoteMessage: true }],
  [
    "0.13.0",
    {
      nicknameLookup: true,
      namePhotoShouldOffer: true,
      namePhotoShare: true,
      stickerSend: true,
      stickerAttach: true,
      urlPreviewMessage: true,
      sendRichLinkAction: true,
      deleteChat: true,
      removeChat: true,
    },
  ],
  ["0.13.3", { editMessageItemTranslation: true }],
  [
    "0.14.0",
    Object.fromEntries(
      [
        "sendMessage",
        "sendAttachment",
        "sendMultipart",
        "sendReaction",
        "typing",
        "read",
        "createChat",
        "markChatUnread",
        "deleteMessage",
        "notifyAnyways",
        "setDisplayName",
        "updateGroupPhoto",
        "addParticipant",
        "removeParticipant",
        "leaveChat",
        "checkIMessageAvailability",
      ].map((name) => [name, true]),
    ),
  ],
];

/** Names of the RPC methods that the played version was built with. */
export function compiledMethods(place: Pick<Place, "since">): string[] {
  return [...version090, ...later.filter(([since]) => place.since(since)).flatMap(([, names]) => names)];
}

/** Which of Apple's functions the helper of the played version looks for, all of them found. */
export function compiledSelectors(place: Pick<Place, "since">): Record<string, boolean> {
  return Object.assign({}, ...selectors.filter(([since]) => place.since(since)).map(([, names]) => names));
}

/** Whether the helper answers now: it runs, and no fault keeps it silent. */
export function bridgeAnswers(place: Place): boolean {
  return place.settings().bridge && !place.faults.pending("bridge-lost");
}

/** What `imsg status --json` prints (protocol reference 6.1, 6.2); a helper that does not answer leaves a stale lock. */
export function statusObject(place: Place): Record<string, unknown> {
  const { version, bridge, sip } = place.settings();
  const answers = bridgeAnswers(place);
  const advanced = bridge && (answers || !place.since("0.10.0"));
  return {
    version,
    basic_features: true,
    advanced_features: advanced,
    typing_indicators: advanced,
    read_receipts: advanced,
    sip,
    message: messageFor(bridge, answers, sip),
    bridge_version: answers ? 2 : 0,
    v2_ready: answers,
    selectors: answers ? compiledSelectors(place) : {},
    rpc_methods: compiledMethods(place),
  };
}

function messageFor(bridge: boolean, answers: boolean, sip: string): string {
  if (answers) return "Connected to Messages.app. IMCore features available.";
  if (bridge) return "Messages.app is not responding. Run imsg launch.";
  if (sip === "enabled")
    return "System Integrity Protection (SIP) is enabled.\nDisable it to use advanced features.";
  if (sip === "unknown") return "System Integrity Protection (SIP) status is unknown.";
  return "Not connected to Messages.app. Run imsg launch to enable advanced features.";
}
