import type { SqlValue } from "../../platform/index.js";
import type { Approval, PairingRequest } from "../pairing.js";

/** A row of the table `pairing`, as the domain reads it. */
export function toRequest(row: Record<string, SqlValue>): PairingRequest {
  const request: PairingRequest = {
    account: String(row.account),
    handle: String(row.handle),
    code: String(row.code),
    requestedAt: Number(row.requested_at),
    expiresAt: Number(row.expires_at),
    chatId: Number(row.chat_id),
    text: String(row.text),
    state: row.state === "unsent" ? "pending" : (row.state as PairingRequest["state"]),
    ...(row.state === "unsent" && { isUnsent: true }),
  };
  const name = row.name ?? row.later_name ?? null;
  if (name !== null) request.name = String(name);
  return request;
}

/** A request for those who read events: that does not make them somebody who lets people in. */
export function withoutCode(row: Record<string, SqlValue>): Omit<PairingRequest, "code"> {
  const { code: _, ...request } = toRequest(row);
  return request;
}

/** A row of the table `approval`, as the domain reads it. */
export function toApproval(row: Record<string, SqlValue>): Approval {
  return { account: String(row.account), handle: String(row.handle), approvedAt: Number(row.approved_at) };
}

/** A row of the table `opt_out`. */
export function toOptOut(row: Record<string, SqlValue>): { account: string; handle: string; since: number } {
  return { account: String(row.account), handle: String(row.handle), since: Number(row.since) };
}
