import type { Clock } from "../../platform/index.js";
import { messageOf } from "../../platform/index.js";
import { handed } from "../agent.js";
import { Cards } from "../cards.js";
import { tellRow } from "../events.js";
import type { BotParts } from "../home.js";
import { adapterName } from "../thread-id.js";
import type { ToldEvent } from "./client.js";
import type { LastingState } from "./lasting-state.js";
import { chatOf, type FetchFile, incomingOf, messageOfEvent } from "./messages.js";

/** How long a message waits in the bot's state for what the gates decide, milliseconds. */
const undecidedMs = 24 * 3600_000;

/**
 * What the bot is told of the events of a gateway: a message once the gates let it in, one after the other in a conversation. The bot's
 * state keeps it until then, so that it is not lost between the two events. What handlers throw is told in the bot's log.
 */
export class Inbox {
  /** The work of each conversation that is under way. */
  readonly #lines = new Map<string, Promise<void>>();
  /** One event after the other: a decision finds its message, and conversations their order. */
  #entering: Promise<unknown> = Promise.resolve();
  readonly #cards: Cards;

  constructor(
    private readonly parts: BotParts,
    private readonly state: LastingState,
    private readonly fetchFile: FetchFile,
    private readonly clock: Pick<Clock, "sleep">,
    private readonly signal: AbortSignal,
  ) {
    this.#cards = new Cards(() => state);
  }

  /**
   * Does what an event asks for.
   * @returns when that is done; the same event again does the same again, and sends nothing twice
   * @throws for an event that nothing can be made of; after a stop
   */
  async take(event: ToldEvent): Promise<void> {
    const entered = this.#entering.then(() => this.#enter(event));
    this.#entering = entered.catch(() => {});
    await (await entered).done;
  }

  /** @returns once it is in the line of its conversation: when that is done */
  async #enter(event: ToldEvent): Promise<{ done?: Promise<void> }> {
    const { data, account } = event;
    const key = `tapback:message:${account}:${String(data.entry)}`;
    if (event.type === "message") {
      if (incomingOf(event)) await this.state.set(key, event, undecidedMs);
      return {};
    }
    if (event.type !== "decision" || !(data.decision === "dispatch" || data.decision === "context"))
      return {};
    const told = await this.state.get<ToldEvent>(key);
    const incoming = told && incomingOf(told);
    if (!incoming) return {};
    const work = () =>
      data.decision === "dispatch"
        ? this.#hand(told)
        : tellRow(incoming, { ...this.parts, cards: this.#cards }, this.state);
    return { done: this.#inLine(incoming.threadId, work) };
  }

  async #hand(told: ToldEvent): Promise<void> {
    const incoming = incomingOf(told)!;
    const { threadId, account, entry } = incoming;
    this.parts.conversations.note(threadId, chatOf(incoming));
    const message = messageOfEvent(incoming, told, this.fetchFile);
    await this.parts.occasions.duringEvent(`message ${account} ${entry}`, () =>
      handed(message, { ...this.parts, cards: this.#cards }, (ms) => this.clock.sleep(ms, this.signal)),
    );
  }

  #inLine(threadId: string, work: () => Promise<void>): Promise<void> {
    const before = this.#lines.get(threadId) ?? Promise.resolve();
    const log = this.parts.chat.getLogger(adapterName);
    const done = before
      .then(() => (this.signal.aborted ? undefined : work()))
      .catch((error: unknown) => {
        // What a stop cut off is done by the next run.
        if (!this.signal.aborted) log.error(`a handler failed: ${messageOf(error)}`);
      })
      .finally(() => {
        if (this.#lines.get(threadId) === done) this.#lines.delete(threadId);
      });
    this.#lines.set(threadId, done);
    return done;
  }
}
