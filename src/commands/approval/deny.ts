import type { PairingRequest, Store } from "../../store/index.js";
import { settledBefore } from "./request.js";
import { denialReport } from "./text.js";

/**
 * Denies a request, whoever asks for it (behaviour 3.3).
 * @returns what to say to whoever denied it
 * @throws `PAIRING_CODE_USED` when it was settled meanwhile
 */
export async function denyRequest(store: Store, request: PairingRequest): Promise<string> {
  if (await store.pairing.deny(request)) return denialReport(request);
  const now = await store.pairing.findByCode(request.code, request.account);
  throw settledBefore(request, now?.state === "approved" ? "approved" : "denied");
}
