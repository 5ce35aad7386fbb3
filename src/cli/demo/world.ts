import { z } from "zod";
import { LineSplitter } from "../../platform/index.js";
import type { Programs } from "./programs.js";
import { shownText } from "./shown.js";
import { Writer } from "./writer.js";

/** Somebody with a phone. */
export interface Person {
  handle: string;
  name: string;
}

/** A message as the simulated Messages stored it, or a tapback. */
export interface StoredMessage {
  /** The number of its row; of a tapback that of the message that it is on. */
  id: number;
  guid: string;
  chatId: number;
  /** Milliseconds since the epoch. */
  at: number;
  /** The handle of who wrote it; undefined for the account itself. */
  from?: string;
  /** Its words, and in words what Messages draws beside them. */
  text: string;
  /** The emoji of a tapback. */
  tapback?: string;
  /** Messages' error number; 0 is none. */
  error?: number;
}

const maxLineBytes = 1024 * 1024;

const written = z.object({ id: z.number(), guid: z.string(), chat_id: z.number() });
const made = z.object({ chat_id: z.number() });
const remembered = z.object({
  id: z.number(),
  guid: z.string(),
  chatId: z.number(),
  at: z.string(),
  from: z.string(),
  text: z.string(),
  error: z.number(),
  effect: z.string().optional(),
  thread: z.string().optional(),
  poll: z.object({ question: z.string(), options: z.array(z.string()) }).optional(),
  tapbacks: z.array(z.object({ emoji: z.string(), from: z.string() })),
  attachments: z.array(z.string()),
});

/** The simulated Messages, used as a person would: through the program `imsg-sim`. */
export class World {
  readonly #writer: Writer;

  constructor(private readonly programs: Programs) {
    this.#writer = new Writer(programs);
  }

  /** Writes to the account. @param chat a group; the direct chat when absent @returns where it was stored */
  async say(
    person: Person,
    text: string,
    chat?: number,
  ): Promise<{ id: number; guid: string; chatId: number }> {
    const where = chat === undefined ? [] : ["--chat", String(chat)];
    const { handle, name } = person;
    const words = ["--from", handle, "--name", name, `--text=${text}`, ...where];
    const answer = await this.#writer.say(words);
    const { id, guid, chat_id } = written.parse(JSON.parse(answer));
    return { id, guid, chatId: chat_id };
  }

  /** Makes a group with the account in it. @returns its `chat_id` */
  async group(name: string, members: Person[]): Promise<number> {
    const handles = members.map(({ handle }) => handle).join(",");
    const answer = await this.programs.run("simulator", [
      "group",
      "create",
      "--json",
      "--name",
      name,
      "--members",
      handles,
    ]);
    return made.parse(JSON.parse(answer)).chat_id;
  }

  /** Calls back once with every message and tapback that is there, in or out. */
  watch(onMessage: (message: StoredMessage) => void): void {
    const child = this.programs.start("simulator", ["transcript", "--follow", "--json"]);
    const read = new Reader();
    const told = new Set<string>();
    const lines = new LineSplitter(maxLineBytes, (line) => {
      for (const message of read.entry(JSON.parse(line))) {
        if (told.has(message.guid)) continue;
        told.add(message.guid);
        onMessage(message);
      }
    });
    child.stdout!.on("data", (chunk: Buffer) => lines.push(chunk));
    child.stderr!.resume();
  }

  /** What stands in `chat.db`, oldest first. */
  async transcript(): Promise<StoredMessage[]> {
    const text = await this.programs.run("simulator", ["transcript", "--json"]);
    const read = new Reader();
    return z
      .array(z.unknown())
      .parse(JSON.parse(text))
      .flatMap((entry) => read.entry(entry));
  }
}

/** Reads the entries of a transcript; it remembers texts, for the replies and tapbacks that quote them. */
class Reader {
  readonly #texts = new Map<string, string>();

  /** @returns the message of an entry, and the tapbacks that are on it */
  entry(value: unknown): StoredMessage[] {
    const { id, guid, chatId, at, from, text, error, tapbacks, ...extras } = remembered.parse(value);
    this.#texts.set(guid, text);
    const place = { id, chatId, at: Date.parse(at) };
    const shown = shownText(text, extras, (quoted) => this.#texts.get(quoted));
    return [
      { ...place, guid, ...writer(from), text: shown, error },
      ...tapbacks.map(({ emoji, from: by }) => ({
        ...{ ...place, guid: `${guid} ${emoji} ${by}`, ...writer(by) },
        ...{ text: `${emoji} on “${text}”`, tapback: emoji },
      })),
    ];
  }
}

function writer(from: string): { from?: string } {
  return from === "me" ? {} : { from };
}
