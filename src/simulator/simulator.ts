import { normalizeHandle } from "../conversation/index.js";
import { TapbackError } from "../platform/index.js";
import { Helper } from "./helper/helper.js";
import { edit, unsend } from "./messages-app/change.js";
import {
  type ChatRow,
  chatById,
  chatToWriteIn,
  createGroup,
  ensureDirectChat,
  findChat,
} from "./messages-app/chats.js";
import { type Actor, deliver } from "./messages-app/deliver.js";
import { burst, joinAgain, reinsert, replaceDatabase } from "./messages-app/disorder.js";
import { effectId } from "./messages-app/effects.js";
import { storeFile } from "./messages-app/files.js";
import { addMember, leaveGroup, removeMember, renameGroup } from "./messages-app/group.js";
import { handleOfPerson } from "./messages-app/person.js";
import { createPoll, pollOption, vote } from "./messages-app/poll.js";
import { type SeedOptions, seedWorld } from "./messages-app/seed.js";
import { react } from "./messages-app/tapback.js";
import { findMessage } from "./messages-app/threads.js";
import { type TranscriptEntry, transcript } from "./reading/transcript.js";
import type { Fault } from "./world/fault.js";
import type { Host } from "./world/host.js";
import { openPlace } from "./world/place.js";
import { checkSettings, type Settings } from "./world/settings.js";
import { openWorld, type World } from "./world/world.js";

/** The row that something wrote. */
export interface Placed {
  /** `message.ROWID`. */
  id: number;
  guid: string;
  /** `chat.ROWID`. */
  chatId: number;
  chatGuid: string;
}

/** What somebody writes. */
export interface Saying {
  /** Handle of the person, or `me` for the account's human by hand. */
  from: string;
  text?: string;
  /** Id, GUID, identifier or name of a chat; the direct chat with `from` when absent. An address begins a direct chat for `me`. */
  chat?: number | string;
  /** Paths of files. */
  attach?: string[];
  /** The file is a voice message, the text its transcription. */
  audio?: boolean;
  /** GUID of the message that is answered in its thread. */
  replyTo?: string;
  /** Service of a direct chat. */
  service?: "iMessage" | "SMS" | "RCS";
  /** Milliseconds since 1970; now when absent. */
  at?: number;
  /** Which of the account's addresses it was sent to. */
  to?: string;
  /** A link follows in a row of its own so many milliseconds later. */
  splitMs?: number;
  /** A card of an app instead of words: its balloon's id. */
  card?: string;
  /** Words of the text that name somebody, and the handle of each. */
  mentions?: Record<string, string>;
  /** An effect by imsg's name, for example `confetti`. */
  effect?: string;
}

/**
 * A simulated Mac with Messages, held by this process: tests act on it while `imsg-sim rpc` serves the same folder.
 * Open it with {@link openSimulator}, close it when done.
 */
export class Simulator {
  constructor(private readonly world: World) {}

  /** The world's folder: `IMSG_SIM_HOME` of whatever is to serve it. */
  get folder(): string {
    return this.world.folder;
  }

  /** The world's `chat.db`: `--db` of a child that is to serve it. `imsg status` and `launch` take none, and need {@link folder}. */
  get dbPath(): string {
    return this.world.dbPath;
  }

  /** Changes settings: version, bridge, sip, own addresses, recording. @throws `SETTING_INVALID` */
  set(settings: Partial<Settings>): void {
    checkSettings(settings);
    this.world.change((before) => ({ ...before, ...settings }));
  }

  /** What {@link set} changes, as it is. */
  settings(): Settings {
    return this.world.settings();
  }

  /** Gives a handle a name in Contacts. */
  person(handle: string, name: string): void {
    this.set({ names: { ...this.settings().names, [normalizeHandle(handle)]: name } });
  }

  /** Writes a message as a person, or as the account's human. @throws `CHAT_NOT_FOUND`, `FILE_MISSING`, `HANDLE_INVALID`, `MESSAGE_EMPTY` */
  say(saying: Saying): Placed {
    const { from, attach = [], audio = false, replyTo, at, to, splitMs, card, mentions, effect } = saying;
    if (saying.text === undefined && attach.length === 0 && card === undefined)
      throw new TapbackError("MESSAGE_EMPTY", "A message needs a text or a file", {
        hint: "Give text or attach.",
      });
    const actor = this.#actor(from);
    const chat = this.#chat(saying);
    const written = deliver(
      this.world,
      {
        chat,
        from: actor,
        text: saying.text ?? "",
        files: attach.map((path) => storeFile(this.world, path)),
        audio,
        replyTo,
        at,
        ...(to === undefined ? {} : { destination: normalizeHandle(to) }),
        splitMs,
        card,
        mentions: Object.fromEntries(
          Object.entries(mentions ?? {}).map(([word, handle]) => [word, handleOfPerson(handle)]),
        ),
        ...(effect === undefined ? {} : { effect: effectId(effect) }),
      },
      from === "me" ? "own" : "say",
    );
    return placed(written, chat);
  }

  /** Puts a tapback on a message, or takes it off. @param kind a name, an alias or any emoji @throws `CHAT_NOT_FOUND` */
  tapback(from: string, guid: string, kind: string, remove = false, at?: number): Placed {
    const target = findMessage(this.world, guid);
    const chat = chatById(this.world, target.chatIds[0] ?? 0);
    if (chat === undefined) throw new TapbackError("CHAT_NOT_FOUND", `Message ${guid} is in no chat`);
    return placed(react(this.world, { chat, from: this.#actor(from), target, kind, remove, at }), chat);
  }

  /** Changes the text of a message, whoever wrote it. @param at milliseconds since 1970; now when absent */
  edit(guid: string, text: string, at?: number): void {
    edit(this.world, findMessage(this.world, guid), text, at);
  }

  /** Takes a message back, whoever wrote it. @param at milliseconds since 1970; now when absent */
  unsend(guid: string, at?: number): void {
    unsend(this.world, findMessage(this.world, guid), at);
  }

  /**
   * Asks a question with options. imsg before 0.10.0 shows it as a message without text.
   * @param chat as in {@link Saying}
   */
  poll(
    from: string,
    { question, options, chat }: { question: string; options: string[]; chat?: number | string },
  ): Placed & { options: { id: string; text: string }[] } {
    const where = this.#chat({ from, chat });
    const { poll, ...written } = createPoll(
      this.world,
      { chat: where, from: this.#actor(from) },
      question,
      options,
    );
    return { ...placed(written, where), options: poll.options };
  }

  /**
   * Chooses an option of a poll, or takes the choice back.
   * @param poll GUID of its message
   * @param option its text or id
   * @throws `MESSAGE_NOT_FOUND`, `POLL_NOT_FOUND`, `OPTION_NOT_FOUND`
   */
  vote(from: string, poll: string, option: string, remove = false): Placed {
    const found = pollOption(this.world, poll, option);
    const act = { chat: found.chat, from: this.#actor(from) };
    return placed(vote(this.world, act, poll, found.option, remove), found.chat);
  }

  /** Makes a group. @param options.unmarked stored so that imsg says `is_group:false` @returns its chat */
  group(members: string[], options: { name?: string; service?: string; unmarked?: boolean } = {}): ChatRow {
    const { unmarked = false, ...rest } = options;
    return this.world.write(() =>
      createGroup(this.world, {
        ...rest,
        members: members.map((member) => handleOfPerson(member)),
        polarity: unmarked ? "-" : "+",
      }),
    );
  }

  /** Apple takes one of the account's addresses away; the helper tells so (protocol reference 22). */
  loseAddress(): void {
    this.world.events.add({ at: this.world.now(), event: "aliases-removed" });
  }

  /**
   * Messages ends, and its helper with it: which GUIDs they have seen, and what they took and have not written, is forgotten
   * (protocol reference 16.2). `set({ bridge: true })` starts them again.
   */
  messagesDies(): void {
    new Helper(this.world).die();
    this.set({ bridge: false });
  }

  /** Someone renames a group. */
  rename(from: string, chat: number | string, name: string): Placed {
    const found = this.chat(chat);
    return placed(renameGroup(this.world, { chat: found, from: this.#actor(from) }, name), found);
  }

  /** Someone adds or removes a member, or leaves. */
  members(
    from: string,
    chat: number | string,
    change: { add: string } | { remove: string } | "leave",
  ): Placed {
    const found = this.chat(chat);
    const act = { chat: found, from: this.#actor(from) };
    if (change === "leave") return placed(leaveGroup(this.world, act), found);
    return placed(
      "add" in change
        ? addMember(this.world, act, normalizeHandle(change.add))
        : removeMember(this.world, act, normalizeHandle(change.remove)),
      found,
    );
  }

  /** A chat by id, GUID, identifier or name. @throws `CHAT_NOT_FOUND` */
  chat(chat: number | string): ChatRow {
    return findChat(this.world, String(chat));
  }

  /** What was said, oldest first. @param after only rows with a higher number */
  transcript(chat?: number | string, after?: number): TranscriptEntry[] {
    return transcript(this.world, chat === undefined ? undefined : this.chat(chat).id, after);
  }

  /** Makes something go wrong, on top of what does already. @throws `FAULT_INVALID` */
  fault(...faults: Fault[]): void {
    this.world.faults.add(faults);
  }

  /** Makes it go right again. @param which a kind or an id; everything when absent */
  clearFaults(which?: string): void {
    this.world.faults.clear(which);
  }

  /** Old messages with fresh row ids, out of order. @param ageMs how long ago the oldest was sent */
  burst(from: string, count: number, ageMs: number, chat?: number | string): Placed[] {
    const where = this.#chat({ from, chat });
    const rows = burst(this.world, { chat: where, handle: handleOfPerson(from), count, ageMs });
    return rows.map((row) => placed(row, where));
  }

  /** Stores a message again under a new row id and GUID. */
  reinsert(guid: string): { id: number; guid: string } {
    return reinsert(this.world, guid);
  }

  /** Joins a message to one more chat. */
  joinAgain(guid: string, chat: number | string): void {
    joinAgain(this.world, guid, this.chat(chat));
  }

  /** Replaces the database by a copy; this object and running children keep the old file. */
  replaceDatabase(): void {
    replaceDatabase(this.world);
  }

  /** Fills the world at once. @throws `SEED_INVALID` */
  seed(options: Partial<SeedOptions> = {}): { people: number; chats: number; messages: number } {
    return seedWorld(this.world, { people: 20, messages: 2000, days: 30, seed: 1, ...options });
  }

  /** Somebody else starts or stops typing. */
  typing(from: string, on = true): void {
    const { guid } = this.#chat({ from });
    const event = on ? "started-typing" : "stopped-typing";
    this.world.events.add({ at: this.world.now(), event, chatGuid: guid, from });
  }

  /** Requests and command lines that reached the simulator, while `record` is set. */
  requests(): Record<string, unknown>[] {
    return this.world.requests.all();
  }

  /** Typing bubbles, read marks, launches, and chats in which the account's name and photo were shared. */
  events(): Record<string, unknown>[] {
    return this.world.events.all();
  }

  /** Resolves when rows that faults put off are written. */
  settled(): Promise<void> {
    return this.world.settled();
  }

  /** Closes the database; the world stays. */
  close(): void {
    this.world.close();
  }

  #actor(from: string): Actor {
    if (from === "me") return "me";
    const handle = handleOfPerson(from);
    return this.settings().me.includes(handle) ? "me" : { handle };
  }

  #chat({ from, chat, service }: Saying): ChatRow {
    if (chat === undefined) {
      if (from === "me") throw new TapbackError("CHAT_NOT_FOUND", "A message from me needs a chat");
      return this.world.write(() => ensureDirectChat(this.world, handleOfPerson(from), service));
    }
    return from === "me" ? chatToWriteIn(this.world, String(chat), service) : this.chat(chat);
  }
}

/**
 * Opens a world, and makes it when there is none.
 * @param folder the world's folder
 * @param settings what is to be changed at once
 * @param host whose time it has; the machine when absent
 * @throws `SETTING_INVALID`, also for another macOS than that of a world that is there
 */
export function openSimulator(folder: string, settings: Partial<Settings> = {}, host?: Host): Simulator {
  checkSettings(settings);
  const place = openPlace({ home: folder, env: {}, ...(host && { host }) });
  // First of all: the macOS decides how the database is made.
  if (Object.keys(settings).length > 0) place.change((before) => ({ ...before, ...settings }));
  return new Simulator(openWorld({ place }));
}

function placed({ id, guid }: { id: number; guid: string }, chat: ChatRow): Placed {
  return { id, guid, chatId: chat.id, chatGuid: chat.guid };
}
