import {
  addressProblem,
  listOf,
  type Move,
  missingIn,
  substitute,
  type Tree,
  treeOf,
} from "../../config/fitting/index.js";
import type { ConfigPath } from "../../config/index.js";
import { normalizeHandle } from "../../conversation/index.js";
import { normalForm, readEntry } from "../there/entries.js";
import type { Traits } from "../there/traits.js";

/** How the other file names people. */
export interface Naming {
  traits: Traits;
  /** `accessGroups` of the other file. */
  groups: Tree;
  /** Regions in which numbers without `+` will be read here. */
  regions: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/** An entry of a list of people, as it is written here. */
interface Written {
  address: string;
  isChat: boolean;
}

interface Reading {
  written: Written[];
  /** Why it is not the same text, or why there is nothing. */
  why?: string;
}

/** Which entries of a list are meant: those that name people, or those that name chats too. */
type Wanted = "people" | "all";

/**
 * Writes the entries of a list so that they mean here what they meant there. A bad entry must not take the others along,
 * nor make the list unset.
 */
export function addressMoves(
  value: unknown,
  from: ConfigPath,
  to: ConfigPath,
  naming: Naming,
  wanted: Wanted = "all",
): Move[] {
  const whys = new Set<string>();
  const dropped: Move[] = [];
  const kept = listOf(value).flatMap((entry, index): string[] => {
    const { written, why } = readAddress(entry, naming);
    const meant = written.filter(({ isChat }) => wanted === "all" || !isChat);
    if (meant.length > 0 && why !== undefined) whys.add(why);
    if (meant.length > 0) return meant.map(({ address }) => address);
    const reason = written.length > 0 ? "there, a chat was let in by groupAllowFrom alone" : why;
    dropped.push({ from: [...from, index], to: undefined, value: entry, why: reason });
    return [];
  });
  if (!Array.isArray(value)) whys.add("it is a list here");
  const note = whys.size === 0 ? {} : { why: [...whys].join("; ") };
  return [{ from, to, value: [...new Set(kept)], ...note }, ...dropped];
}

/** Whether a list names chats beside people. */
export function namesChats(list: unknown, naming: Naming): boolean {
  return listOf(list).some((entry) => readAddress(entry, naming).written.some(({ isChat }) => isChat));
}

/** Whether a list lets everyone in. */
export function namesEveryone(list: unknown, naming: Naming): boolean {
  return listOf(list).some((entry) =>
    readAddress(entry, naming).written.some(({ address }) => address === "*"),
  );
}

function readAddress(raw: unknown, naming: Naming): Reading {
  if (typeof raw !== "string" && typeof raw !== "number") return { written: [], why: "this is not a handle" };
  const filled = substitute(raw, naming.env).value;
  if (filled !== raw) return readVariable(String(raw), filled, naming);
  const entry = readEntry(raw, naming.traits);
  const as = (address: string, isChat: boolean, why: string): Reading =>
    address === raw ? { written: [{ address, isChat }] } : { written: [{ address, isChat }], why };
  switch (entry?.kind) {
    case undefined:
      return { written: [], why: "it named nobody there" };
    case "everyone":
      return as("*", false, "everyone");
    case "chat_id":
      return entry.id > 0
        ? as(`chat_id:${entry.id}`, true, "chats are named by chat_id, chat_guid or chat_identifier here")
        : { written: [], why: "there is no chat of this number" };
    case "chat_guid":
    case "chat_identifier":
      return as(
        `${entry.kind}:${entry.text}`,
        true,
        "chats are named by chat_id, chat_guid or chat_identifier here",
      );
    case "group":
      return peopleOf(entry.name, naming);
    case "handle":
      return readHandle(raw, entry.handle, naming);
  }
}

/** A variable stays where its value means the same here; one that is not set yet is known when the gateway runs. */
function readVariable(raw: string, filled: unknown, naming: Naming): Reading {
  if (missingIn(raw, naming.env).length > 0) return { written: [{ address: raw, isChat: false }] };
  const reading = readAddress(filled, { ...naming, env: {} });
  const [first] = reading.written;
  const isSame = reading.written.length === 1 && first!.address === filled;
  return isSame ? { written: [{ ...first!, address: raw }] } : reading;
}

/** The people of an access group take its place. */
function peopleOf(name: string, naming: Naming): Reading {
  const group = naming.groups[name];
  if (group === undefined)
    return { written: [], why: `there is no access group ${name}, so it named nobody` };
  const { type, members } = treeOf(group);
  if (type !== "message.senders")
    return { written: [], why: `the people of the access group ${name} are known to another channel alone` };
  const plain = { ...naming, traits: { ...naming.traits, accessGroups: false } };
  const written = ["*", naming.traits.channel].flatMap((key) =>
    listOf(treeOf(members)[key]).flatMap((one) => readAddress(one, plain).written),
  );
  return { written, why: `the people of the access group ${name} stand in its place` };
}

/** Takes the text as it is where it names the same person here, else the form in which it was compared there. */
function readHandle(raw: string | number, there: string, { traits, regions }: Naming): Reading {
  const text = String(raw)
    .trim()
    .replace(/^bluebubbles:/i, "")
    .trim();
  const isCode = text.length <= 6;
  const address = (typeof raw === "number" && !isCode ? [there, text] : [text, there]).find((one) =>
    regions.every((region) => namesSame(normalizeHandle(one, region), there, traits)),
  );
  if (address === undefined)
    return { written: [], why: `there it was read as ${there}, which cannot be written here` };
  const problem = addressProblem(address);
  if (problem !== undefined) return { written: [], why: problem };
  const why = address === there ? `there it was read as ${there}` : "without the prefix";
  return address === raw
    ? { written: [{ address, isChat: false }] }
    : { written: [{ address, isChat: false }], why };
}

/** Whether who has a normal form here is who was meant there. The case of names of businesses makes no difference here. */
export function namesSame(here: string, there: string, { plusForAll }: Traits): boolean {
  return normalForm(here, plusForAll).toLowerCase() === there.toLowerCase();
}
