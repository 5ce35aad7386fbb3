import { type Decision, type MessageRow, reasonText } from "../conversation/index.js";
import type { InboundDeps } from "./intake-deps.js";

/** Puts rows into the inbox, where they stand until a later start takes them up (behaviour 9.4). @param key that limits what one start takes */
export async function deferRows(
  rows: readonly MessageRow[],
  key: string,
  { store, claim, clock }: Pick<InboundDeps, "store" | "claim" | "clock">,
): Promise<void> {
  const groups = rows.filter(({ chat }) => chat.isGroup);
  const direct = rows.filter(({ chat }) => !chat.isGroup);
  await store.journal.defer(claim, groups, waitingFor(key, "group"), clock.now());
  await store.journal.defer(claim, direct, waitingFor(key, "direct"), clock.now());
}

function waitingFor(key: string, treatedAs: Decision["treatedAs"]): Decision & { kind: "drop" } {
  const { happened: detail, remedy } = reasonText("waiting_catchup", { perRunLimit: key });
  return {
    kind: "drop",
    treatedAs,
    gates: [{ gate: "catchup", passed: false, detail, key }],
    reason: "waiting_catchup",
    key,
    remedy,
  };
}
