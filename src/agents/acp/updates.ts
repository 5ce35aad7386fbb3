import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ContentBlock, SessionUpdate } from "@agentclientprotocol/sdk";
import { cutText } from "../../conversation/index.js";
import { messageOf } from "../../platform/index.js";
import type { EventQueue } from "../event-queue.js";
import type { MediaRoots } from "../media.js";
import { replyBlock } from "../reply-block.js";

const maxTextLength = 1_000_000;
const maxNotes = 60;
const maxMedia = 20;
const extensions = new Map([
  ["image/png", "png"],
  ["image/jpeg", "jpg"],
  ["image/gif", "gif"],
  ["image/webp", "webp"],
]);

/**
 * Makes events of an agent's updates. Text is a block until something else happens (a tool call, another message);
 * thoughts and plans stay inside; pictures and file links go out with the block where they may.
 */
export class UpdateReader {
  #text = "";
  #media: string[] = [];
  #length = 0;
  #notes = 0;
  #messageId: string | undefined;
  #work: Promise<void> = Promise.resolve();

  /** @param temporaryFolder where pictures that come as data are put; absent: they are left out */
  constructor(
    private readonly queue: EventQueue,
    private readonly roots: MediaRoots,
    private readonly temporaryFolder: string | undefined,
  ) {}

  /** Takes the next update of the prompt. */
  take(update: SessionUpdate): void {
    if (update.sessionUpdate === "agent_message_chunk") {
      const id = update.messageId ?? undefined;
      if (id !== this.#messageId) this.#flush();
      this.#messageId = id;
      this.#content(update.content);
    } else if (update.sessionUpdate === "tool_call") {
      this.#flush();
      this.#note(`tool: ${update.title}`);
    } else if (update.sessionUpdate === "tool_call_update") {
      this.#flush();
      if (update.status === "failed") this.#note(`tool failed: ${update.title ?? update.toolCallId}`);
    } else if (update.sessionUpdate === "notice") {
      this.#note(`${update.severity}: ${update.title}`);
    }
  }

  /** Gives out what is left. @returns when everything is in the queue */
  end(): Promise<void> {
    this.#flush();
    return this.#work;
  }

  #content(content: ContentBlock): void {
    if (content.type === "text") {
      const room = maxTextLength - this.#length;
      this.#length += content.text.length;
      this.#text += content.text.slice(0, Math.max(0, room));
      if (content.text.length > room)
        this.#note("the answer is longer than a million characters; the rest is left out");
    } else if (content.type === "image") {
      this.#file(() => this.#store(content.data, content.mimeType));
    } else if (content.type === "resource_link" && content.uri.startsWith("file:")) {
      this.#file(async () => fileURLToPath(content.uri));
    }
  }

  #file(path: () => Promise<string | undefined>): void {
    this.#work = this.#work.then(async () => {
      try {
        const found = await path();
        if (found !== undefined && this.#media.length < maxMedia) this.#media.push(found);
      } catch (error) {
        this.#note(`a file of the agent cannot be used: ${messageOf(error)}`);
      }
    });
  }

  async #store(data: string, mimeType: string): Promise<string | undefined> {
    const extension = extensions.get(mimeType);
    if (this.temporaryFolder === undefined || extension === undefined) {
      this.#note(`a picture (${mimeType}) of the agent is left out`);
      return undefined;
    }
    await mkdir(this.temporaryFolder, { recursive: true, mode: 0o700 });
    const path = join(this.temporaryFolder, `${randomUUID()}.${extension}`);
    await writeFile(path, Buffer.from(data, "base64"), { mode: 0o600 });
    return path;
  }

  #flush(): void {
    const text = this.#text.trim();
    this.#text = "";
    this.#work = this.#work.then(async () => {
      const media = this.#media;
      this.#media = [];
      if (text === "" && media.length === 0) return;
      const { block, refused } = await replyBlock({ type: "text", text, media }, this.roots);
      for (const { error } of refused) this.#note(`${error.code}: ${error.message}`);
      if (block !== undefined) this.queue.push(block);
    });
  }

  #note(text: string): void {
    this.#notes += 1;
    if (this.#notes <= maxNotes) this.queue.push({ type: "note", text: cutText(text, 300) });
  }
}
