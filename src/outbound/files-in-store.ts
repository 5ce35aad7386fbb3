import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Clock } from "../platform/index.js";
import { type BlobStore, blobIn, blobPath, type NewOutboxItem } from "../store/index.js";
import { removeStaged } from "./staging.js";

/** Bytes of one part, which goes to the server in one message. */
const partBytes = 512 * 1024;

/** Files of turns in a store that several processes share: they are named `blob:ID/NAME` there, never by a path of one machine. */
export class FilesInStore {
  constructor(
    private readonly blobs: BlobStore,
    private readonly clock: Clock,
  ) {}

  /** Keeps a file for a turn. @returns how it is named */
  async keep(path: string, turnId: string): Promise<string> {
    return this.#keep(createReadStream(path, { highWaterMark: partBytes }), basename(path), turnId);
  }

  /** The same for a file that is given by its bytes. @param name that people will see, may be "" */
  async keepBytes(bytes: Buffer, name: string, turnId: string): Promise<string> {
    return this.#keep(inParts(bytes), name, turnId);
  }

  /** Puts the files of messages that are about to wait for their send into the store, in the place of the copies here. */
  async carry(messages: NewOutboxItem[], turnId: string): Promise<NewOutboxItem[]> {
    const carried: NewOutboxItem[] = [];
    for (const message of messages) {
      const { file } = message;
      if (file === undefined || blobIn(file)) {
        carried.push(message);
        continue;
      }
      carried.push({ ...message, file: await this.keep(file, turnId) });
      await removeStaged(file);
    }
    return carried;
  }

  /**
   * Writes a file to a path, whose folder is made where it is missing.
   * @param maxBytes a longer one is cut off there, and refused by whoever takes it
   * @returns false when there is no such file
   */
  async write(id: string, into: string, maxBytes: number): Promise<boolean> {
    let part = await this.blobs.part(id, 0);
    if (!part) return false;
    await mkdir(dirname(into), { recursive: true, mode: 0o700 });
    const handle = await open(into, "w", 0o600);
    try {
      for (let place = 1, bytes = 0; part; part = await this.blobs.part(id, place++)) {
        // `write` may take a part of it on a full disk, and tells so in its result alone.
        await handle.writeFile(part);
        bytes += part.length;
        if (bytes > maxBytes) break;
      }
    } finally {
      await handle.close();
    }
    return true;
  }

  /** @returns a file's bytes; undefined when there is none, or it is longer */
  async read(id: string, maxBytes: number): Promise<Buffer | undefined> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for (let part = await this.blobs.part(id, 0); part; part = await this.blobs.part(id, parts.length)) {
      parts.push(part);
      bytes += part.length;
      if (bytes > maxBytes) return undefined;
    }
    return parts.length > 0 ? Buffer.concat(parts) : undefined;
  }

  /** The files of a turn that has ended are of no use, but those that are still to be sent. */
  async turnEnded(turnId: string): Promise<void> {
    await this.blobs.tidy({ turnId });
  }

  /** Removes what crashes left. @param before of files that were begun earlier, milliseconds since the epoch */
  async sweep(before: number): Promise<void> {
    await this.blobs.tidy({ before });
  }

  async #keep(
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    name: string,
    turnId: string,
  ): Promise<string> {
    const id = randomUUID();
    await this.blobs.begin(id, turnId, this.clock.now());
    let place = 0;
    for await (const part of bytes) await this.blobs.add(id, place++, part);
    // A file without a byte is one all the same.
    if (place === 0) await this.blobs.add(id, 0, Buffer.alloc(0));
    return blobPath(id, name);
  }
}

function* inParts(bytes: Buffer): Iterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += partBytes) yield bytes.subarray(from, from + partBytes);
}
