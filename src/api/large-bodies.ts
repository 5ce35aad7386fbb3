import { TapbackError } from "../platform/index.js";
import { bodyOf, maxSize } from "./body.js";

/** Bodies with files that are held at a time: each may have as many bytes as an account sends. */
const mostAtOnce = 4;

/** Bodies that may have files. What is larger than others may be is held for few at a time. */
export class LargeBodies {
  #held = 0;

  /**
   * Reads a body and does something with it.
   * @param admitted who asks; of nobody else more is read than of any request
   * @param most bytes
   * @throws why who asks is refused; `REQUEST_TOO_LARGE`, `REQUEST_INVALID`; `RATE_LIMITED` where others send files
   */
  async read<Who, Done>(
    request: Request,
    admitted: Promise<Who>,
    most: number,
    act: (who: Who, text: string) => Promise<Done>,
  ): Promise<Done> {
    const who = await admitted.catch(async (error: unknown) => {
      await bodyOf(request).catch(() => {});
      throw error;
    });
    const length = Number(request.headers.get("content-length") ?? most);
    if (length <= maxSize) return act(who, await bodyOf(request));
    if (this.#held >= mostAtOnce) {
      await bodyOf(request).catch(() => {});
      throw new TapbackError("RATE_LIMITED", "others are sending files", { retryable: true });
    }
    this.#held += 1;
    try {
      return await act(who, await bodyOf(request, most));
    } finally {
      this.#held -= 1;
    }
  }
}
