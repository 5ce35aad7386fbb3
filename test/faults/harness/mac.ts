import { join } from "node:path";
import type { SqlValue } from "../../../src/platform/index.js";
import { decodeAttributedBody } from "../../../src/simulator/chat-db/typedstream.js";
import { chatById, createGroup, ensureDirectChat } from "../../../src/simulator/messages-app/chats.js";
import { deliver } from "../../../src/simulator/messages-app/deliver.js";
import { burst, reinsert } from "../../../src/simulator/messages-app/disorder.js";
import { type StoredFile, storeFile } from "../../../src/simulator/messages-app/files.js";
import { pollOption, vote } from "../../../src/simulator/messages-app/poll.js";
import { react } from "../../../src/simulator/messages-app/tapback.js";
import { findMessage } from "../../../src/simulator/messages-app/threads.js";
import { type TranscriptEntry, transcript } from "../../../src/simulator/reading/transcript.js";
import type { Fault } from "../../../src/simulator/world/fault.js";
import type { Settings } from "../../../src/simulator/world/settings.js";
import { openWorld, type Row, type World } from "../../../src/simulator/world/world.js";

/** One row that left through the account. */
export interface OwnRow {
  rowId: number;
  guid: string;
  handle: string;
  text: string;
}

/** The simulated Mac of a scenario, and its other side: people who write, and a look at what they got. */
export class Mac {
  readonly dbPath: string;
  readonly #world: World;

  constructor(folder: string, settings: Partial<Settings> = {}) {
    this.dbPath = join(folder, "chat.db");
    this.#world = openWorld({ db: this.dbPath, env: {} });
    // The fallback poll of the product is 5 s; what it is for is tested elsewhere.
    this.#world.change((before) => ({ ...before, watchPollMs: 500, ...settings }));
  }

  /** A person writes. @param at when it was sent, milliseconds since the epoch; default now @returns the GUID of the row */
  say(handle: string, text: string, replyTo?: string, at?: number): string {
    const world = this.#world;
    const chat = world.write(() => ensureDirectChat(world, handle));
    const message = { chat, from: { handle }, text, ...(replyTo && { replyTo }), ...(at && { at }) };
    return deliver(world, message, "say").guid;
  }

  /** Old messages with fresh row ids, as after a push outage. @param ageMs how long ago the oldest was sent */
  burst(handle: string, count: number, ageMs: number): void {
    const world = this.#world;
    const chat = world.write(() => ensureDirectChat(world, handle));
    burst(world, { chat, handle, count, ageMs });
  }

  /** A message is stored once more, with a new row id and GUID. */
  reinsert(guid: string): void {
    reinsert(this.#world, guid);
  }

  /** A person sends files: copied from a path, or as the database is to have them. @returns the GUID of the row */
  sendFiles(handle: string, files: (string | StoredFile)[], text = "", chatId?: number): string {
    const world = this.#world;
    const chat =
      chatId === undefined ? world.write(() => ensureDirectChat(world, handle)) : chatById(world, chatId)!;
    const stored = files.map((file) => (typeof file === "string" ? storeFile(world, file) : file));
    return deliver(world, { chat, from: { handle }, text, files: stored }, "say").guid;
  }

  /** Copies a file to where Messages keeps attachments. */
  store(path: string): StoredFile {
    return storeFile(this.#world, path);
  }

  /** Makes a group. @returns its chat id */
  group(handles: string[], name: string): number {
    const world = this.#world;
    return world.write(() => createGroup(world, { members: handles, name })).id;
  }

  /** A person writes in a group. @returns the GUID of the row */
  sayIn(chatId: number, handle: string, text: string): string {
    return deliver(this.#world, { chat: chatById(this.#world, chatId)!, from: { handle }, text }, "say").guid;
  }

  /** A person puts a tapback on a message of theirs or ours, or takes it off. @param group absent: in their own chat */
  react(
    handle: string,
    on: { guid: string; text: string },
    kind: string,
    remove = false,
    group?: number,
  ): void {
    const world = this.#world;
    const own = () => world.write(() => ensureDirectChat(world, handle));
    const chat = group === undefined ? own() : chatById(world, group)!;
    react(world, { chat, from: { handle }, target: findMessage(world, on.guid), kind, remove });
  }

  /** A person votes in a poll of ours, beside what they have chosen there. */
  vote(handle: string, poll: string, option: string): void {
    const world = this.#world;
    const found = pollOption(world, poll, option);
    vote(world, { chat: found.chat, from: { handle } }, poll, found.option);
  }

  /** The chat of a person. */
  chatId(handle: string): number {
    return ensureDirectChat(this.#world, handle).id;
  }

  misbehave(...faults: Fault[]): void {
    if (faults.length > 0) this.#world.faults.add(faults);
  }

  behave(): void {
    this.#world.faults.clear();
  }

  /** What was put into the chats by the account, oldest first. @param after the row after which it begins */
  sent(after = 0): OwnRow[] {
    return this.#read(
      `SELECT m.ROWID AS id, m.guid AS guid, c.chat_identifier AS handle, m.text AS text, m.attributedBody AS body
       FROM message m JOIN chat_message_join j ON j.message_id = m.ROWID JOIN chat c ON c.ROWID = j.chat_id
       WHERE m.is_from_me = 1 AND m.ROWID > ${after} ORDER BY m.ROWID`,
    ).map((row) => ({
      rowId: Number(row.id),
      guid: String(row.guid),
      handle: String(row.handle),
      text: String(row.text ?? textIn(row.body) ?? ""),
    }));
  }

  /** GUIDs of what was written to the account, tapbacks left out. */
  received(): string[] {
    return this.#read("SELECT guid FROM message WHERE is_from_me = 0 AND associated_message_type = 0").map(
      ({ guid }) => String(guid),
    );
  }

  /** Bubbles and read marks, oldest first. */
  events(): Record<string, unknown>[] {
    return this.#world.events.all();
  }

  /** Chats that were left with a typing bubble. */
  leftTyping(): string[] {
    const last = new Map<string, boolean>();
    for (const { event, chatGuid, on } of this.events())
      if (event === "typing") last.set(String(chatGuid), on === true);
    return [...last].flatMap(([chat, on]) => (on ? [`${chat} is left with a typing bubble`] : []));
  }

  /** What the chat of a person shows, oldest first. */
  transcript(handle: string): TranscriptEntry[] {
    return transcript(this.#world, this.chatId(handle));
  }

  identifierOf(chatId: number): string {
    return chatById(this.#world, chatId)?.identifier ?? "";
  }

  /** Over the connection that is open: who waits for a message looks fifty times in a second. */
  #read(sql: string): Row[] {
    return this.#world.sql(sql).all();
  }

  /** Waits for what was put off (a late join), then lets go of the database. */
  async close(): Promise<void> {
    await this.#world.settled();
    this.#world.close();
  }
}

/** Of a message that was taken back neither is left. */
function textIn(body: SqlValue | undefined): string | undefined {
  return body instanceof Uint8Array ? decodeAttributedBody(body) : undefined;
}
