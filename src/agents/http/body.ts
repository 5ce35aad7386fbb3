import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import type { BrotliOptions, ZlibOptions } from "node:zlib";
import { messageOf, TapbackError } from "../../platform/index.js";
import { unreadable } from "./errors.js";
import { lost } from "./post.js";

/** Most that a text may hold. */
const maxTextBytes = 1_000_000;
/** Most that anything may hold, on its way and unpacked: a file is judged by `mediaMaxMb` when it is sent. */
const maxBytes = 25_000_000;
const mostEncodings = 3;

/** What the gateway can unpack. */
export const acceptedEncodings = "gzip, deflate, br";

/**
 * Reads a response to its end, and unpacks it.
 * @throws AGENT_OUTPUT above 25 megabytes or when it cannot be unpacked, AGENT_HTTP_LOST when it is cut off, the signal's
 *   reason
 */
export async function readBody(response: IncomingMessage, url: URL, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) break;
      parts.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw lost(url, error);
  } finally {
    response.destroy();
  }
  if (bytes > maxBytes) throw tooLong();
  const encodings = (response.headers["content-encoding"] ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
  if (encodings.length > mostEncodings) throw unreadable("it is packed too often");
  let body: Buffer = Buffer.concat(parts);
  for (const encoding of encodings.reverse()) if (body.length > 0) body = await unpacked(body, encoding);
  return body;
}

async function unpacked(body: Buffer, encoding: string): Promise<Buffer> {
  const zlib = await import("node:zlib");
  const limit = { maxOutputLength: maxBytes };
  const run = (work: (buffer: Buffer, options: ZlibOptions & BrotliOptions) => Promise<Buffer>) =>
    work(body, limit).catch((error) => {
      if (error.code === "ERR_BUFFER_TOO_LARGE") throw tooLong();
      throw unreadable(`it cannot be unpacked (${encoding}): ${messageOf(error)}`);
    });
  if (encoding === "gzip" || encoding === "x-gzip") return run(promisify(zlib.gunzip));
  if (encoding === "br") return run(promisify(zlib.brotliDecompress));
  // Some services send the bare stream under this name: its first byte is never that of the other form.
  if (encoding === "deflate") return run(promisify((body[0]! & 0x0f) === 8 ? zlib.inflate : zlib.inflateRaw));
  throw unreadable(`it is packed in a way that is not known: ${encoding.slice(0, 40)}`);
}

/**
 * Reads a body as text, in the character set that its type names; UTF-8 or, by its mark, UTF-16 where none is named.
 * @throws AGENT_OUTPUT above a megabyte, when the set is not known, or when the bytes are not of it
 */
export function textOf(body: Buffer, contentType: string): string {
  if (body.length > maxTextBytes)
    throw new TapbackError("AGENT_OUTPUT", "The service answered with more than 1 MB of text");
  const named = /;\s{0,20}charset\s{0,20}=\s{0,20}"?([\w.:-]{1,40})/i.exec(contentType)?.[1];
  const marked = { fffe: "utf-16le", feff: "utf-16be" }[body.toString("hex", 0, 2)];
  const charset = named ?? marked ?? "utf-8";
  let text: string;
  try {
    text = new TextDecoder(charset, { fatal: true }).decode(body);
  } catch {
    throw unreadable(`it is no text in ${charset}`);
  }
  if (text.includes("\0")) throw unreadable("it holds binary data");
  return text;
}

function tooLong(): TapbackError {
  return new TapbackError("AGENT_OUTPUT", "The service answered with more than 25 MB");
}
