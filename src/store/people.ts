import type { NewPairingRequest } from "./contract.js";
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

export interface PairingStore {
  /** Requests that are pending at the time given, oldest first. */
  pending(at: number, account?: string): PairingRequest[];
  /** The newest request with this code, whatever became of it. */
  findByCode(code: string, account?: string): PairingRequest | undefined;
  isApproved(account: string, handle: string): boolean;
  /** Who asked in this chat, by a request or a phrase, and is approved now; undefined when nobody is. */
  approvedIn(account: string, chatId: number): string | undefined;
  approvals(account?: string): Approval[];
  /** Admits the sender of a pending request; with `owner` it becomes the command owner, with `notify` it is told so. */
  approve(
    request: PairingRequest,
    at: number,
    options: { owner: boolean; notify?: NewOutboxItem; replay: boolean },
  ): Promise<{ replayed: number }>;
  /** Admits somebody without a request: taken over from another system. */
  admit(account: string, handle: string, at: number, options: { owner: boolean }): Promise<void>;
  deny(request: PairingRequest): Promise<void>;
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
