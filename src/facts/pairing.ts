import type { PairingRequest } from "../store/index.js";

/** A request to be let in as programs see it (behaviour 17.4). */
export function requestRow(request: PairingRequest) {
  return {
    account: request.account,
    sender: request.handle,
    name: request.name ?? null,
    code: request.code,
    requestedAt: new Date(request.requestedAt).toISOString(),
    expiresAt: new Date(request.expiresAt).toISOString(),
    text: request.text,
  };
}
