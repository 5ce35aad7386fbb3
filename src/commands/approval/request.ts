import { readPairingCode } from "../../access/index.js";
import { localTime, TapbackError } from "../../platform/index.js";
import type { PairingRequest, Store } from "../../store/index.js";

/**
 * Finds the request that a person settles by its code.
 * @param typed the code, in any case and with spaces
 * @param at milliseconds since the epoch
 * @throws `PAIRING_CODE_UNKNOWN`, `PAIRING_CODE_USED`, `PAIRING_CODE_EXPIRED`
 */
export async function findRequest(
  store: Store,
  typed: string,
  at: number,
  account?: string,
): Promise<PairingRequest> {
  const code = readPairingCode(typed);
  const request = code === undefined ? undefined : await store.pairing.findByCode(code, account);
  if (!request)
    throw new TapbackError("PAIRING_CODE_UNKNOWN", `no request has the code ${typed}`, {
      hint: "`tapback pairing list` shows the codes.",
    });
  if (request.state !== "pending") throw settledBefore(request, request.state);
  if (request.expiresAt <= at) throw settledBefore(request, "expired");
  return request;
}

/** The error for a request that nobody can settle any more. */
export function settledBefore(
  { code, expiresAt }: PairingRequest,
  state: "approved" | "denied" | "expired",
): TapbackError {
  if (state === "expired")
    return new TapbackError("PAIRING_CODE_EXPIRED", `the code ${code} expired ${localTime(expiresAt)}`, {
      hint: "The sender gets a new code with the next message.",
    });
  return new TapbackError("PAIRING_CODE_USED", `the request with the code ${code} was ${state} before`);
}
