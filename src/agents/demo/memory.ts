import { cutText } from "../../conversation/index.js";

/** A thing that somebody asked the agent to remember. */
export interface Fact {
  text: string;
  /** The handle that said it: in a shared session "my" is not always the reader's. */
  by: string;
}

/** What the demo agent keeps of a session. Every list is bounded, so that a row in the store stays under 20 KB. */
export interface Memory {
  /** Messages seen in this session. */
  messages: number;
  facts: Fact[];
  /** Names that people gave themselves, by handle. */
  names: Record<string, string>;
  /** The last answers in the agent's own words, to know them when they come back. */
  own: string[];
}

const maxFacts = 40;
const maxFactLength = 200;
const maxNames = 30;
const maxOwn = 6;
/** Shorter texts ("4", "Heads") are things that people say themselves. */
const minOwnLength = 20;
const maxOwnLength = 200;

/** Reads what was stored; anything that does not fit is left out, so that an old or foreign shape starts afresh. */
export function readMemory(stored: unknown): Memory {
  const from = isRecord(stored) ? stored : {};
  return {
    messages: typeof from.messages === "number" && Number.isSafeInteger(from.messages) ? from.messages : 0,
    facts: (Array.isArray(from.facts) ? from.facts : []).filter(isFact).slice(-maxFacts),
    names: Object.fromEntries(
      Object.entries(isRecord(from.names) ? from.names : {})
        .filter(isNamed)
        .slice(-maxNames),
    ),
    own: (Array.isArray(from.own) ? from.own : []).filter((own) => typeof own === "string").slice(-maxOwn),
  };
}

/** Adds a fact; the oldest gives way. Said again, it moves to the end. */
export function keepFact(memory: Memory, fact: Fact): void {
  const text = cutText(fact.text, maxFactLength);
  memory.facts = memory.facts.filter((known) => known.text.toLowerCase() !== text.toLowerCase());
  memory.facts.push({ text, by: fact.by });
  memory.facts = memory.facts.slice(-maxFacts);
}

/** Keeps the name that a person gives himself. */
export function keepName(memory: Memory, handle: string, name: string): void {
  const others = Object.entries(memory.names).filter(([known]) => known !== handle);
  memory.names = Object.fromEntries([...others.slice(1 - maxNames), [handle, cutText(name, 60)]]);
}

/** Keeps an answer, to know it when it comes back. */
export function keepOwn(memory: Memory, text: string): void {
  if (text.length < minOwnLength || memory.own.includes(fingerprint(text))) return;
  memory.own = [...memory.own, fingerprint(text)].slice(-maxOwn);
}

/** @returns whether the agent itself said this lately: two agents that answer each other end here. */
export function isOwn(memory: Memory, text: string): boolean {
  return text.length >= minOwnLength && memory.own.includes(fingerprint(text));
}

/** Formatting may be lost on the way, so only letters and digits count. */
function fingerprint(text: string): string {
  return text
    .slice(0, 2 * maxOwnLength)
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase()
    .slice(0, maxOwnLength);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFact(value: unknown): value is Fact {
  return isRecord(value) && typeof value.text === "string" && typeof value.by === "string";
}

function isNamed(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string";
}
