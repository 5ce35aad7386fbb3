import { createHash } from "node:crypto";

/** What is noted of a webhook beside its cursor. */
export interface HookMemory {
  /** Since when nothing gets through, milliseconds since the epoch. */
  failingSince?: number;
  /** Why. */
  why?: string;
  /** When it is tried again, milliseconds since the epoch. */
  nextTryAt?: number;
  /** Owners were told of it. */
  told?: true;
  /** It answered that it is gone for good. */
  gone?: true;
  /** When the configuration named it no more, milliseconds since the epoch. */
  removedAt?: number;
}

/** What every webhook's reader is named with. */
export const readerPrefix = "webhook:";

/** The name of a webhook among the readers of events: its address may hold a secret, so that it is not kept. */
export function readerOf(url: string): string {
  return `${readerPrefix}${createHash("sha256").update(url).digest("hex").slice(0, 32)}`;
}

/** What a person knows a webhook by; of an address only the machine, for the rest may be a secret. */
export function hookName(url: string): string {
  return new URL(url).host;
}
