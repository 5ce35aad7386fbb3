import type { LanguageModelV3CallOptions, LanguageModelV3Message } from "@ai-sdk/provider";
import { TapbackError } from "../../platform/index.js";
import { silence } from "../answer/silence.js";
import type { Agent, AgentEvent, AgentTurn } from "../contract.js";
import type { AgentDefinition, AgentDeps, LlmSettings } from "../definition.js";
import { renderingGuide } from "../rendering.js";
import { type Toolbox, Toolboxes } from "../tools/toolbox.js";
import { type ModelAnswer, Models } from "./models.js";
import { RecentPictures } from "./recent-pictures.js";
import { fold } from "./summary.js";
import {
  promptOf,
  readTranscript,
  storeTranscript,
  type Transcript,
  type TranscriptLimits,
} from "./transcript.js";
import { userMessage } from "./user-message.js";

const defaults = { contextMessages: 60, contextCharacters: 100_000, maxSteps: 12, stallSeconds: 120 };
/** Marks where Anthropic's cache ends; other providers ignore it and cache by prefix. */
const cached = { anthropic: { cacheControl: { type: "ephemeral" } } };

/**
 * The built-in agent over a model (behaviour 6.1 `llm`). Its transcript is the session; the request starts with the same
 * bytes from turn to turn, so that providers can cache it, and stays under 4 KB for a one-line message.
 * @throws MODEL_UNKNOWN when the definition names no model
 */
export function createLlmAgent(settings: LlmSettings, definition: AgentDefinition, deps: AgentDeps): Agent {
  const model = settings.model ?? definition.model;
  if (model === undefined)
    throw new TapbackError("MODEL_UNKNOWN", `The agent "${definition.id}" has no model`, {
      hint: "Set `model` of the agent or agents.defaults.model, e.g. anthropic/claude-sonnet-4-5.",
    });
  const refs = [model, ...(settings.fallbackModels ?? [])];
  const stallMs = (settings.stallSeconds ?? defaults.stallSeconds) * 1000;
  const models = new Models(refs, deps.providers ?? {}, deps.env, stallMs, deps.clock);
  const toolboxes = new Toolboxes();
  const pictures = new RecentPictures();
  return {
    run: (turn, signal) =>
      new LlmTurn(turn, signal, models, pictures, toolboxes.for(turn), {
        settings,
        definition,
        deps,
      }).events(),
    reset: async (sessionKey) => pictures.forget(sessionKey),
    close: async () => {},
  };
}

class LlmTurn {
  #events: AgentEvent[] = [];
  readonly #limits: TranscriptLimits;
  #transcript: Transcript;

  constructor(
    private readonly turn: AgentTurn,
    private readonly signal: AbortSignal,
    private readonly models: Models,
    private readonly pictures: RecentPictures,
    private readonly toolbox: Toolbox,
    private readonly agent: { settings: LlmSettings; definition: AgentDefinition; deps: AgentDeps },
  ) {
    this.#transcript = readTranscript(turn.session);
    this.#limits = {
      messages: agent.settings.contextMessages ?? defaults.contextMessages,
      characters: defaults.contextCharacters,
    };
  }

  async *events(): AsyncGenerator<AgentEvent> {
    this.signal.throwIfAborted();
    const { envelope } = this.turn;
    const { summary, turns: before } = this.#transcript;
    // A new session inherits nothing.
    if (summary === undefined && before.length === 0) this.pictures.forget(envelope.sessionKey);
    const { full, kept } = await userMessage(envelope, await this.models.takesImages(), this.pictures);
    const said: LanguageModelV3Message[] = [];
    try {
      yield* this.#steps(full, said);
    } catch (error) {
      // What was asked and done stays known, so that "try again" makes sense; calls without a result are left out.
      if (said.at(-1)?.role === "assistant") said.pop();
      const turns = [...this.#transcript.turns, [kept, ...said]];
      yield { type: "session", session: storeTranscript({ ...this.#transcript, turns }) };
      throw error;
    }
    const whole = { ...this.#transcript, turns: [...this.#transcript.turns, [kept, ...said]] };
    const next = yield* this.#told(() =>
      fold(whole, this.#limits, this.models, this.signal, (event) => this.#events.push(event)),
    );
    yield { type: "session", session: storeTranscript(next) };
  }

  async *#steps(full: LanguageModelV3Message, said: LanguageModelV3Message[]): AsyncGenerator<AgentEvent> {
    const maxSteps = this.agent.settings.maxSteps ?? defaults.maxSteps;
    for (let step = 1; step <= maxSteps; step += 1) {
      const answer = yield* this.#told(() => this.#ask([full, ...said], step === maxSteps));
      for (const text of answer.texts) yield { type: "text", text };
      if (answer.stopped !== undefined)
        yield { type: "note", text: `the model stopped early: ${answer.stopped}` };
      if (answer.message !== undefined) said.push(answer.message);
      if (answer.toolCalls.length === 0) break;
      said.push(
        yield* this.#told(() =>
          this.toolbox.answer(answer.toolCalls, this.signal, (text) => this.#note(text)),
        ),
      );
    }
  }

  /** Gives out the events that a piece of work reported, also when it failed. */
  async *#told<T>(work: () => Promise<T>): AsyncGenerator<AgentEvent, T> {
    try {
      return await work();
    } finally {
      yield* this.#events.splice(0);
    }
  }

  /** One request; when the conversation is too long for the model, its older half is folded and it is asked again. */
  async #ask(current: LanguageModelV3Message[], last: boolean): Promise<ModelAnswer> {
    const note = (text: string) => this.#note(text);
    for (;;) {
      try {
        const answer = await this.models.ask(this.#options(current, last), this.signal, note);
        this.#events.push({ type: "usage", model: answer.ref, ...answer.usage });
        return answer;
      } catch (error) {
        const tooLong = error instanceof TapbackError && error.code === "MODEL_CONTEXT";
        if (!tooLong || this.#transcript.turns.length < 2) throw error;
        const none = { messages: 0, characters: 0 };
        this.#transcript = await fold(this.#transcript, none, this.models, this.signal, (event) =>
          this.#events.push(event),
        );
      }
    }
  }

  #options(current: LanguageModelV3Message[], last: boolean): LanguageModelV3CallOptions {
    const history = promptOf(this.#transcript);
    const before = history.at(-1);
    const prompt: LanguageModelV3Message[] = [
      { role: "system", content: this.#system(), providerOptions: cached },
      ...history.slice(0, -1),
      ...(before === undefined ? [] : [{ ...before, providerOptions: cached }]),
      ...current,
    ];
    const tools = this.toolbox.definitions;
    const { maxOutputTokens } = this.agent.settings;
    return {
      prompt,
      tools,
      // Arguments are read whole; servers that only imitate Anthropic's need not know how to stream them.
      providerOptions: { anthropic: { toolStreaming: false } },
      ...(last ? { toolChoice: { type: "none" } } : {}),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    };
  }

  #system(): string {
    const name = this.agent.definition.name ?? this.agent.definition.id;
    const own = this.turn.envelope.systemPrompt;
    return [
      `You are ${name}, an assistant that people write to in Apple Messages. Answer as one does in a chat: short, plain, to the point.`,
      `${renderingGuide} If nothing needs an answer, reply exactly ${silence}. Time zone: ${this.agent.deps.zone}.`,
      ...(own === undefined ? [] : [own]),
    ].join("\n\n");
  }

  #note(text: string): void {
    this.#events.push({ type: "note", text });
  }
}
