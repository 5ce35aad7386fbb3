import type { ForgeableService } from "./chat.js";

/** One gate that a message met, for `explain` (behaviour 14). */
export interface GateStep {
  /** e.g. `dmPolicy`, `allowFrom`, `groups`, `mention`, `own`, `backlog`. */
  gate: string;
  passed: boolean;
  /** The configuration path that decided, e.g. `channels.imessage.dmPolicy`; absent where none does. */
  key?: string;
  /** One sentence for a person. */
  detail: string;
  /** A setting that leaves this gate without force; said once per account and word, e.g. `mention_patterns_missing`. */
  warning?: string;
}

interface DecisionBase {
  /** Every gate in the order it was met, the deciding one last. */
  gates: GateStep[];
  /** Whether the chat is judged as a direct chat or as a group (behaviour 4.1). */
  treatedAs: "direct" | "group";
}

/** Every reason why a message got no turn: stable words that `inbox`, `explain`, `retry --reason` and logs share. */
export const reasons = [
  // Rows that are nobody's message to us.
  "echo",
  "own_message",
  "not_understood",
  "reinserted",
  "empty",
  "unreadable",
  "no_sender",
  "no_chat",
  // Too late, taken back, or ended.
  "backlog",
  "missed_offline",
  "waiting_catchup",
  "restored",
  "repeated_text",
  "unsent",
  "stopped",
  // People.
  "opted_out",
  "enrolment_service",
  "dm_disabled",
  "dm_not_allowed",
  "self_chat_not_allowed",
  "sender_without_pairing",
  "pairing_service",
  "pairing_pending",
  "pairing_full",
  "pairing_offered",
  // Groups.
  "group_disabled",
  "group_sender_not_allowed",
  "group_not_listed",
  "group_chat_disabled",
  "not_mentioned",
  // What was sent.
  "attachments_only",
  "poll_vote",
  "tapback",
  "edited",
  "taken_back",
  "tapback_off",
  "tapback_not_ours",
  // The agent keeps quiet.
  "limit_reached",
  "hushed",
  "loop_guard",
] as const;

export type Reason = (typeof reasons)[number];

/** Why a message got no turn. */
export interface Refusal {
  reason: Reason;
  /** One sentence: what would change the outcome. */
  remedy: string;
  /** The one configuration path whose change would change the outcome; absent where none would. */
  key?: string;
}

/**
 * What becomes of an inbound row. Total: every row gets exactly one.
 * - `dispatch`: a turn of an agent.
 * - `command`: for the gateway itself, by the command's name: one that is typed, or one of `untypedCommands`. With
 *   `silent` nothing is answered; `over` names the service of one that is believed although its sender could be forged.
 * - `pairing`: an unknown sender; `offer` sends one code, otherwise nothing is sent.
 * - `context`: no turn of its own, but handed to the next one: a group message that failed only the mention gate
 *   (`not_mentioned`), or a tapback, vote, edit or unsend that becomes a note (`tapback`, `poll_vote`, `edited`, `taken_back`).
 * - `drop`: nothing happens, for the reason given.
 */
export type Decision =
  | (DecisionBase & { kind: "dispatch"; isOwner: boolean })
  | (DecisionBase & {
      kind: "command";
      isOwner: boolean;
      name: string;
      silent?: boolean;
      over?: ForgeableService;
    })
  | (DecisionBase & Refusal & { kind: "pairing"; offer: boolean })
  | (DecisionBase & Refusal & { kind: "context" })
  | (DecisionBase & Refusal & { kind: "drop" });
