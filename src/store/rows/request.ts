import type { SqlValue } from "../../platform/index.js";
import type { StandingStop } from "../gate.js";
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

/** Of a STOP that is said again: it stands as sent with the newest. */
export const standsWithNewest = `ON CONFLICT (account, handle) DO UPDATE SET since = excluded.since, sent_at = excluded.sent_at
    WHERE excluded.sent_at > coalesce(opt_out.sent_at, opt_out.since)`;

/** Keeps the STOP of a row of the journal: its handle, now, the row's id. A row without a time counts by ours. */
export const keepStopSql = `INSERT INTO opt_out (account, handle, since, sent_at)
  SELECT account, ?1, ?2, nullif(sent_at, 0) FROM journal WHERE id = ?3 ${standsWithNewest}`;

/** A row of the table `opt_out`, as the gates look at it. */
export function toStop({ since, sent_at }: Record<string, SqlValue>): StandingStop {
  return { since: Number(since), ...(typeof sent_at === "number" && { sentAt: sent_at }) };
}

/** A row of the table `opt_out`. */
export function toOptOut(row: Record<string, SqlValue>): { account: string; handle: string; since: number } {
  return { account: String(row.account), handle: String(row.handle), since: Number(row.since) };
}
