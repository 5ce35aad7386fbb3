import { type Decision, reasonText } from "../conversation/index.js";
import type { Claim, JournalEntry, Store } from "../store/index.js";

/** Messages of a chat that are held at once; far more than a person writes meanwhile. */
const mostHeld = 1000;

/**
 * Ends what was written in a message's chat before it and is in no turn yet, held back for what its person writes next
 * (behaviour 9.3, 18.4). To be done before turns are cancelled: what is not held any more then is in one of these.
 * @returns how many messages
 */
export async function endHeld(
  { id, account, row }: JournalEntry,
  claim: Claim,
  store: Pick<Store, "journal">,
  at: number,
): Promise<number> {
  const filter = { account, chatId: row.chat.id, decision: "dispatch", state: "decided" } as const;
  const held = await store.journal.list({ ...filter, before: id, limit: mostHeld });
  const { happened: detail, remedy } = reasonText("stopped");
  let count = 0;
  for (const { id: heldId, decision } of held) {
    const { treatedAs, gates } = decision!;
    const steps = [...gates, { gate: "stop", passed: false, detail }];
    const stopped: Decision = { kind: "drop", treatedAs, gates: steps, reason: "stopped", remedy };
    if ((await store.journal.decide(claim, heldId, stopped, at)) === "ok") count++;
  }
  return count;
}
