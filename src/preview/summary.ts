import type { Decision } from "../conversation/index.js";
import type { Verdict } from "./replay.js";

/** How often each thing would have happened. */
export interface Outcome {
  answered: number;
  commands: number;
  /** Pairing codes sent. */
  codes: number;
  /** Kept for a group's next turn. */
  context: number;
  dropped: number;
}

/** What would have become of one person's messages in one chat. */
export interface PersonPreview extends Outcome {
  sender: string;
  name: string | null;
  chatId: number;
  /** The group's name or identifier; null for a direct chat. */
  group: string | null;
  messages: number;
  /** Why messages would not have been answered, the most frequent first. */
  reasons: { reason: string; count: number; remedy: string; key: string | null }[];
}

/** Sums verdicts up by person and chat; who wrote most comes first. */
export function summarize(verdicts: readonly Verdict[]): PersonPreview[] {
  const people = new Map<string, PersonPreview>();
  for (const { row, decision } of verdicts) {
    const key = `${row.chat.id}\n${row.sender}`;
    const person = people.get(key) ?? {
      sender: row.sender,
      name: row.senderName ?? null,
      chatId: row.chat.id,
      group: decision.treatedAs === "group" ? row.chat.name || row.chat.identifier : null,
      messages: 0,
      ...nothing(),
      reasons: [],
    };
    people.set(key, person);
    person.messages += 1;
    person[outcomeOf(decision)] += 1;
    if (!("reason" in decision)) continue;
    const known = person.reasons.find(({ reason }) => reason === decision.reason);
    if (known) known.count += 1;
    else {
      const { reason, remedy, key: path = null } = decision;
      person.reasons.push({ reason, count: 1, remedy, key: path });
    }
  }
  for (const { reasons } of people.values()) reasons.sort((one, other) => other.count - one.count);
  return [...people.values()].sort((one, other) => other.messages - one.messages);
}

/** Sums people up. */
export function totalOf(people: readonly PersonPreview[]): Outcome & { messages: number } {
  const total = { messages: 0, ...nothing() };
  for (const person of people)
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += person[name];
  return total;
}

function nothing(): Outcome {
  return { answered: 0, commands: 0, codes: 0, context: 0, dropped: 0 };
}

function outcomeOf(decision: Decision): keyof Outcome {
  switch (decision.kind) {
    case "dispatch":
      return "answered";
    case "command":
      return "commands";
    case "context":
      return "context";
    case "pairing":
      return decision.offer ? "codes" : "dropped";
    case "drop":
      return "dropped";
  }
}
