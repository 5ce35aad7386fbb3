import { TapbackError } from "../platform/index.js";
import { invalid } from "./refusals.js";

/** Most bytes of a body that has no files. */
export const maxSize = 256 * 1024;
/** So much of one that is too large is read all the same, so that its sender hears of that and can go on, bytes. */
const mostDropped = 16 * maxSize;

/**
 * Reads a body to its end, before anything is said of the request: an answer that overtakes the body may cost the connection, and the
 * next request on it.
 * @param most bytes
 * @throws `REQUEST_TOO_LARGE`, `REQUEST_INVALID`
 */
export async function bodyOf({ body }: Request, most = maxSize): Promise<string> {
  if (!body) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > Math.max(most, mostDropped)) break;
      if (size <= most) chunks.push(chunk);
    }
  } catch {
    throw invalid("the body did not come whole");
  }
  if (size > most) throw new TapbackError("REQUEST_TOO_LARGE", `a body has at most ${most} bytes`);
  return Buffer.concat(chunks).toString();
}
