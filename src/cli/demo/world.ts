import { z } from "zod";
import { LineSplitter } from "../../platform/index.js";
import type { Programs } from "./programs.js";

/** Somebody with a phone. */
export interface Person {
  handle: string;
  name: string;
}

/** A message as the simulated Messages stored it. */
export interface StoredMessage {
  id: number;
  guid: string;
  chatId: number;
  /** Milliseconds since the epoch. */
  at: number;
  /** The handle of who wrote it; undefined for the account itself. */
  from?: string;
  text: string;
  /** Messages' error number; 0 is none. Known of a transcript only. */
  error?: number;
}

const maxLineBytes = 1024 * 1024;

const written = z.object({ id: z.number(), guid: z.string(), chat_id: z.number() });
const made = z.object({ chat_id: z.number() });
const seen = z.object({
  id: z.number(),
  guid: z.string(),
  chat_id: z.number(),
  created_at: z.string(),
  sender: z.string(),
  is_from_me: z.boolean(),
  text: z.string(),
});
const remembered = z.object({
  id: z.number(),
  guid: z.string(),
  chatId: z.number(),
  at: z.string(),
  from: z.string(),
  text: z.string(),
  error: z.number(),
});

/** The simulated Messages, used as a person would: through the program `imsg-sim`. */
export class World {
  constructor(private readonly programs: Programs) {}

  /** Writes to the account. @param chat a group; the direct chat when absent @returns where it was stored */
  async say(
    person: Person,
    text: string,
    chat?: number,
  ): Promise<{ id: number; guid: string; chatId: number }> {
    const where = chat === undefined ? [] : ["--chat", String(chat)];
    const { handle, name } = person;
    const answer = await this.programs.run("simulator", [
      "say",
      "--json",
      ...["--from", handle, "--name", name, `--text=${text}`],
      ...where,
    ]);
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

  /** Calls back with every message that is stored, in or out. */
  watch(onMessage: (message: StoredMessage) => void): void {
    // Row -1: all rows of this new world, however long the watch takes to start.
    const child = this.programs.start("simulator", [
      "watch",
      "--json",
      "--debounce",
      "10ms",
      "--since-rowid",
      "-1",
    ]);
    const lines = new LineSplitter(maxLineBytes, (line) => {
      const message = seen.safeParse(JSON.parse(line));
      if (!message.success) return;
      const { id, guid, chat_id, created_at, sender, is_from_me, text } = message.data;
      const from = is_from_me ? {} : { from: sender };
      onMessage({ id, guid, chatId: chat_id, at: Date.parse(created_at), ...from, text });
    });
    child.stdout!.on("data", (chunk: Buffer) => lines.push(chunk));
    child.stderr!.resume();
  }

  /** What stands in `chat.db`, oldest first. */
  async transcript(): Promise<StoredMessage[]> {
    const text = await this.programs.run("simulator", ["transcript", "--json"]);
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const { id, guid, chatId, at, from, text, error } = remembered.parse(JSON.parse(line));
        const who = from === "me" ? {} : { from };
        return { id, guid, chatId, at: Date.parse(at), ...who, text, error };
      });
  }
}
