import type { Ownership } from "./first-owner.js";
import type { NewOutboxItem } from "./outbox.js";

/** A request to be let in (behaviour 3.3). */
export interface NewPairingRequest {
  /** Normal form. */
  handle: string;
  name?: string;
  code: string;
  requestedAt: number;
  expiresAt: number;
  chatId: number;
  /** First line of what was written. */
  text: string;
}

export interface PairingRequest extends NewPairingRequest {
  account: string;
  state: "pending" | "approved" | "denied";
  /** Set where the code surely never left: the request is pending, and may be offered again (behaviour 3.3). */
  isUnsent?: true;
}

export interface Approval {
  account: string;
  handle: string;
  approvedAt: number;
}

/** How a request is approved. */
export interface ApprovalWish {
  ownership: Ownership;
  /** What the sender is told, by what the approval makes of them; absent: nothing. */
  notice?: { owner: NewOutboxItem; guest: NewOutboxItem };
  /** Whether what was written since the request goes through the gates again. */
  replay: boolean;
}

/** What became of an approval: done, or the request was settled by somebody else or had expired, and nothing is changed. */
export type ApprovalOutcome =
  | { state: "done"; owner: boolean; told: boolean; replayed: number }
  | { state: "approved" | "denied" | "expired" };

export interface PairingStore {
  /** Requests that are pending at the time given, oldest first. */
  pending(at: number, account?: string): Promise<PairingRequest[]>;
  /** The newest request with this code, whatever became of it. */
  findByCode(code: string, account?: string): Promise<PairingRequest | undefined>;
  /** Whether somebody was let in and is not revoked. @param handle in normal form */
  isApproved(account: string, handle: string): Promise<boolean>;
  /** Who asked in this chat, by a request or a phrase, and is approved now; undefined when nobody is. */
  approvedIn(account: string, chatId: number): Promise<string | undefined>;
  /** Who was let in, by an account or by all, in that order of time. */
  approvals(account?: string): Promise<Approval[]>;
  /** Admits the sender of a pending request, decides whether that makes an owner, and tells the sender, in one commit. */
  approve(request: PairingRequest, at: number, wish: ApprovalWish): Promise<ApprovalOutcome>;
  /** Admits somebody without a request: taken over from another system. */
  admit(account: string, handle: string, at: number): Promise<void>;
  /** @returns false when the request was settled before */
  deny(request: PairingRequest): Promise<boolean>;
  /** @returns false when there was no such approval */
  revoke(account: string, handle: string): Promise<boolean>;
  /** Whether this person said STOP and has not said START since. */
  hasOptedOut(account: string, handle: string): Promise<boolean>;
  /** Who said STOP and has not said START since; `since` in milliseconds since the epoch. */
  optedOut(account?: string): Promise<{ account: string; handle: string; since: number }[]>;
  /** Owners that pairing made; those of the configuration are not in it. */
  owners(account: string): Promise<string[]>;
}
