import { join } from "node:path";
import type { JournalEntry, OutboxItem, Store } from "../../../src/store/index.js";
import { openStore } from "../../../src/store/index.js";
import type { Mac } from "./mac.js";

/**
 * The accounting identity: what was received is what the journal holds, each row ended once; what was sent is what the
 * outbox holds, each with a row of its own, or is reported (behaviour 14, 16.4).
 * @returns what does not add up
 */
export async function accountingOf(folder: string, mac: Mac): Promise<string[]> {
  const store = openStore(join(folder, "state/state.db"));
  try {
    return [...(await incoming(store, mac)), ...(await outgoing(store, mac))];
  } finally {
    void store.close();
  }
}

async function incoming(store: Store, mac: Mac): Promise<string[]> {
  const received = mac.received();
  const entries = new Map<string, JournalEntry[]>();
  for (const entry of await store.journal.list({ own: false, limit: 1_000_000 }))
    entries.set(entry.row.guid, [...(entries.get(entry.row.guid) ?? []), entry]);
  const problems: string[] = [];
  for (const guid of received) {
    const [entry, ...more] = entries.get(guid) ?? [];
    if (entry === undefined) problems.push(`${guid} was received and is not in the journal`);
    else if (more.length > 0) problems.push(`${guid} is in the journal ${more.length + 1} times`);
    else problems.push(...(await endOf(entry, store)));
  }
  const known = new Set(received);
  // Own rows may look received at first (protocol reference 9.5).
  const own = new Set(mac.sent().map(({ guid }) => guid));
  for (const [guid, [entry]] of entries)
    if (!known.has(guid) && !(own.has(guid) && entry?.decision?.kind === "drop"))
      problems.push(`${guid} was never received`);
  return problems;
}

/** Texts of which nobody knows whether they went out: Messages died with them. */
export async function lostIn(folder: string): Promise<string[]> {
  const store = openStore(join(folder, "state/state.db"));
  try {
    const items = await store.outbox.list({ states: ["unknown"], limit: 1_000_000 });
    return items.filter(({ attemptId }) => attemptId !== undefined).map(({ text = "" }) => text);
  } finally {
    void store.close();
  }
}

/** A row is over, by a decision; what is answered has a turn that is over too. */
async function endOf({ row, state, decision, turnId }: JournalEntry, store: Store): Promise<string[]> {
  if ((state !== "done" && state !== "failed") || decision === undefined)
    return [`${row.guid} ended as ${state}, ${decision?.kind ?? "undecided"}`];
  if (decision.kind !== "dispatch") return [];
  const turn = turnId === undefined ? undefined : await store.turns.get(turnId);
  return turn?.state === state ? [] : [`${row.guid} is ${state}, its turn ${turn?.state ?? "unknown"}`];
}

async function outgoing(store: Store, mac: Mac): Promise<string[]> {
  const rows = new Map(mac.sent().map((row) => [row.guid, row]));
  const byRowId = new Map([...rows.values()].map((row) => [row.rowId, row]));
  const items = await store.outbox.list({ limit: 1_000_000 });
  const problems: string[] = [];
  const reported: OutboxItem[] = [];
  for (const item of items) {
    // Whether a send may be lost under its own GUID is for the scenario to say.
    if (item.state === "unknown" && item.attemptId !== undefined) continue;
    if (item.state === "unknown" || item.state === "not_sent") reported.push(item);
    else if (item.state !== "stored" && item.state !== "delivered")
      problems.push(`"${item.text}" is ${item.state}`);
    else {
      const row = rows.get(item.guid ?? "") ?? byRowId.get(item.rowId ?? 0);
      if (row === undefined) problems.push(`"${item.text}" is ${item.state} without a row of its own`);
      else if (row.text !== item.text) problems.push(`"${item.text}" is taken for "${row.text}"`);
      else rows.delete(row.guid);
    }
  }
  for (const item of reported)
    problems.push(`"${item.text}" is ${item.state}: ${item.error?.code} ${item.error?.message}`);
  for (const { text } of rows.values()) problems.push(`"${text}" went out and is in no account`);
  return problems;
}
