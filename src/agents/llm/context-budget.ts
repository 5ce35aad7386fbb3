import type { LanguageModelV3CallOptions } from "@ai-sdk/provider";
import type { Clock } from "../../platform/index.js";

/** A request below this fits into every model, tokens: for it nobody is asked. */
const smallTokens = 1400;
/** What one picture costs at most, about. */
const pictureTokens = 1600;
/** How long an answer is valid, milliseconds: local servers load a model anew with another size. */
const validMs = 3_600_000;
/** Bytes of a request for one token: at first on the high side of tokens, later as the endpoint counts, within bounds. */
const bytesPerToken = { atFirst: 3, least: 1.5, most: 4.5 };
/** The next request may be of another kind than the one that was counted. */
const caution = 0.9;
/** Kept free for an answer whose length is not bounded. */
const answerTokens = 4096;

/**
 * What one model takes, in tokens (behaviour 6.8b). Tokens are estimated: every model counts in its own way, and what
 * the endpoint counted last puts the estimate right.
 */
export class ContextBudget {
  #bytesPerToken = bytesPerToken.atFirst;
  readonly #weighed = new WeakMap<LanguageModelV3CallOptions, Weight>();
  #size: { until: number; value: Promise<number | undefined> } | undefined;

  /** @param askSize the model's size, question and answer together; undefined where nobody tells */
  constructor(
    private readonly askSize: () => Promise<number | undefined>,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /** @returns whether a request fits, as far as can be known: true where the endpoint does not tell its size */
  async takes(options: LanguageModelV3CallOptions): Promise<boolean> {
    const { bytes, pictures } = this.#weigh(options);
    const tokens = bytes / this.#bytesPerToken + pictures * pictureTokens;
    const room = await this.#room(tokens, options.maxOutputTokens);
    return room === undefined || tokens <= room;
  }

  /**
   * How much of a text a request can hold that holds nothing else.
   * @returns UTF-16 code units; undefined for a short text, and where the endpoint does not tell its size
   */
  async charactersOf(text: string, maxOutputTokens?: number): Promise<number | undefined> {
    const bytes = Buffer.byteLength(text);
    const room = await this.#room(bytes / this.#bytesPerToken, maxOutputTokens);
    return room === undefined ? undefined : Math.floor((room * this.#bytesPerToken * text.length) / bytes);
  }

  /** Takes how many tokens the endpoint counted in a request. */
  learn(options: LanguageModelV3CallOptions, inputTokens: number): void {
    const { bytes, pictures } = this.#weigh(options);
    if (inputTokens <= 0 || pictures > 0) return;
    const { least, most } = bytesPerToken;
    this.#bytesPerToken = Math.max(least, Math.min(most, (bytes / inputTokens) * caution));
  }

  /** A request is weighed before it is made, and once more when its answer tells what it cost. */
  #weigh(options: LanguageModelV3CallOptions): Weight {
    const weight = this.#weighed.get(options) ?? weigh(options);
    this.#weighed.set(options, weight);
    return weight;
  }

  async #room(tokens: number, maxOutputTokens = answerTokens): Promise<number | undefined> {
    if (tokens <= smallTokens) return undefined;
    const now = this.clock.now();
    // A clock that was set back makes no answer valid for longer.
    if (this.#size === undefined || now >= this.#size.until || now < this.#size.until - validMs)
      this.#size = { until: now + validMs, value: this.askSize().catch(() => undefined) };
    const size = await this.#size.value;
    return size === undefined ? undefined : size - Math.min(maxOutputTokens, Math.floor(size / 4));
  }
}

interface Weight {
  bytes: number;
  pictures: number;
}

/** What of a request costs tokens; settings of the client do not. */
function weigh({ prompt, tools }: LanguageModelV3CallOptions): Weight {
  let pictures = 0;
  const text = JSON.stringify([prompt, tools], (key, value) => {
    if (key === "providerOptions") return undefined;
    if (!(value instanceof Uint8Array)) return value;
    pictures++;
    return undefined;
  });
  return { bytes: Buffer.byteLength(text), pictures };
}
