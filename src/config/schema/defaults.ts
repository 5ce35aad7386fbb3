/**
 * The defaults of the account fields (behaviour 2.4). They stand apart from the schema, so that resolving accounts needs
 * no zod; the schema shows the same values in the reference.
 */
export const accountDefaults = {
  enabled: true,
  cliPath: "imsg",
  service: "auto" as const,
  region: "US",
  dmPolicy: "pairing" as const,
  allowFrom: [] as string[],
  groupPolicy: "allowlist" as const,
  groups: {},
  includeAttachments: false,
  attachmentRoots: ["/Users/*/Library/Messages/Attachments"],
  remoteAttachmentRoots: ["/Users/*/Library/Messages/Attachments"],
  mediaMaxMb: 16,
  textChunkLimit: 4000,
  chunkMode: "length" as const,
  historyLimit: 50,
  dmHistoryLimit: 0,
  dms: {},
  actions: {
    reactions: true,
    edit: true,
    unsend: true,
    reply: true,
    sendWithEffect: true,
    sendAttachment: true,
    renameGroup: true,
    setGroupIcon: true,
    addParticipant: true,
    removeParticipant: true,
    leaveGroup: true,
    polls: true,
  },
  sendReadReceipts: true,
  typing: true,
  reactionNotifications: "own" as const,
  coalesceSameSenderDms: false,
  waitWhileTyping: true,
  catchup: {
    enabled: false,
    maxAgeMinutes: 120,
    perRunLimit: 50,
    firstRunLookbackMinutes: 30,
    maxFailureRetries: 10,
  },
  configWrites: true,
  sendTransport: "auto" as const,
  watchDebounceMs: 250,
  probeTimeoutMs: 10_000,
  streaming: "final" as const,
  maxBubbles: 6,
  outbound: {
    ttlMinutes: 60,
    perChatPerMinute: 20,
    perAccountPerHour: 500,
    newConversationsPerDay: 20,
    unansweredLimit: 10,
    firstMessage: "plain" as const,
    contactCard: false,
    quietHours: "",
  },
  handoff: { quietMinutes: 0 },
  review: "off" as const,
  reviewExpireMinutes: 720,
  missedSummary: "owner" as const,
};

/** Where Messages keeps pictures of stickers, beside the default root of attachments (behaviour 7.2). */
export const stickerRoot = "/Users/*/Library/Messages/StickerCache";

/** Least and greatest value of the catch-up numbers; what lies outside is clamped and warned about (behaviour 2.4). */
export const catchupBounds = {
  maxAgeMinutes: [1, 720],
  perRunLimit: [1, 500],
  firstRunLookbackMinutes: [1, 720],
  maxFailureRetries: [1, 1000],
} as const;
