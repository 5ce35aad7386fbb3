import { awaitWithin, messageOf } from "../../platform/index.js";
import type { FurtherMessage, Steering } from "../contract.js";
import { renderTurn } from "../rendering.js";
import type { AcpConnection } from "./connection.js";

/**
 * How Claude Code, Codex and Pi take words into a prompt that runs: an extension that each of them announces
 * (`AcpConnection.takesSteering`). The protocol itself has nothing for it in its first version, where a second prompt is a
 * turn of its own.
 */
const method = "_session/steering";
/** After the end of its prompt an agent is waited for so long with what it was just given, milliseconds. */
const lastAnswerMs = 5000;

/** Hands what is written during a prompt to the agent, one message after the other (behaviour 5.4a). */
export class PromptSteering {
  #work: Promise<void> | undefined;
  #isWanted = false;
  #isOver = false;

  /** Begins where the agent announced that it takes such words. */
  constructor(
    private readonly steering: Steering | undefined,
    private readonly connection: AcpConnection,
    private readonly sessionId: string,
    private readonly note: (text: string) => void,
  ) {
    steering?.listen(connection.takesSteering ? () => this.#wake() : undefined);
  }

  /** The prompt is over: what is not with the agent yet is not given to it. @returns when that is settled */
  async end(): Promise<void> {
    this.#isOver = true;
    if (this.#work) await awaitWithin(this.connection.clock, lastAnswerMs, this.#work);
  }

  #wake(): void {
    this.#isWanted = true;
    this.#work ??= this.#giveAll()
      .catch((error) => this.note(`a further message waits: ${messageOf(error)}`))
      .finally(() => {
        this.#work = undefined;
      });
  }

  async #giveAll(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      for (let message = await this.#next(); message; message = await this.#next())
        if (!(await this.#give(message))) return;
    }
  }

  async #next(): Promise<FurtherMessage | undefined> {
    const message = await this.steering?.next();
    return this.#isOver ? undefined : message;
  }

  /** @returns false when the agent takes nothing more in */
  async #give(message: FurtherMessage): Promise<boolean> {
    const outcome = await this.#ask(renderTurn(message.envelope)).catch((error) => {
      this.note(`the agent refused a further message: ${messageOf(error)}`);
      return undefined;
    });
    switch (outcome) {
      case "injected":
        return message.taken();
      case "promptRequired":
        return false;
      case "startedNewTurn":
        // Nobody follows that turn; the message gets one of ours.
        await this.connection.cancel(this.sessionId);
        return false;
      default:
        if (this.connection.alive) await message.refused();
        return false;
    }
  }

  async #ask(text: string): Promise<unknown> {
    const answer = await this.connection.extension(method, {
      sessionId: this.sessionId,
      prompt: [{ type: "text", text }],
      // Where the prompt has ended meanwhile, the agent is to begin nothing by itself.
      _meta: { steering: { idleBehavior: "promptRequired" } },
    });
    return (answer as { outcome?: unknown } | null)?.outcome;
  }
}
