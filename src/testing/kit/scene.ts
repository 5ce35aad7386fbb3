import type { Placed, Simulator, TranscriptEntry } from "../../simulator/index.js";
import type { Stories } from "./stories.js";

/** What people act on, and what is known of it. */
export interface Scene {
  readonly mac: Simulator;
  /** What people wrote, oldest first. */
  readonly messages: readonly Message[];
  /** What the gateway warned of, oldest first. */
  readonly warnings: readonly string[];
  /** What the gateway's state told when time last passed. */
  readonly stories: Stories;
  /** What everybody wrote, in every chat, oldest first. */
  transcript(): TranscriptEntry[];
  /** Whether the gateway sent it. */
  isOurs(entry: TranscriptEntry): boolean;
  /** When the next message is written, milliseconds since the epoch. */
  nextMoment(): number;
  /** Somebody wrote something. */
  came(message: Message): Message;
}

/** Something that somebody wrote. */
export class Message {
  readonly id: number;
  readonly guid: string;
  readonly chatId: number;

  constructor(
    readonly world: Scene,
    { id, guid, chatId }: Placed,
    readonly text: string,
  ) {
    this.id = id;
    this.guid = guid;
    this.chatId = chatId;
  }
}
