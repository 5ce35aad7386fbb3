import type { Chat } from "./chat.js";

/** A file of a message, as the bridge reports it (protocol reference 4.3). */
export interface Attachment {
  /** Absolute path on the machine that runs Messages; empty while the file is not there. */
  path: string;
  /** The name shown to people. */
  name: string;
  mimeType: string;
  uti: string;
  bytes: number;
  missing: boolean;
  isSticker: boolean;
  /** A variant that is easier to read (CAF as M4A, GIF as PNG), where the source made one. */
  converted?: { path: string; mimeType: string };
}

/** A tapback that arrived as a row of its own (protocol reference 7.2). */
export interface TapbackEvent {
  /** `love like dislike laugh emphasis question custom sticker`; `unknown` when it could not be decoded. */
  kind: string;
  emoji: string;
  added: boolean;
  /** GUID of the message it is on, without `p:N/` and `bp:` in front. */
  targetGuid: string;
}

/** The message that another one answers. */
export interface ReplyContext {
  guid: string;
  text?: string;
  sender?: string;
}

/** One row that Messages stored, in or out, as a bridge reports it. */
export interface MessageRow {
  /** `message.ROWID`: the cursor of this database file. */
  rowId: number;
  /**
   * Where a subscription may resume once this row is safe, exclusive; absent where no subscription reported the row: it says
   * nothing of those before it then. Builds that hold a row back to fold its link preview in report later rows first, with a
   * lower cursor (protocol reference 3.4, item 12).
   */
  cursor?: number;
  /** Upper-case UUID; empty on very old schemas. */
  guid: string;
  chat: Chat;
  /** Handle of the row; of own rows in a direct chat it is the other party (protocol reference 9.6). May be empty. */
  sender: string;
  senderName?: string;
  fromMe: boolean;
  /** May hold U+FFFC for attachments; empty for system rows and unsent messages. */
  text: string;
  /** Set where there was a text of which nothing could be read (protocol reference 8.4); `text` is empty then. */
  undecoded?: true;
  /** Milliseconds since the epoch. */
  sentAt: number;
  /** The own address that the row used, where stored. */
  destination?: string;
  replyTo?: ReplyContext;
  /** GUID of the first message of the thread, for inline replies. */
  threadGuid?: string;
  tapback?: TapbackEvent;
  /** The row is news of an earlier message (behaviour 9.7) that was edited or taken back; it has no text of its own. */
  change?: { guid: string; kind: "edited" | "unsent"; before: string; text: string };
  attachments: Attachment[];
  /** Set on app and link balloons, since imsg 0.11.1. */
  balloon?: string;
  /** The link-preview row that was folded into this one, since imsg 0.11.1. */
  preview?: { rowId: number; guid: string };
  /** What of the row could not be understood; such a row is kept with what could be read of it, and never answered. */
  fault?: string;
  /** The poll in imsg's own shape, since imsg 0.10.0. */
  poll?: Record<string, unknown>;
}
