import type { NewPairingRequest } from "./contract.js";
import type { Ownership } from "./first-owner.js";
import type { NewOutboxItem } from "./outbox.js";

export interface PairingRequest extends NewPairingRequest {
  account: string;
  state: "pending" | "approved" | "denied";
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
  pending(at: number, account?: string): PairingRequest[];
  /** The newest request with this code, whatever became of it. */
  findByCode(code: string, account?: string): PairingRequest | undefined;
  isApproved(account: string, handle: string): boolean;
  /** Who asked in this chat, by a request or a phrase, and is approved now; undefined when nobody is. */
  approvedIn(account: string, chatId: number): string | undefined;
  approvals(account?: string): Approval[];
  /** Admits the sender of a pending request, decides whether that makes an owner, and tells the sender, in one commit. */
  approve(request: PairingRequest, at: number, wish: ApprovalWish): Promise<ApprovalOutcome>;
  /** Admits somebody without a request: taken over from another system. */
  admit(account: string, handle: string, at: number): Promise<void>;
  /** @returns false when the request was settled before */
  deny(request: PairingRequest): Promise<boolean>;
  /** @returns false when there was no such approval */
  revoke(account: string, handle: string): Promise<boolean>;
  /** Whether this person said STOP and has not said START since. */
  hasOptedOut(account: string, handle: string): boolean;
  optedOut(account?: string): { account: string; handle: string; since: number }[];
  /** Owners that pairing made; those of the configuration are not in it. */
  owners(account: string): string[];
}

/** A phrase that lets in whoever writes it first (behaviour 3.6). */
export interface NewEnrolment {
  /** In the form in which texts are compared. */
  phrase: string;
  /** Whether its writer becomes an owner. */
  owner: boolean;
  createdAt: number;
  expiresAt: number;
}

export interface Enrolment extends NewEnrolment {
  id: number;
  account: string;
  /** `used` by its writer, `replaced` by a newer one, `guessed` when too many wrong phrases came. */
  state: "open" | "used" | "replaced" | "guessed";
  /** Who wrote it, as Apple names that person. */
  handle?: string;
}

export interface EnrolmentStore {
  /** Opens an enrolment; an open one of the account is replaced. */
  open(account: string, enrolment: NewEnrolment): Promise<Enrolment>;
  /** The account's enrolment that is open at a time. */
  current(account: string, at: number): Enrolment | undefined;
  get(id: number): Enrolment | undefined;
  /** The newest of an account, or of all. */
  last(account?: string): Enrolment | undefined;
  /** How often somebody wrote a wrong phrase, and how often all did. */
  guesses(id: number, handle: string): { own: number; all: number };
  /** Notes a wrong phrase; the `most`th of all ends the enrolment. */
  guessed(id: number, handle: string, most: number): Promise<void>;
}

/** Something that the owner is to know. */
export interface NewNotice {
  /** What happened where, e.g. `turn_failed chat:7`: told once in a window. */
  key: string;
  /** Milliseconds in which the same key is not told again. */
  windowMs: number;
  items: NewOutboxItem[];
}

export interface NoticeStore {
  /** Puts a notice into the outbox, unless its key was told within the window. @returns whether it was */
  post(account: string, notice: NewNotice, at: number): Promise<boolean>;
}
