import { type Clock, TapbackError } from "../../platform/index.js";
import type { AgentTurn } from "../contract.js";
import { Attachment } from "./attachment.js";
import { type Delivery, detached } from "./delivery.js";
import type { ChannelEvent, RelayedRequest, Told } from "./event.js";
import { type ChannelPlace, covers, overlap, type Served, servedBy } from "./place.js";
import { freshPush, overPush, pushOf, replacedPush } from "./shown.js";

/** After an answer for a turn that is not handed over yet, as after a restart of the gateway, milliseconds. */
const handOverMs = 10_000;
/** Sessions of which it is remembered that another one took their place. */
const mostReplaced = 100;

/** How a turn ended, as a session that answered it is told. */
export interface EndedTurn {
  outcome: "done" | "failed" | "cancelled";
  /** Of its failure. */
  code?: string;
  /** Its answer waits for an owner's yes. */
  isHeld: boolean;
}

/**
 * The running sessions that answer conversations (behaviour 20.4): attached from outside, each to its place, the newest in the
 * place of those before. It keeps nothing: a turn whose session is gone is given back to its queue.
 */
export class ChannelSessions {
  /** Newest last. */
  readonly #attached = new Map<string, Attachment>();
  readonly #replaced = new Map<string, Attachment>();
  /** What was pushed and has not ended, with who has it. */
  readonly #pushed = new Map<string, { turn: AgentTurn; to: Attachment }>();
  /** Who answered, and waits to hear what became of it. */
  readonly #answered = new Map<string, (ended: EndedTurn) => void>();
  readonly #handedOver = new Map<string, Set<() => void>>();

  /**
   * @param isOpen whether a turn is still to be answered
   * @param changed told when a session is attached or gone
   */
  constructor(
    private readonly clock: Clock,
    private readonly isOpen: (turnId: string) => Promise<boolean>,
    private readonly changed: () => void,
  ) {}

  /** Attaches a session in the place of whoever is there. @returns its id */
  attach(place: ChannelPlace): { attachment: string; replaced: boolean } {
    const before = [...this.#attached.values()].filter((each) => overlap(each.place, place));
    for (const each of before) this.#replace(each);
    const attachment = new Attachment(place, this.clock, (gone) => this.#detach(gone));
    this.#attached.set(attachment.id, attachment);
    this.changed();
    return { attachment: attachment.id, replaced: before.length > 0 };
  }

  /** Ends what is attached to places that the owner does not allow any more. */
  keep(isAllowed: (place: ChannelPlace) => boolean): void {
    for (const each of [...this.#attached.values()]) if (!isAllowed(each.place)) each.leave();
  }

  /** Since when a session is attached that answers a conversation; undefined while none is. */
  servingSince(served: Served): number | undefined {
    return this.#serving(served)?.since;
  }

  /** Hands a turn to its session. @throws `AGENT_DETACHED` */
  deliver(delivery: Delivery): void {
    const served = servedBy(delivery.turn.envelope);
    const to = this.#serving(served);
    if (!to) throw detached();
    const { turn } = delivery;
    const { turnId, sessionKey } = turn.envelope;
    // One chat may be named in several ways: now it shows that these had it too.
    for (const each of [...this.#attached.values()])
      if (each !== to && covers(each.place, served)) this.#replace(each);
    to.deliveries.set(turnId, delivery);
    to.sessionKeys.add(sessionKey);
    this.#pushed.set(turnId, { turn, to });
    to.push(pushOf(turn));
    for (const told of this.#handedOver.get(turnId) ?? []) told();
  }

  /** A run of a turn is over, however it went. */
  runEnded(delivery: Delivery): void {
    delivery.end();
    for (const { deliveries } of this.#attached.values())
      if (deliveries.get(delivery.turn.envelope.turnId) === delivery)
        deliveries.delete(delivery.turn.envelope.turnId);
  }

  /** A turn was stored as ended: who answered it hears so, and who has it unanswered as well. */
  turnEnded(turnId: string, ended: EndedTurn): void {
    const pushed = this.#pushed.get(turnId);
    this.#pushed.delete(turnId);
    const tell = this.#answered.get(turnId);
    this.#answered.delete(turnId);
    if (tell) tell(ended);
    else if (pushed && ended.outcome !== "done")
      pushed.to.push(
        overPush(pushed.turn.envelope, ended.outcome === "failed" ? "took too long" : "was stopped"),
      );
  }

  /** What a session remembers of a conversation does not count any more. */
  startedOver(sessionKey: string, chat: string): void {
    for (const each of this.#attached.values())
      if (each.sessionKeys.has(sessionKey)) each.push(freshPush(chat));
  }

  /** Waits for what a session is to be told. @param left aborts when it is gone @throws `CHANNEL_DETACHED`, `CHANNEL_REPLACED` */
  async next(attachment: string, left: AbortSignal): Promise<ChannelEvent[]> {
    const replaced = this.#replaced.get(attachment);
    const events = await (replaced ?? this.#get(attachment)).next(left);
    // What it is told last it is told once.
    if (replaced && events.length === 0) this.#get(attachment);
    return events;
  }

  /**
   * Answers a message.
   * @returns what became of it, once it is stored
   * @throws `CHANNEL_OVER`, `CHANNEL_EARLY`, `CHANNEL_DETACHED`, `CHANNEL_REPLACED`
   */
  async reply(attachment: string, turnId: string, text: string, files: readonly string[]): Promise<Told> {
    const delivery = await this.#delivery(this.#get(attachment), turnId);
    const refused = await delivery.answer(text, files);
    if (refused) return refused;
    // Stored before it is told: a gateway that dies in between is asked again.
    const ended = await new Promise<EndedTurn>((resolve) => this.#answered.set(turnId, resolve));
    return toldOf(ended, text === "" && files.length === 0);
  }

  /** Calls a tool of the turn that a message belongs to. @throws as {@link reply} */
  async tool(attachment: string, turnId: string, tool: string, input: unknown): Promise<Told> {
    const { turn } = await this.#delivery(this.#get(attachment), turnId);
    const { clientTools } = await import("../tools/index.js");
    return clientTools(turn).call(tool, input);
  }

  /**
   * Puts a permission request of a session to an owner. The protocol does not say which message it is about: the oldest that
   * the session has not answered.
   * @returns false where it has none: then whoever sits at the session decides
   */
  permission(attachment: string, request: RelayedRequest): boolean {
    const from = this.#get(attachment);
    const delivery = [...from.deliveries.values()].find(({ isOver }) => !isOver);
    return (
      delivery?.ask(request, (allow) =>
        from.push({ type: "verdict", requestId: request.requestId, allow }),
      ) ?? false
    );
  }

  #serving(served: Served): Attachment | undefined {
    return [...this.#attached.values()].findLast(({ place }) => covers(place, served));
  }

  #get(id: string): Attachment {
    const found = this.#attached.get(id);
    if (found) return found;
    if (this.#replaced.has(id))
      throw new TapbackError("CHANNEL_REPLACED", "another session is attached in place of this one");
    throw new TapbackError("CHANNEL_DETACHED", "this session is not attached");
  }

  /** @throws `CHANNEL_OVER`, `CHANNEL_EARLY` */
  async #delivery(attachment: Attachment, turnId: string): Promise<Delivery> {
    const found = attachment.deliveries.get(turnId) ?? (await this.#handOver(attachment, turnId));
    if (found && !found.isOver) return found;
    // After a restart many turns may come before it; one that another session has is none of this one's.
    if (!found && !this.#pushed.has(turnId) && (await this.isOpen(turnId)))
      throw new TapbackError(
        "CHANNEL_EARLY",
        `the gateway has not come to the message with turn_id ${turnId} yet`,
        { hint: "It is pushed again when its turn comes: go on with it then." },
      );
    throw new TapbackError("CHANNEL_OVER", `no message with turn_id ${turnId} waits for an answer here`);
  }

  /** A gateway that was started anew hands over soon what the session still has in hand. */
  async #handOver(attachment: Attachment, turnId: string): Promise<Delivery | undefined> {
    if (!(await this.isOpen(turnId))) return undefined;
    const handed = new AbortController();
    const told = () => handed.abort();
    const waiting = this.#handedOver.get(turnId) ?? new Set();
    this.#handedOver.set(turnId, waiting.add(told));
    if (!attachment.deliveries.has(turnId)) await this.clock.sleep(handOverMs, handed.signal);
    waiting.delete(told);
    if (waiting.size === 0) this.#handedOver.delete(turnId);
    return attachment.deliveries.get(turnId);
  }

  #replace(attachment: Attachment): void {
    this.#replaced.set(attachment.id, attachment);
    for (const [oldest] of this.#replaced)
      if (this.#replaced.size > mostReplaced) this.#replaced.delete(oldest);
    attachment.push(replacedPush);
    attachment.push({ type: "end" });
    attachment.end();
    this.#detach(attachment);
  }

  #detach(attachment: Attachment): void {
    this.#attached.delete(attachment.id);
    for (const [turnId, delivery] of attachment.deliveries) {
      this.#pushed.delete(turnId);
      delivery.lose();
    }
    attachment.deliveries.clear();
    this.changed();
  }
}

function toldOf(ended: EndedTurn, isSilent: boolean): Told {
  if (ended.outcome === "done") {
    if (ended.isHeld) return { text: "It is kept until an owner says yes, and sent then.", isError: false };
    return { text: isSilent ? "Done; nothing is sent." : "Sent.", isError: false };
  }
  if (ended.outcome === "failed")
    return { text: `${ended.code}: the answer could not be sent; an owner is told.`, isError: true };
  return { text: "CHANNEL_OVER: the message was stopped meanwhile; nothing is sent.", isError: true };
}
