import type { LanguageModelV3, LanguageModelV3CallOptions } from "@ai-sdk/provider";
import type { ModelProvider } from "../../config/index.js";
import { cutText } from "../../conversation/index.js";
import type { Clock, ErrorCode, TapbackError } from "../../platform/index.js";
import { ContextBudget } from "./context-budget.js";
import { contextSizeOf } from "./context-size.js";
import { endpointOf, type ModelEndpoint } from "./endpoints.js";
import { modelFailure } from "./errors.js";
import { openModel } from "./model.js";
import { runStep, type StepResult } from "./step.js";

const maxTries = 3;
const firstWaitMs = 500;
/** A model that asks for a longer pause is given up for this turn: the next one is asked, or the turn fails. */
const maxWaitMs = 20_000;

/** What a model says to a request whose pictures it does not take, or to a broken one, each in its own way. */
const refusals: ReadonlySet<string> = new Set<ErrorCode>(["MODEL_REQUEST", "MODEL_UNKNOWN"]);

/** A step's result and the model that gave it. */
export interface ModelAnswer extends StepResult {
  ref: string;
  /** The model of first choice refused the pictures. */
  isWithoutPictures?: true;
}

type Tried = { ok: true; value: ModelAnswer } | { ok: false; error: TapbackError };

/**
 * The models of an agent, the first choice first. A step is repeated while its failure may pass, then the next model is
 * asked; a step does nothing but ask, so repeating it is safe.
 */
export class Models {
  /** What the model of first choice takes. */
  readonly budget: ContextBudget;
  readonly #open = new Map<string, Promise<{ endpoint: ModelEndpoint; model: LanguageModelV3 }>>();

  constructor(
    private readonly refs: string[],
    private readonly providers: Record<string, Partial<ModelProvider>>,
    private readonly env: Record<string, string | undefined>,
    private readonly stallMs: number,
    private readonly clock: Clock,
  ) {
    const size = async () => contextSizeOf(await this.first(), clock);
    this.budget = new ContextBudget(size, clock);
    // Loading the client takes 150 ms, which the first message need not wait for; its failure is told by that turn.
    this.#get(refs[0]!).catch(() => {});
  }

  /** Where the model of first choice is reached, and what is known of it. @throws as {@link endpointOf}, what its client says */
  async first(): Promise<ModelEndpoint> {
    return (await this.#get(this.refs[0]!)).endpoint;
  }

  /**
   * A model that takes no pictures is asked without them; so is, once more, one that refuses a request which has some.
   * @param note told of every failure that was passed over
   * @param plain the same request without its pictures; absent: it has none
   * @throws MODEL_CONTEXT of whichever model says that: it may answer what is shorter; else the failure of the first model, when
   *   all failed: it is the one that the owner has to look at
   */
  async ask(
    options: LanguageModelV3CallOptions,
    signal: AbortSignal,
    note: (text: string) => void,
    plain?: LanguageModelV3CallOptions,
  ): Promise<ModelAnswer> {
    let first: TapbackError | undefined;
    for (const ref of this.refs) {
      const isFirst = ref === this.refs[0];
      let asked = plain && !isFirst && !(await this.#takesImages(ref)) ? plain : options;
      let answer = await this.#tryModel(ref, asked, signal, note);
      if (!answer.ok && plain && asked !== plain && refusals.has(answer.error.code)) {
        note(`${ref} is asked once more, without pictures`);
        asked = plain;
        answer = await this.#tryModel(ref, plain, signal, note);
      }
      if (answer.ok) {
        if (isFirst) this.budget.learn(asked, answer.value.usage.inputTokens);
        return isFirst && asked !== options ? { ...answer.value, isWithoutPictures: true } : answer.value;
      }
      // The same request is too long for others, too.
      if (answer.error.code === "MODEL_CONTEXT") throw answer.error;
      first ??= answer.error;
    }
    throw first!;
  }

  async #tryModel(
    ref: string,
    options: LanguageModelV3CallOptions,
    signal: AbortSignal,
    note: (text: string) => void,
  ): Promise<Tried> {
    let key: string | undefined;
    for (let tries = 1; ; tries += 1) {
      try {
        const { endpoint, model } = await this.#get(ref);
        key = endpoint.apiKey;
        return {
          ok: true,
          value: {
            ...(await runStep(model, ref, options, { stallMs: this.stallMs, clock: this.clock }, signal)),
            ref,
          },
        };
      } catch (thrown) {
        signal.throwIfAborted();
        const { error, retryAfterMs } = modelFailure(ref, thrown, key);
        const wait = retryAfterMs ?? firstWaitMs * 2 ** (tries - 1);
        const again = error.retryable && tries < maxTries && wait <= maxWaitMs;
        note(
          `${error.code}: ${error.message}${error.cause instanceof Error ? ` (${cutText(error.cause.message, 200)})` : ""}`,
        );
        if (!again) return { ok: false, error };
        await this.clock.sleep(wait, signal);
        signal.throwIfAborted();
      }
    }
  }

  /** One that cannot be asked says so when it is asked. */
  async #takesImages(ref: string): Promise<boolean> {
    return this.#get(ref).then(
      ({ endpoint }) => endpoint.images,
      () => true,
    );
  }

  #get(ref: string) {
    const open = this.#open.get(ref) ?? this.#make(ref);
    this.#open.set(ref, open);
    return open;
  }

  async #make(ref: string) {
    const endpoint = endpointOf(ref, this.providers, this.env);
    return { endpoint, model: await openModel(endpoint) };
  }
}
