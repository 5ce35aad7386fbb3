import * as z from "zod";
import { addressList, attachmentRoot, groupEntry, remoteHost } from "./addresses.js";
import { accountDefaults } from "./defaults.js";
import { about, id, milliseconds, onceUsed, overrides, reviewField, text } from "./fields.js";

const actionNames = Object.keys(accountDefaults.actions) as (keyof typeof accountDefaults.actions)[];
const actionFields = Object.fromEntries(
  actionNames.map((name) => [
    name,
    z.boolean().apply(about, `Whether agents may use the action \`${name}\`.`),
  ]),
) as Record<keyof typeof accountDefaults.actions, z.ZodBoolean>;

const catchupFields = {
  enabled: z
    .boolean()
    .apply(about, "Whether messages that arrived while the gateway was down are replayed at its start."),
  maxAgeMinutes: z.number().apply(about, "Older messages are skipped, minutes; clamped to 1 to 720."),
  perRunLimit: z.number().apply(about, "Most messages replayed in one start; clamped to 1 to 500."),
  firstRunLookbackMinutes: z
    .number()
    .apply(
      about,
      "How far the first run looks back when there is no cursor yet, minutes; clamped to 1 to 720.",
    ),
  maxFailureRetries: z
    .number()
    .apply(
      about,
      "Failed attempts after which a message is passed over with a warning; clamped to 1 to 1000.",
    ),
};

/** Two times of a day that are not the same, of which `24:00` may be the second; or nothing. */
const quietHoursShape = /^((?:[01]\d|2[0-3]):[0-5]\d)-(?!\1$)(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$|^$/;

const outboundFields = {
  ttlMinutes: z
    .int()
    .min(1)
    .max(10_080)
    .apply(about, "A pending send older than this is reported instead of sent late, minutes."),
  perChatPerMinute: z.int().min(1).apply(about, "Most messages sent to one chat in a minute."),
  perAccountPerHour: z.int().min(1).apply(about, "Most messages sent by the account in an hour."),
  newConversationsPerDay: z
    .int()
    .min(0)
    .apply(about, "Most conversations that the account begins in a day; answers do not count, more waits."),
  newRecipientsPerDay: z
    .int()
    .min(0)
    .apply(about, "Earlier name of `newConversationsPerDay`; where both are set, the smaller one holds."),
  unansweredLimit: z
    .int()
    .min(0)
    .apply(
      about,
      "Messages of its own accord (what is scheduled, or written into another chat) that an agent may send in a row to one person who does not answer; then they stop, and the owner is told. 0 is off; owners do not count.",
    ),
  firstMessage: z
    .enum(["plain", "any"])
    .apply(
      about,
      "Whether an agent may, of its own accord, send links and files to somebody who has not written yet, within the first day.",
    ),
  contactCard: z
    .boolean()
    .apply(
      about,
      "Whether a person whom the agent answers gets the account's name and photo once, on the first day of the conversation, where Messages offers to share them (private API, imsg 0.13 and later). Not in groups, and not where answers are reviewed.",
    ),
  quietHours: z
    .string()
    .regex(quietHoursShape, 'two different times as "22:00-07:00"')
    .apply(
      about,
      'Hours in which what is scheduled waits, in the local zone, e.g. `"22:00-07:00"`; empty: none.',
    ),
};

const handoffFields = {
  quietMinutes: z
    .number()
    .min(0)
    .max(10_080)
    .apply(
      about,
      "How long the agent keeps quiet in a chat after the account's owner wrote there by hand, minutes; 0 is off.",
    ),
};

/** Every field that an account may set for itself, marked A in behaviour 2.4, without its default. */
export const accountFields = {
  enabled: z.boolean().apply(about, "Whether the account is served."),
  name: text().apply(about, "Label of the account; its id when unset."),
  cliPath: text().apply(
    about,
    "Path of `imsg`, or of a wrapper script that runs it elsewhere; `~` is your home folder.",
  ),
  dbPath: text().apply(
    about,
    "Path of the Messages database on the machine that runs `imsg`; unset lets `imsg` pick its own.",
  ),
  remoteHost: remoteHost().apply(
    about,
    "The Mac from which attachments are fetched with scp, `host` or `user@host`; unset: detected from the wrapper script.",
  ),
  service: z
    .enum(["imessage", "sms", "auto"])
    .apply(about, "Service over which new conversations are started."),
  region: z
    .string()
    .regex(/^[A-Za-z]{2}$/, "a two-letter region code such as US or DE")
    .toUpperCase()
    .apply(about, "Two-letter region in which phone numbers without `+` are read."),
  dmPolicy: z
    .enum(["pairing", "allowlist", "open", "disabled"])
    .apply(about, 'Who may write in direct chats; `open` needs `"*"` in `allowFrom`.'),
  allowFrom: addressList().apply(
    about,
    'People who may write in direct chats: phone numbers, e-mail addresses, `chat_id:`, `chat_guid:`, `chat_identifier:` targets, or `"*"` for everyone.',
  ),
  groupPolicy: z.enum(["allowlist", "open", "disabled"]).apply(about, "Who may address the agent in groups."),
  groupAllowFrom: addressList().apply(
    about,
    "People who may address the agent in groups; unset falls back to `allowFrom`, an empty list blocks everyone.",
  ),
  groups: z
    .record(z.string(), onceUsed(groupEntry))
    .apply(
      about,
      'Settings per group by its `chat_id`, or `"*"` for all; when not empty, other groups are not served.',
    ),
  includeAttachments: z
    .boolean()
    .apply(about, "Whether photos, voice memos and other files are handed to the agent."),
  attachmentRoots: z
    .array(attachmentRoot())
    .apply(
      about,
      "Folders from which attachments may be read on this machine; `*` stands for one path segment.",
    ),
  remoteAttachmentRoots: z
    .array(attachmentRoot())
    .apply(
      about,
      "Folders from which attachments may be fetched on the remote Mac; `*` stands for one path segment.",
    ),
  mediaMaxMb: z.number().positive().apply(about, "Largest file taken in or sent, megabytes."),
  textChunkLimit: z
    .int()
    .positive()
    .apply(about, "Longest message sent, in UTF-16 code units; longer text is split."),
  chunkMode: z
    .enum(["length", "newline"])
    .apply(about, "How long text is split: by length, or by paragraphs first."),
  historyLimit: z
    .int()
    .min(0)
    .apply(about, "How many unanswered group messages are given to the agent as context."),
  dmHistoryLimit: z.int().min(0).apply(about, "How many recent messages seed a new direct-chat session."),
  dms: z
    .record(
      text(),
      onceUsed(() =>
        z.strictObject({
          historyLimit: z.int().min(0).optional().apply(about, "As `dmHistoryLimit`, for this person alone."),
          review: reviewField().optional().apply(about, "As `review`, for this person alone."),
        }),
      ),
    )
    .apply(about, "Settings per person in direct chats, by handle."),
  actions: onceUsed(() => z.strictObject(overrides(actionFields, accountDefaults.actions))).apply(
    about,
    "Which actions agents may use; merged key by key between channel and account.",
  ),
  sendReadReceipts: z
    .boolean()
    .apply(about, "Whether an accepted chat is marked read before the agent works (private API)."),
  typing: z.boolean().apply(about, "Whether a typing bubble shows while the agent works (private API)."),
  reactionNotifications: z
    .enum(["own", "all", "off"])
    .apply(about, "Which tapbacks the agent hears of: on its own messages, on all, or none."),
  coalesceSameSenderDms: z
    .boolean()
    .apply(about, "Whether a person's direct messages in quick succession become one turn."),
  waitWhileTyping: z
    .boolean()
    .apply(
      about,
      "Whether a turn of a direct chat waits until its person has stopped typing, at most 10 s (private API, imsg 0.14 and later).",
    ),
  catchup: onceUsed(() => z.strictObject(overrides(catchupFields, accountDefaults.catchup))).apply(
    about,
    "Replay of messages missed while the gateway was down; merged key by key between channel and account.",
  ),
  configWrites: z
    .boolean()
    .apply(about, "Whether `/config set` and `/config unset` in chat may change the configuration."),
  sendTransport: z
    .enum(["auto", "bridge", "applescript"])
    .apply(about, "How messages are sent: the private API, AppleScript, or whichever works."),
  watchDebounceMs: z
    .int()
    .min(0)
    .max(5000)
    .apply(about, "How long `imsg` gathers file events before it reports rows, milliseconds."),
  probeTimeoutMs: milliseconds().min(1).apply(about, "How long one check of a probe may take, milliseconds."),
  streaming: z
    .enum(["final", "block"])
    .apply(about, "Whether an answer is sent when the turn ends, or block by block while the agent works."),
  maxBubbles: z
    .int()
    .min(1)
    .max(20)
    .apply(about, "Most messages of text that one turn sends; the rest of a longer answer goes as a file."),
  outbound: onceUsed(() => z.strictObject(overrides(outboundFields, accountDefaults.outbound))).apply(
    about,
    "Late sends and pacing, so that the account is not flagged.",
  ),
  handoff: onceUsed(() => z.strictObject(overrides(handoffFields, accountDefaults.handoff))).apply(
    about,
    "What happens when the account's owner takes over a chat by hand.",
  ),
  review: reviewField().apply(
    about,
    "Whether what agents write waits as a draft for an owner's yes; the person's or group's own setting comes first, then the agent's.",
  ),
  reviewExpireMinutes: z
    .int()
    .min(1)
    .max(10_080)
    .apply(about, "A draft that nobody decided is dropped after this, minutes."),
  missedSummary: z
    .enum(["owner", "agent", "off"])
    .apply(about, "Who is told once of messages that arrived too late to be answered."),
};

/** The account block: every field optional, nothing filled in. */
const accountShape = overrides(accountFields, accountDefaults);

/** Fields of `channels.imessage` alone. */
const channelOnlyShape = {
  defaultAccount: id()
    .optional()
    .apply(about, "Account used where none is named; unset: `default`, else the only one."),
  accounts: z
    .record(id(), z.strictObject(accountShape))
    .optional()
    .apply(
      about,
      "Several accounts by id; each may override any field of the channel. Unset: one account `default`.",
    ),
};

/** `channels.imessage`. */
export const imessageChannel = z.strictObject({ ...accountShape, ...channelOnlyShape });

/** What the user wrote for one account, or for the channel. */
export type AccountOverrides = z.output<z.ZodObject<typeof accountShape, z.core.$strict>>;

type AccountFields = { [Key in keyof typeof accountFields]: z.output<(typeof accountFields)[Key]> };

/** Account fields that have no default: they stay absent when nobody sets them. */
type WithoutDefault = Exclude<keyof AccountFields, keyof typeof accountDefaults | "name">;

/** Account fields that are objects with a default per key. */
type Nested = "actions" | "catchup" | "outbound" | "handoff";

/** Every setting of one account with inheritance and defaults applied (behaviour 2.5). */
export type AccountSettings = Omit<AccountFields, WithoutDefault | Nested> &
  Partial<Pick<AccountFields, WithoutDefault>> & {
    [Key in Nested]: Required<Omit<AccountFields[Key], "newRecipientsPerDay">>;
  };
