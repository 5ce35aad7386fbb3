import { TapbackError } from "../../platform/index.js";
import type { TranscriptEntry } from "../../simulator/index.js";
import { Message, type Scene } from "./scene.js";

/** What is said beside a text. */
export interface Said {
  /** The group in which it is said; the direct chat when absent. */
  in?: Group;
  /** Paths of files. */
  files?: string[];
  /** The file is a voice message, the text its transcription by Messages; none with an empty text. */
  voice?: boolean;
  /** The message that is answered in its thread. */
  replyTo?: { guid: string };
  /** The service of a direct chat. */
  service?: "iMessage" | "SMS" | "RCS";
  /** An effect by imsg's name, for example `confetti`. */
  effect?: string;
}

/** A conversation with the account, as those see it who are in it. */
export abstract class Conversation {
  /** @param world to which it belongs */
  constructor(readonly world: Scene) {}

  /** How it is called in what a failure prints. */
  abstract readonly label: string;
  /** Numbers of its chats in Messages; none before the first message. */
  abstract get chatIds(): readonly number[];

  /** What was said there by everybody, oldest first. */
  get transcript(): TranscriptEntry[] {
    return this.world.transcript().filter(({ chatId }) => this.chatIds.includes(chatId));
  }

  /** What came there from the gateway, oldest first; not what the account's human wrote by hand. */
  get received(): TranscriptEntry[] {
    return this.transcript.filter((entry) => this.world.isOurs(entry));
  }
}

/** Somebody with a phone. */
export class Person extends Conversation {
  readonly #chatIds = new Set<number>();

  /** @param handle a phone number or an e-mail address, in normal form */
  constructor(
    world: Scene,
    readonly handle: string,
  ) {
    super(world);
  }

  get label(): string {
    return this.world.mac.settings().names[this.handle] ?? this.handle;
  }

  get chatIds(): readonly number[] {
    try {
      this.#chatIds.add(this.world.mac.chat(this.handle).id);
    } catch (error) {
      if (!(error instanceof TapbackError)) throw error;
    }
    return [...this.#chatIds];
  }

  /** Writes a message; the gateway sees it once time passes. @throws `CHAT_NOT_FOUND`, `FILE_MISSING`, `MESSAGE_EMPTY` */
  says(text: string, { in: group, files, voice, replyTo, service, effect }: Said = {}): Message {
    const placed = this.world.mac.say({
      from: this.handle,
      text,
      at: this.world.nextMoment(),
      ...(group && { chat: group.id }),
      ...(files && { attach: files }),
      ...(voice && { audio: true }),
      ...(replyTo && { replyTo: replyTo.guid }),
      ...(service && { service }),
      ...(effect !== undefined && { effect }),
    });
    if (!group) this.#chatIds.add(placed.chatId);
    return this.world.came(new Message(this.world, placed, text));
  }

  /** Puts a tapback on a message, or takes it off. @param kind a name or any emoji */
  reacts(to: { guid: string }, kind: string, { remove = false } = {}): Message {
    const placed = this.world.mac.tapback(this.handle, to.guid, kind, remove, this.world.nextMoment());
    // Before 0.14 not every build tells of every tapback.
    return new Message(this.world, placed, kind);
  }

  /** Votes in a poll, or takes the vote back. @param option its text @throws `POLL_UNKNOWN`, `MESSAGE_UNKNOWN` */
  votes(poll: { guid: string }, option: string, { remove = false } = {}): Message {
    const placed = this.world.mac.vote(this.handle, poll.guid, option, remove);
    return new Message(this.world, placed, option);
  }

  /** Changes one of the own messages. */
  edits(message: Message, text: string): void {
    this.world.mac.edit(message.guid, text);
  }

  /** Takes one of the own messages back. */
  unsends(message: Message): void {
    this.world.mac.unsend(message.guid);
  }

  /** Starts to type, or stops. */
  types(on = true): void {
    this.world.mac.typing(this.handle, on);
  }
}

/** A conversation of several people. */
export class Group extends Conversation {
  /** @param id number of its chat, by which the configuration names it */
  constructor(
    world: Scene,
    readonly id: number,
    readonly label: string,
  ) {
    super(world);
  }

  get chatIds(): readonly number[] {
    return [this.id];
  }
}
