import { isTree, listOf, numberFor, type Tree, treeOf } from "../config/fitting/index.js";
import { normalizeHandle } from "../conversation/index.js";
import type { Probe } from "./probe.js";
import { type Entry, normalForm, readEntry } from "./there/entries.js";
import type { Traits } from "./there/traits.js";
import type { KnownChat } from "./translation/groups.js";

/** A message that both rule sets are asked about, with how the report names it. */
export interface Question extends Probe {
  /** Undefined: whoever is named nowhere. */
  person: string | undefined;
  /** Where it was written: a direct chat, a group that is named, or any other group. */
  place: { kind: "direct" } | { kind: "group"; name: string; key: string | undefined } | { kind: "other" };
  /** It has no mention, and others have one. */
  isPlain: boolean;
  /** In how many ways the agent is mentioned in the questions about the same person and place. */
  mentions: number;
  /** The entry that names this chat with another service in front of its GUID. */
  respelled?: string;
}

/** What questions are made from: both configurations, as far as they name somebody. */
export interface Named {
  old: Tree;
  config: Tree;
  traits: Traits;
  approved: readonly { account: string; handle: string }[];
  chats: readonly KnownChat[];
}

/** Nobody's: not in any list, whatever is in them. */
const strangerNumber = numberFor("\u0000stranger");
/** Of no chat that a file names. */
export const unnamedChat = 900_000_001;
/** Of chats that a file names by GUID alone. */
const firstMadeUp = 800_000_000;

/**
 * Makes the messages that tell two rule sets apart: everybody who is named anywhere and one who is not, in a direct chat,
 * in every group that is named and in one that is not, with and without a mention.
 * @param accounts ids of all accounts of both
 */
export function questionsFor(named: Named, accounts: readonly string[]): Question[] {
  const people = peopleOf(named);
  const rooms = roomsOf(named);
  const texts = textsOf(named);
  const questions: Question[] = [];
  for (const account of accounts) {
    for (const [index, person] of [...people, undefined].entries()) {
      const sender = person ?? strangerNumber;
      const id = unnamedChat + 1 + index;
      const chat = { id, guid: `iMessage;-;${sender}`, identifier: sender, isGroup: false };
      questions.push({
        account,
        sender,
        chat,
        text: texts[0]!,
        person,
        place: { kind: "direct" },
        isPlain: false,
        mentions: 0,
      });
      for (const room of rooms)
        for (const [position, text] of texts.entries())
          questions.push({
            account,
            sender,
            ...room,
            text,
            person,
            isPlain: position === 0 && texts.length > 1,
            mentions: texts.length - 1,
          });
    }
  }
  return questions;
}

/** Senders as Messages reports them. */
function peopleOf({ old, config, traits, approved }: Named): string[] {
  const listed = [old, config].flatMap((tree) => [...entriesIn(tree), ...peersIn(tree, /^(direct|dm)$/i)]);
  const entries = [...listed, ...approved.map(({ handle }) => handle)];
  return [...new Set(entries.flatMap((raw) => handlesOf(raw, traits)))];
}

/** What names a sender, in the forms in which Messages may report it; nothing for what names a chat or nobody. */
function handlesOf(raw: unknown, traits: Traits): string[] {
  const entry = readEntry(raw, traits);
  if (entry?.kind !== "handle") return [];
  const there = normalForm(String(raw), traits.plusForAll);
  const isReported = /^\+\d{7,15}$/.test(there) || /^[^\s:@]+@[^\s@]+$/.test(there);
  const handles = [normalizeHandle(String(raw)), ...(isReported ? [there] : [])];
  return handles.filter((handle) => handle !== "" && !/^accessgroup:/i.test(handle));
}

/**
 * Who is named by a variable, and as what it is written: whatever is made of the people of a list must not put the value, or
 * what stands for it, in the place of the variable.
 * @param written a configuration, of either system, as it is written
 * @param meant the same with texts in the place of the variables
 * @returns the texts by the senders of the questions; without those whom another entry names by themselves
 */
export function namedByVariables(written: Tree, meant: Tree, traits: Traits): Map<string, string> {
  // Peers of every kind: a kind may be a variable itself, and both lists have to be as long.
  const listed = (tree: Tree) => [...entriesIn(tree), ...peersIn(tree)];
  const texts = listed(written);
  const named = new Map<string, string>();
  for (const [index, entry] of listed(meant).entries()) {
    const text = texts[index];
    if (typeof entry !== "string" || typeof text !== "string") continue;
    for (const handle of handlesOf(entry, traits))
      if (text === entry) named.set(handle, handle);
      else if (!named.has(handle)) named.set(handle, text);
  }
  return new Map([...named].filter(([handle, text]) => handle !== text));
}

function peersIn({ bindings, routing }: Tree, kinds?: RegExp): unknown[] {
  const all = [bindings, treeOf(routing).bindings].flatMap(listOf);
  return all.flatMap((binding) => {
    const { kind, id } = treeOf(treeOf(treeOf(binding).match).peer);
    return kinds === undefined || kinds.test(String(kind)) ? (id ?? []) : [];
  });
}

/** Every entry of a list of people, wherever it stands. */
function entriesIn(tree: Tree): unknown[] {
  const found: unknown[] = [];
  const visit = (value: unknown, key: string, inMembers: boolean) => {
    if (Array.isArray(value)) {
      if (key === "allowFrom" || key === "groupAllowFrom" || inMembers) found.push(...value);
      for (const item of value) if (isTree(item)) visit(item, key, false);
    } else if (isTree(value)) {
      for (const [name, inner] of Object.entries(value)) visit(inner, name, key === "members");
    } else if (key === "allowFrom" || key === "groupAllowFrom") found.push(...listOf(value));
  };
  const { channels, imessage, accessGroups } = tree;
  const { imessage: ours, bluebubbles } = treeOf(channels);
  visit({ ours, bluebubbles, imessage, accessGroups }, "", false);
  return found;
}

type Room = Pick<Question, "chat" | "place" | "respelled">;

/** The groups that are named by number, GUID or identifier, and one that is not. */
function roomsOf(named: Named): Room[] {
  const { traits, chats } = named;
  const rooms = new Map<string, Room>();
  const add = (id: number, guid: string, identifier: string, name: string, respelled?: string) => {
    // A number that is made up here names nothing in a configuration.
    const place = { kind: "group", name, key: id > firstMadeUp ? undefined : String(id) } as const;
    const room: Room = { chat: { id, guid, identifier, isGroup: true }, place };
    // The other file's spelling of a chat comes first.
    const key = respelled === undefined ? String(id) : `${id} ${guid}`;
    if (!rooms.has(key)) rooms.set(key, respelled === undefined ? room : { ...room, respelled });
  };
  const unknown = new Map<string, number>();
  const numberOf = (tail: string) => {
    const number = unknown.get(tail) ?? firstMadeUp + 1 + unknown.size;
    unknown.set(tail, number);
    return number;
  };
  const byGuid = (guid: string, respelled?: string) => {
    const tail = guid.split(";").at(-1)!;
    const chat =
      chats.find((one) => one.guid === guid || one.identifier === guid) ??
      chats.find((one) => guid.includes(";") && one.guid.split(";").at(-1) === tail);
    const id = chat?.id ?? numberOf(tail);
    add(id, guid.includes(";") ? guid : `iMessage;+;${guid}`, tail, guid, respelled);
  };
  const byId = (id: number) => {
    const chat = chats.find((one) => one.id === id);
    if (id > 0) add(id, chat?.guid ?? `iMessage;+;chat${id}`, chat?.identifier ?? `chat${id}`, String(id));
  };
  const addEntry = (entry: Entry) => {
    if (entry.kind === "chat_id") byId(entry.id);
    if (entry.kind === "chat_identifier" || entry.kind === "chat_guid") byGuid(entry.text);
  };
  for (const key of groupKeysIn(named)) {
    const digits = /^(?:chat_?id:)?\s*(\d+)$/i.exec(key)?.[1];
    if (digits !== undefined) byId(Number(digits));
    else if (key !== "*") byGuid(key.replace(/^chat_(guid|identifier):/i, ""));
  }
  const read = (raw: unknown) => readEntry(raw, traits) ?? [];
  const trees = [named.old, named.config];
  for (const peer of trees.flatMap((tree) => peersIn(tree))) {
    const text = String(peer).trim();
    const entry = readEntry(peer, traits);
    if (/^[1-9]\d{0,8}$/.test(text)) byId(Number(text));
    else if (entry?.kind === "handle" && text.includes(";")) byGuid(text);
    else if (entry !== undefined) addEntry(entry);
  }
  for (const entry of trees.flatMap(entriesIn).flatMap(read)) {
    addEntry(entry);
    if (entry.kind !== "chat_guid") continue;
    const [service, rest] = /^(\w+)(;.*)$/.exec(entry.text)?.slice(1) ?? [];
    for (const other of ["iMessage", "SMS", "any"])
      if (rest !== undefined && other !== service) byGuid(`${other}${rest}`, `chat_guid:${entry.text}`);
  }
  const guid = `iMessage;+;chat${unnamedChat}`;
  const chat = { id: unnamedChat, guid, identifier: `chat${unnamedChat}`, isGroup: true };
  return [...rooms.values(), { chat, place: { kind: "other" } }];
}

function groupKeysIn({ old, config }: Named): Set<string> {
  const keys = new Set<string>();
  for (const tree of [old, config])
    for (const block of [treeOf(tree.channels).imessage, treeOf(tree.channels).bluebubbles, tree.imessage])
      for (const one of [treeOf(block), ...Object.values(treeOf(treeOf(block).accounts)).map(treeOf)])
        for (const key of Object.keys(treeOf(one.groups))) keys.add(key);
  return keys;
}

/** A text without a mention, and texts with one, as far as they can be told from names and patterns. */
function textsOf({ old, config }: Named): string[] {
  const texts = new Set<string>(["Is anybody there"]);
  const visit = (value: unknown, key: string) => {
    if (key === "identity") for (const part of ["name", "emoji"]) addText(treeOf(value)[part]);
    if (key === "mentionPatterns") for (const pattern of listOf(value)) addText(sampleOf(pattern));
    if (Array.isArray(value)) for (const item of value) visit(item, "");
    else if (isTree(value)) for (const [name, inner] of Object.entries(value)) visit(inner, name);
  };
  const addText = (text: unknown) => {
    if (typeof text === "string" && text.trim() !== "" && texts.size < 8) texts.add(`${text.trim()} hello`);
  };
  for (const { agents, messages, routing, identity } of [old, config])
    visit({ agents, messages, routing, identity }, "");
  return [...texts];
}

/** @returns a text that a simple expression matches, or undefined where none was found */
function sampleOf(pattern: unknown): string | undefined {
  if (typeof pattern !== "string") return undefined;
  const text = pattern
    .replace(/\\[bB]|[\^$]|\(\?<?[:=!]|[()]/g, "")
    .replace(/(?:\\.|\[[^\]]*\]|.)\?/g, "")
    .split("|")[0]!
    .replace(/\\s[+*]?/g, " ")
    .replace(/\\(.)/g, "$1")
    .replace(/[+*]/g, "");
  try {
    return new RegExp(pattern, "i").test(`${text} hello`) ? text : undefined;
  } catch {
    return undefined;
  }
}
