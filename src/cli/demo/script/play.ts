import { messageOf, TapbackError } from "../../../platform/index.js";
import { mia, sam } from "../cast.js";
import { openStage, pairingCodeIn, type Stage } from "../stage.js";
import type { StoredMessage } from "../world.js";
import { conversation, type ScriptedMessage } from "./conversation.js";
import { isAnsweredNow, judge, type Verdict, type Written } from "./ledger.js";

export interface ScriptOptions {
  /** The script that Node runs. */
  started: string;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  /** A message that appeared in Messages, whoever wrote it. */
  onMessage(message: StoredMessage): void;
  /** A command that the owner of the gateway runs meanwhile. */
  onCommand(command: string): void;
}

export interface ScriptResult {
  verdicts: Verdict[];
  /** What stands in Messages at the end, oldest first. */
  transcript: StoredMessage[];
  ms: number;
}

/** How long one message may wait for its answer, milliseconds; half a second is usual. */
const answerMs = 15_000;
/** How long the whole conversation may take, milliseconds; 7 s are usual. */
const totalMs = 60_000;
/** Longest message, UTF-16 code units: so short that the long count comes in two pieces. */
const chunkLimit = 700;

/**
 * Plays the scripted conversation and reads the outcome from the simulated Messages' own database.
 * @throws `DEMO_TIMEOUT`, `DEMO_INTERRUPTED`, and what opening a stage throws
 */
export async function playScript(options: ScriptOptions): Promise<ScriptResult> {
  const startedAt = Date.now();
  const player = new Player(options);
  const late = new TapbackError("DEMO_TIMEOUT", `the conversation was not over after ${totalMs / 1000} s`, {
    hint: "The machine may be very busy; try again.",
  });
  let timer: NodeJS.Timeout | undefined;
  const cut = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(late), totalMs);
    const interrupted = () => fail(new TapbackError("DEMO_INTERRUPTED", "interrupted"));
    if (options.signal.aborted) interrupted();
    options.signal.addEventListener("abort", interrupted);
  });
  cut.catch(() => {});
  try {
    const result = await Promise.race([player.play(), cut]);
    return { ...result, ms: Date.now() - startedAt };
  } finally {
    clearTimeout(timer);
    await player.close();
  }
}

class Player {
  readonly #rows: StoredMessage[] = [];
  readonly #written: Written[] = [];
  #arrived = () => {};
  #opening: Promise<Stage> | undefined;

  constructor(private readonly options: ScriptOptions) {}

  async play(): Promise<Omit<ScriptResult, "ms">> {
    const { started, env, signal, onMessage } = this.options;
    this.#opening = openStage({
      started,
      env,
      signal,
      friends: [sam],
      textChunkLimit: chunkLimit,
      onMessage: (message) => {
        this.#rows.push(message);
        onMessage(message);
        this.#arrived();
      },
    });
    const stage = await this.#opening;
    const group = await stage.world.group("Climbing", [mia, sam]);
    for (const step of conversation) {
      const written = await Promise.all(step.map((message) => this.#write(stage, message, group)));
      await Promise.all(written.map((one) => this.#answered(stage, one)));
    }
    for (const one of this.#written) if (one.message.later) await this.#until(() => this.#verdict(one).ok);
    const transcript = await stage.world.transcript();
    return { verdicts: judge(this.#written, transcript), transcript };
  }

  async close(): Promise<void> {
    const stage = await this.#opening?.catch(() => undefined);
    await stage?.close();
  }

  async #write(stage: Stage, message: ScriptedMessage, group: number): Promise<Written> {
    const { id, chatId } = await stage.world.say(
      message.person,
      message.text,
      message.inGroup ? group : undefined,
    );
    const written = { message, id, chatId };
    this.#written.push(written);
    return written;
  }

  async #answered(stage: Stage, one: Written): Promise<void> {
    const { message } = one;
    if (message.paired) {
      const offered = () => this.#verdict(one).answers.map(({ text }) => pairingCodeIn(text))[0];
      if (!(await this.#until(() => offered() !== undefined))) return;
      const code = offered()!;
      this.options.onCommand(`tapback pairing approve imessage ${code} --replay`);
      await stage.approve(code).catch((error) => {
        this.options.onCommand(`(that failed: ${messageOf(error)})`);
      });
    }
    await this.#until(() => isAnsweredNow(message, this.#verdict(one).answers));
  }

  #verdict(one: Written): Verdict {
    return judge(this.#written, this.#rows).find(({ written }) => written === one)!;
  }

  /** Looks again at each message that arrives. @returns false when it took too long */
  #until(holds: () => boolean): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    const before = this.#arrived;
    return new Promise((done) => {
      const timer = setTimeout(() => finish(false), answerMs);
      const look = () => {
        before();
        if (holds()) finish(true);
      };
      const finish = (held: boolean) => {
        clearTimeout(timer);
        if (this.#arrived === look) this.#arrived = before;
        done(held);
      };
      this.#arrived = look;
    });
  }
}
