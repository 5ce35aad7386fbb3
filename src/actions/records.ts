import { createHash } from "node:crypto";
import { sidOf } from "../conversation/index.js";
import type { Store } from "../store/index.js";
import type { ActionRequest } from "./parameters.js";

/** The parameters as they are recorded: bytes by their hash, which tells the same file again. */
export function loggable(request: ActionRequest): Record<string, unknown> {
  const { action: _action, ...parameters } = request as { action: string; buffer?: unknown };
  if (typeof parameters.buffer !== "string") return parameters;
  return { ...parameters, buffer: `sha256:${createHash("sha256").update(parameters.buffer).digest("hex")}` };
}

/** The ids of a sent message as agents use them (behaviour 11.2); the short one only once its row was journaled. */
export async function sentFacts(
  guid: string | undefined,
  store: Store,
  account: string,
): Promise<Record<string, unknown>> {
  if (guid === undefined) return {};
  const entry = await store.journal.findByGuid(guid, account);
  return { MessageSidFull: guid, ...(entry && { MessageSid: sidOf(entry.id) }) };
}
