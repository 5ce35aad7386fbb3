import type { ChannelClient } from "../../actions/mcp/index.js";
import { maxAskSeconds, type RelayedRequest, type Told } from "../../agents/index.js";
import type { askGateway, ControlResult } from "../../control/index.js";
import { type Clock, TapbackError } from "../../platform/index.js";

/** Wait before a gateway that does not answer is asked again, milliseconds. */
const retryMs = 1000;
/** Most time that a call of a tool waits until the session is attached again, milliseconds. */
const attachMs = 30_000;
/** How long the gateway may hold a question for what is new, milliseconds: longer than it does. */
const nextMs = 60_000;

/** Most time that a tool may take, milliseconds: a person is waited for. */
const mostToolMs = maxAskSeconds * 1000 + 120_000;
/** Most time until an answer is stored, milliseconds. */
const replyMs = 120_000;

/** Errors after which nobody knows what became of a call, or the session has to be attached again. */
const lost = ["GATEWAY_LOST", "GATEWAY_SILENT", "GATEWAY_UNREACHABLE", "CHANNEL_DETACHED"];

/** Refusals of a message that the session does not have any more: should it be pushed once more, it is new. */
const notInHand = ["CHANNEL_OVER", "CHANNEL_EARLY"];

type Ask = <M extends Parameters<typeof askGateway>[1]>(
  method: M,
  parameters: Parameters<typeof askGateway<M>>[2],
  timeoutMs?: number,
) => Promise<{ result: ControlResult<M> } | undefined>;

/** How a session is attached. */
export interface LinkParts {
  ask: Ask;
  clock: Clock;
  place: { agent?: string; account?: string; chat?: string };
  client: Pick<ChannelClient, "push" | "decide">;
  /** For whoever looks at the client's log. */
  note(text: string): void;
}

/**
 * The session's end of its attachment (behaviour 20.4): it attaches again when the gateway comes back, and does not push again
 * what the session still has in hand.
 */
export class ChannelLink {
  #attachment: string | undefined;
  #isReplaced = false;
  /** Calls that wait until it is attached. */
  readonly #waiting = new Set<() => void>();
  /** Messages that this session was given and has not answered. */
  readonly #inHand = new Set<string>();
  /** Permission requests that are put to an owner and not decided. */
  readonly #asked = new Set<string>();

  constructor(private readonly parts: LinkParts) {}

  /**
   * Stays attached until another session takes the place.
   * @throws why it cannot be attached at all, e.g. `CHANNEL_CHAT`
   */
  async run(left: AbortSignal): Promise<void> {
    while (!left.aborted && !this.#isReplaced) {
      if (this.#attachment === undefined && !(await this.#attach())) {
        await this.parts.clock.sleep(retryMs, left);
        continue;
      }
      await this.#take();
    }
  }

  /** Answers a message, or calls a tool of its turn. @throws what the model is told */
  async call(tool: string, input: Record<string, unknown>): Promise<Told> {
    const { turn_id: turnId, ...rest } = input;
    if (typeof turnId !== "string")
      throw new TapbackError(
        "ACTION_PARAMETERS",
        "turn_id is missing: the id of the message that this is about",
      );
    if (tool !== "reply")
      return this.#about(turnId, (attachment) =>
        this.parts.ask("channel.tool", { attachment, turnId, tool, input: rest }, mostToolMs),
      );
    const { text = "", files = [] } = rest;
    if (typeof text !== "string" || !Array.isArray(files) || !files.every((file) => typeof file === "string"))
      throw new TapbackError("ACTION_PARAMETERS", "text must be a text, and files a list of paths");
    const told = await this.#about(turnId, (attachment) =>
      this.parts.ask("channel.reply", { attachment, turnId, text, files }, replyMs),
    );
    if (!told.isError) this.#inHand.delete(turnId);
    return told;
  }

  /** A permission request of the session. What cannot be asked is left to whoever sits there. */
  async permission(request: RelayedRequest): Promise<void> {
    const attachment = this.#attachment;
    if (attachment === undefined) return;
    try {
      this.#asked.add(request.requestId);
      const answer = await this.parts.ask("channel.permission", { attachment, ...request });
      if (answer?.result.asked !== true) this.#asked.delete(request.requestId);
    } catch (error) {
      this.#asked.delete(request.requestId);
      this.parts.note(`a permission request was not asked: ${(error as Error).message}`);
    }
  }

  async #attach(): Promise<boolean> {
    const { ask, place, note } = this.parts;
    try {
      const answer = await ask("channel.attach", place);
      if (!answer) return false;
      const { attachment, agent, chat, replaced } = answer.result;
      this.#attachment = attachment;
      for (const goOn of this.#waiting) goOn();
      note(
        `attached to ${chat ?? "all conversations"} of agent ${agent}${replaced ? ", in the place of another session" : ""}`,
      );
      return true;
    } catch (error) {
      if (isLost(error)) return false;
      throw error;
    }
  }

  async #take(): Promise<void> {
    const attachment = this.#attachment!;
    try {
      const answer = await this.parts.ask("channel.next", { attachment }, nextMs);
      if (!answer) await this.#lose();
      for (const event of answer?.result ?? []) await this.#tell(event);
    } catch (error) {
      if (!isLost(error)) throw error;
      await this.#lose();
    }
  }

  async #lose(): Promise<void> {
    this.#attachment = undefined;
    await this.#denyAsked();
  }

  /** Nobody's answer comes any more. */
  async #denyAsked(): Promise<void> {
    for (const requestId of this.#asked) await this.parts.client.decide(requestId, false);
    this.#asked.clear();
  }

  async #tell(event: ControlResult<"channel.next">[number]): Promise<void> {
    const { client } = this.parts;
    if (event.type === "end") {
      this.#isReplaced = true;
      await this.#denyAsked();
    } else if (event.type === "verdict") {
      this.#asked.delete(event.requestId ?? "");
      await client.decide(event.requestId ?? "", event.allow === true);
    } else {
      const { content = "", meta = {}, turnId } = event;
      if (meta.over !== undefined) this.#inHand.delete(meta.over);
      // The gateway was started anew, and the session still has it.
      if (turnId !== undefined && this.#inHand.has(turnId)) return;
      if (turnId !== undefined) this.#inHand.add(turnId);
      await client.push(content, meta);
    }
  }

  async #about(
    turnId: string,
    ask: (attachment: string) => Promise<{ result: Told } | undefined>,
  ): Promise<Told> {
    try {
      return await this.#asAttached(ask);
    } catch (error) {
      if (error instanceof TapbackError && notInHand.includes(error.code)) this.#inHand.delete(turnId);
      throw error;
    }
  }

  async #asAttached(ask: (attachment: string) => Promise<{ result: Told } | undefined>): Promise<Told> {
    const { clock } = this.parts;
    const until = clock.now() + attachMs;
    for (;;) {
      if (this.#isReplaced)
        throw new TapbackError("CHANNEL_REPLACED", "another session is attached in place of this one");
      const attachment = this.#attachment ?? (await this.#whenAttached(until));
      try {
        const answer = await ask(attachment);
        if (answer) return answer.result;
      } catch (error) {
        if (!isLost(error) || clock.now() >= until) throw error;
      }
      if (this.#attachment === attachment) await clock.sleep(retryMs);
    }
  }

  async #whenAttached(until: number): Promise<string> {
    const { clock } = this.parts;
    const came = new AbortController();
    const goOn = () => came.abort();
    this.#waiting.add(goOn);
    await clock.sleep(Math.max(0, until - clock.now()), came.signal);
    this.#waiting.delete(goOn);
    if (this.#attachment !== undefined) return this.#attachment;
    throw new TapbackError("GATEWAY_UNREACHABLE", "the gateway does not run; nothing was done");
  }
}

function isLost(error: unknown): boolean {
  return error instanceof TapbackError && lost.includes(error.code);
}
