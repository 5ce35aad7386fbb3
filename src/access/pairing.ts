/** The characters of a pairing code: 32, without those that look alike (behaviour 3.3). */
export const pairingAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Characters of a code. */
export const pairingCodeLength = 8;

/** How long a code is valid, milliseconds. */
export const pairingLifetimeMs = 60 * 60_000;

/** How many requests may be pending per account. */
export const maxPendingPairings = 3;

/**
 * Writes a pairing code from random bytes, five bits each, so that every code is equally likely.
 * @param random at least {@link pairingCodeLength} bytes from a cryptographic source
 * @throws RangeError when there are too few bytes
 */
export function pairingCode(random: Uint8Array): string {
  if (random.length < pairingCodeLength)
    throw new RangeError(`a pairing code needs ${pairingCodeLength} bytes`);
  return Array.from(random.subarray(0, pairingCodeLength), (byte) => pairingAlphabet[byte & 31]).join("");
}

/**
 * Reads a code as a person types it: case, spaces and dashes do not matter.
 * @returns the code, or undefined when no code can look like that
 */
export function readPairingCode(typed: string): string | undefined {
  const code = typed.replace(/[\s\-\u2010-\u2015\u2212]/g, "").toUpperCase();
  const isCode =
    code.length === pairingCodeLength && [...code].every((character) => pairingAlphabet.includes(character));
  return isCode ? code : undefined;
}

/** A request for pairing, as far as its rules need it. */
export interface PairingFacts {
  /** The handle in normal form. */
  sender: string;
  /** Milliseconds since the epoch. */
  requestedAt: number;
  /** Whether the code surely never left: then its sender was offered nothing. */
  isUnsent?: boolean;
}

/** Whether a request's code is still valid. @param now milliseconds since the epoch */
export function isPairingPending(request: PairingFacts, now: number): boolean {
  return now - request.requestedAt < pairingLifetimeMs;
}

/**
 * The state of a sender among the unsettled requests of one account.
 * @param sender in normal form
 * @param now milliseconds since the epoch
 */
export function pairingState(
  requests: readonly PairingFacts[],
  sender: string,
  now: number,
): "none" | "pending" | "full" {
  const pending = requests.filter((request) => isPairingPending(request, now));
  const own = pending.find((request) => request.sender === sender);
  if (own) return own.isUnsent ? "none" : "pending";
  return pending.length >= maxPendingPairings ? "full" : "none";
}
