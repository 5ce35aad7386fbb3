import type { SqlValue } from "../../platform/index.js";
import type { Enrolment } from "../enrolment.js";
import { orUndefined } from "./columns.js";

/** A row of the table `enrolment`, as the domain reads it. */
export function toEnrolment(row: Record<string, SqlValue>): Enrolment {
  const handle = orUndefined<string>(row.handle);
  return {
    id: Number(row.id),
    account: String(row.account),
    phrase: String(row.phrase),
    owner: Number(row.is_owner) === 1,
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    state: row.state as Enrolment["state"],
    handle,
  };
}
