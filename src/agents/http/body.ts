import type { IncomingMessage } from "node:http";
import { TapbackError } from "../../platform/index.js";
import { lost } from "./post.js";

/** Most that a response may hold. */
export const maxBodyBytes = 1_000_000;

/**
 * Reads a response to its end.
 * @throws AGENT_OUTPUT above a megabyte, AGENT_HTTP_LOST when it is cut off, the signal's reason
 */
export async function readBody(response: IncomingMessage, url: URL, signal: AbortSignal): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) break;
      parts.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw lost(url, error);
  } finally {
    response.destroy();
  }
  if (bytes > maxBodyBytes)
    throw new TapbackError("AGENT_OUTPUT", `${url.host} answered with more than 1 MB`);
  return Buffer.concat(parts).toString("utf8");
}
