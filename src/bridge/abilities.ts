import type { Chat, ChatTarget } from "../conversation/index.js";
import type { BridgeError } from "./error.js";

/** What can be done in a chat beside sending, each by one call, with what it takes. */
export interface MacActionParameters {
  /** `reaction`: a name of behaviour 11, or an emoji. */
  react: { message: string; reaction: string; remove: boolean };
  edit: { message: string; text: string };
  unsend: { message: string };
  renameGroup: { name: string };
  /** `file`: absolute path on this machine. */
  setGroupIcon: { file: string };
  addParticipant: { address: string };
  removeParticipant: { address: string };
  leaveGroup: Record<never, never>;
  poll: { question: string; options: string[]; replyTo?: string | undefined };
  /** `option`: its id, its number from 1, or its text. */
  pollVote: { poll: string; option: { id: string } | { index: number } | { text: string } };
}

export type MacAction = keyof MacActionParameters;

/** What a Mac may or may not be able to do beside plain text and files. */
export type Ability =
  | MacAction
  /** A tapback with any emoji. */
  | "reactWithEmoji"
  | "reply"
  | "effect"
  /** Bold, italic, underline and strikethrough. */
  | "styles"
  | "attachment"
  /** A file as a voice message. */
  | "voice"
  | "typing"
  | "read"
  | "sendStatus"
  /** Whether Messages would offer the account's name and photo in a chat. */
  | "offersContact"
  | "shareContact"
  /** A text under a GUID of ours. */
  | "tracked";

/**
 * Whether something can be used, and if not, why, in one sentence: the private API bridge is not up, the build has no
 * such method, or this macOS lacks what the method needs.
 */
export type Support =
  | { supported: true }
  | { supported: false; missing: "bridge" | "method" | "selector"; why: string };

/** What a probe found out about a Mac. */
export interface Capabilities {
  /** When it was found out, milliseconds since the epoch. */
  at: number;
  /** Version of the program; absent where it does not tell. */
  version?: string;
  privateApi: { available: boolean; version: number; message: string; remedy?: string };
  methods: string[];
  selectors: Record<string, boolean>;
  /** What the program says of its helper in Messages, where that is of another version. */
  helperMismatch?: string;
  /** Whether the build says method by method what it has; typing and read receipts need that (behaviour 11.3). */
  perMethod: boolean;
  /** Whether the build and the Mac have an ability; if not, why. */
  can(ability: Ability): Support;
}

/** A chat by its row, or by its GUID where the row is not known (`id` 0). */
export type ChatRef = Pick<Chat, "id" | "guid">;

/** What came of an action. `unsupported`: it was not tried, with a sentence for a person. */
export type ActionOutcome<Facts = { guid?: string }> =
  | { state: "done"; facts: Facts }
  | { state: "unsupported"; missing: "bridge" | "method" | "selector"; why: string }
  | { state: "failed"; error: BridgeError };

/** Where a sent message stands, as Messages says. */
export interface DeliveryFacts {
  /** Whether Messages has a row with its GUID. */
  isThere: boolean;
  state: "pending" | "sent" | "delivered" | "failed";
  /** `iMessage`, `SMS`, `RCS`; absent where Messages does not tell. */
  service?: string;
  deliveredAt?: number;
  readAt?: number;
  /** The message went as SMS although it was meant as iMessage. */
  downgraded: boolean;
}

/**
 * What a Mac may be able to do. Every call asks the last probe first, and probes when nothing is known or the last answer
 * was bad; none rejects. Replies, effects, styles and files go through `Bridge.send`.
 */
export interface MacActions {
  /** What the last probe found; undefined before the first, and when the last one failed. Starts a new one when it is old. */
  capabilities(): Capabilities | undefined;
  /**
   * Whether something can be done now: finds out first when nothing is known, and before a refusal on an old answer.
   * @returns undefined when it could not be found out
   */
  support(ability: Ability): Promise<Support | undefined>;
  /** Finds out anew. @returns undefined when it could not be found out */
  probe(): Promise<Capabilities | undefined>;
  /** Does one thing in a chat. */
  act<Action extends MacAction>(
    action: Action,
    chat: ChatRef,
    parameters: MacActionParameters[Action],
  ): Promise<ActionOutcome>;
  /** Shows or hides the typing bubble; only where a probe said that it works. */
  typing(chat: ChatRef, on: boolean): Promise<ActionOutcome>;
  /** Marks a chat read; only where a probe said that it works. */
  read(chat: ChatRef): Promise<ActionOutcome>;
  /** Whether Messages would offer the account's name and photo in a chat now; what it does not tell is a no. */
  offersContact(chat: ChatRef): Promise<ActionOutcome<{ offers: boolean }>>;
  /** Asks Messages to send the account's name and photo to everybody in a chat; nothing tells whether they arrived. */
  shareContact(chat: ChatRef): Promise<ActionOutcome>;
  /** What Messages knows of a sent message: delivered, read, gone as SMS, given up. @param guid of its row */
  sendStatus(guid: string): Promise<ActionOutcome<DeliveryFacts>>;
}

/** The reference of a chat target. */
export function chatRefOf(target: ChatTarget): ChatRef {
  if (target.kind === "chat_id") return { id: target.chatId, guid: "" };
  return { id: 0, guid: target.kind === "chat_guid" ? target.guid : target.identifier };
}
