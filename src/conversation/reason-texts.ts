import type { ErrorText } from "../platform/error-codes/index.js";
import type { Reason } from "./decision.js";

/** The words for a name that nobody fills in. */
const general = {
  allowFrom: "allowFrom",
  catchup: "catchup.enabled",
  chat: "the number of the chat",
  dmPolicy: "dmPolicy",
  enabled: "enabled of the group",
  fault: "a field is not what the protocol has",
  groupPolicy: "groupPolicy",
  groups: "groups",
  includeAttachments: "includeAttachments",
  late: "too long",
  limit: "turnsPerDay or tokensPerDay of the person's group",
  list: "the list that `tapback explain` names",
  named: "",
  own: "the account's own address",
  perRunLimit: "catchup.perRunLimit",
  quietMinutes: "handoff.quietMinutes",
  reactionNotifications: "reactionNotifications",
  requireMention: "requireMention of the group",
  sender: "the sender",
  service: "the service",
};

/** What a text of a reason may name. */
export type ReasonNames = Partial<Record<keyof typeof general, string>>;

/** What each reason means. A gate fills the names in braces with the person, the chat or the setting: see {@link reasonText}. */
const texts: Record<Reason, ErrorText> = {
  echo: {
    happened: "The gateway sent this message itself.",
    remedy: "Nothing: what the gateway sent is never answered.",
  },
  own_message: {
    happened: "The message was sent from this account.",
    remedy: "Nothing: own messages are never answered.",
  },
  not_understood: {
    happened: "The row cannot be understood in full: {fault}.",
    remedy: "Update imsg or tapback, and report it where that does not help: `tapback report`.",
  },
  reinserted: {
    happened: "Messages stored a message again that was handled before.",
    remedy: "Nothing: see the message that was handled.",
  },
  empty: {
    happened: "The row has no text and no attachment: a group event, or a message that was taken back.",
    remedy: "Nothing: there is nothing to answer.",
  },
  unreadable: {
    happened:
      "There is a message, and imsg cannot read it: an app's card, a poll, or a text in a form that it does not decode.",
    remedy:
      "Update imsg: from 0.11.1 on it names cards and polls, and from 0.14 on it decodes every text. Or ask the sender to write it.",
  },
  no_sender: {
    happened: "The row does not say who sent it.",
    remedy: "Nothing: Messages stored no sender.",
  },
  no_chat: {
    happened: "The row does not say which chat it is in, so it may be a group.",
    remedy: "Run `tapback retry` when Messages has placed the message in its chat.",
  },
  backlog: {
    happened: "The message arrived {late} after it was sent.",
    remedy:
      "Run `tapback retry` to have it answered now. Where every message seems late, compare this machine's clock with the Mac's.",
  },
  missed_offline: {
    happened: "The message came while the gateway was not running.",
    remedy: "Set {catchup} to true, or run `tapback retry`.",
  },
  waiting_catchup: {
    happened:
      "The message came while the gateway was not running, and one start replays no more than the limit.",
    remedy: "Nothing: a later start takes it up. Raise {perRunLimit}, or run `tapback retry`.",
  },
  restored: {
    happened:
      "Something was written in the chat after the backup that the state was restored from, so the message may have been answered then.",
    remedy: "Look into the chat, and run `tapback retry` where it was not.",
  },
  repeated_text: {
    happened: "The same text came a moment before and is answered with it.",
    remedy: "Nothing: see the message before it.",
  },
  unsent: {
    happened: "The message was taken back while it waited for its turn.",
    remedy: "Nothing: its sender took it back.",
  },
  stopped: {
    happened: "Its conversation was ended with /stop before its turn began.",
    remedy: "Run `tapback retry` to have it answered after all.",
  },
  opted_out: {
    happened: "The sender said STOP.",
    remedy: "The sender writes START.",
  },
  enrolment_service: {
    happened: "The phrase of `tapback pair` came over a service whose senders are not trusted{named}.",
    remedy: "Send the phrase as an iMessage.",
  },
  dm_disabled: {
    happened: "Direct messages are turned off.",
    remedy: "Set {dmPolicy} to pairing or allowlist.",
  },
  dm_not_allowed: {
    happened: "The sender is not listed and was not approved.",
    remedy: "Add {sender} to {allowFrom}, or approve the sender.",
  },
  self_chat_not_allowed: {
    happened: "This is the account's chat with itself, which never gets a pairing code.",
    remedy: "Add {own} to {allowFrom}.",
  },
  sender_without_pairing: {
    happened: "Short codes, names and business ids never get a pairing code.",
    remedy: "Add {sender} to {allowFrom}.",
  },
  pairing_service: {
    happened: "No code is sent over this service{named}.",
    remedy: "Add {service} to pairing.services, or the sender to {allowFrom}.",
  },
  pairing_pending: {
    happened: "A code was sent before and was not used yet.",
    remedy: "Approve the sender's code, or add the sender to {allowFrom}.",
  },
  pairing_full: {
    happened: "Too many pairing requests are pending.",
    remedy: "Approve or deny a pending request, or add the sender to {allowFrom}.",
  },
  pairing_offered: {
    happened: "The sender is unknown and gets a pairing code.",
    remedy: "Approve the sender's code, or add the sender to {allowFrom}.",
  },
  group_disabled: {
    happened: "Groups are turned off.",
    remedy: "Set {groupPolicy} to allowlist or open.",
  },
  group_sender_not_allowed: {
    happened: "The sender is not in the list that counts for this group.",
    remedy: "Add {sender} to {list}.",
  },
  group_not_listed: {
    happened: "Groups are listed, and this one is not among them.",
    remedy: 'Add {chat} or "*" to {groups}.',
  },
  group_chat_disabled: {
    happened: "This group is turned off.",
    remedy: "Set {enabled} to true.",
  },
  not_mentioned: {
    happened: "The message does not mention the agent; it is kept for the next turn of the group.",
    remedy: "Mention the agent, answer one of its messages, or set {requireMention} to false.",
  },
  attachments_only: {
    happened: "The message has attachments only, and these are not taken in.",
    remedy: "Set {includeAttachments} to true.",
  },
  poll_vote: {
    happened: "A vote is told to the agent with its next turn.",
    remedy: "Write a message to have it answered.",
  },
  tapback: {
    happened: "The tapback is told to the agent with its next turn.",
    remedy: "Write a message to have it answered.",
  },
  edited: {
    happened: "A message that was handled was edited; the agent is told with its next turn.",
    remedy: "Write a message to have it answered.",
  },
  taken_back: {
    happened: "A message that was handled was taken back; the agent is told with its next turn.",
    remedy: "Nothing: its sender took it back.",
  },
  tapback_off: {
    happened: "The agent is not told of tapbacks.",
    remedy: "Set {reactionNotifications} to own or all.",
  },
  tapback_not_ours: {
    happened: "The tapback is not on a message of ours.",
    remedy: "Set {reactionNotifications} to all.",
  },
  limit_reached: {
    happened: "Its person has had as many turns or tokens as the person's group has on a day.",
    remedy: "Wait for the next day or raise {limit}; then run `tapback retry`.",
  },
  hushed: {
    happened: "The account's human wrote here lately, so the agent keeps quiet.",
    remedy: "Use a command, wait, or set {quietMinutes} to 0.",
  },
  loop_guard: {
    happened: "The chat answered itself too often without new words.",
    remedy: "It is let go after a pause; then run `tapback retry`.",
  },
};

/**
 * Gives what a reason means and what to do.
 * @param names of the person, the chat and the settings where they are known; general words stand for the others
 */
export function reasonText(reason: Reason, names: ReasonNames = {}): ErrorText {
  const words: Record<string, string> = { ...general, ...names };
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => words[name]!);
  const { happened, remedy } = texts[reason];
  return { happened: fill(happened), remedy: fill(remedy) };
}
