import { chatKeysOf, type Decision, readableText } from "../conversation/index.js";
import { crashPoint, messageOf } from "../platform/index.js";
import { isRerun, type JournalEntry } from "../store/index.js";
import { type OpenedTurn, openTurn } from "../turns/index.js";
import type { ChatQueues } from "./chat-queues.js";
import { type Gathered, Gatherer } from "./gather.js";
import type { InHand } from "./in-hand.js";
import type { InboundDeps, IntakeParts } from "./intake-deps.js";
import type { LookAgain } from "./look-again.js";
import type { TypingChats } from "./typing.js";

/** Wait before what could not be stored is taken up again, milliseconds. */
const retryMs = 1000;

type Answered = Decision & { kind: "dispatch" | "command" };

/** What handing over has in common with the rest of taking in. */
interface DispatchParts {
  lookAgain: LookAgain;
  typing: TypingChats;
  /** Turns of one chat are queued in the order of their rows, however long each of them takes to put together. */
  opening: ChatQueues;
  inHand: InHand;
}

/** Hands rows that are to be answered to a turn or to their command, alone or with what the same person writes next. */
export class Dispatch {
  readonly #gatherer: Gatherer;
  /** @param takeUp goes through what is not finished once more */
  constructor(
    private readonly deps: InboundDeps,
    private readonly parts: Pick<IntakeParts, "rules" | "commands" | "listener">,
    private readonly shared: DispatchParts,
    private readonly takeUp: () => void,
  ) {
    this.#gatherer = new Gatherer(
      (gathered) => void this.#openGathered(gathered),
      deps.clock,
      (entry) => this.#typesMs(entry),
    );
  }

  /** Who types is known anew. */
  typingChanged(): void {
    this.#gatherer.typingChanged();
  }

  /** Hands over at once what waits for more of the same person. */
  flushAll(): void {
    this.#gatherer.flushAll();
  }

  /**
   * Stores the decision and hands the row over (behaviour 9.3).
   * @param at milliseconds since the epoch
   */
  async take(entry: JournalEntry, decision: Answered, at: number): Promise<void> {
    const { store, claim } = this.deps;
    const rules = this.parts.rules();
    const ready = { ...entry, decision, decidedAt: at };
    const alone = this.#isAlone(ready, rules.coalesceMs);
    if (decision.kind === "command" && (alone || rules.policy.commands.get(decision.name)?.quick)) {
      await store.journal.decide(claim, entry.id, decision, at);
      crashPoint("inbound.decided");
      await this.#command(entry, decision);
      await this.#letGoOfEnded(entry);
      return;
    }
    if (!alone && (await this.#isRepeat(entry, rules.coalesceMs))) {
      await store.journal.decide(claim, entry.id, repeated(decision), at);
      return;
    }
    const decided = store.journal.decide(claim, entry.id, decision, at);
    if (alone) return this.#openDecided(ready, decided, at);
    await decided;
    this.shared.inHand.take(entry.id);
    if (this.#gatherer.add(ready, rules.coalesceMs) === "taken") return;
    this.shared.inHand.letGo(entry.id);
    await store.journal.decide(claim, entry.id, repeated(decision), at);
  }

  /** What a command ended is waited for no more: its words may be written again. */
  async #letGoOfEnded(entry: JournalEntry): Promise<void> {
    const { store } = this.deps;
    const held = this.#gatherer.heldWith(entry);
    const states = await store.journal.states(held.map(({ id }) => id));
    const ended = held.filter(({ id }) => states.get(id) === "done");
    this.#gatherer.forget(entry, new Set(ended.map(({ id }) => id)));
    for (const { id } of ended) this.shared.inHand.letGo(id);
  }

  /** Whether the same text is in hand since a moment ago; the journal knows it also after a crash. */
  async #isRepeat(entry: JournalEntry, coalesceMs: number): Promise<boolean> {
    const { store, claim } = this.deps;
    const { chat, sender, sentAt, text, attachments } = entry.row;
    if (isRerun(entry.arrival)) return false;
    if (readableText(text) === "" || attachments.length > 0) return false;
    const rows = await store.journal.sentBetween(claim.id, chat.id, sentAt - coalesceMs, sentAt);
    return rows.some(
      (other) =>
        other.id < entry.id &&
        other.decision?.kind === "dispatch" &&
        other.row.sender === sender &&
        readableText(other.row.text) === readableText(text),
    );
  }

  /** A command that passes words on makes them its sender's message. */
  async #command(entry: JournalEntry, decision: Decision & { kind: "command" }): Promise<void> {
    const words = await this.parts.commands.run(entry, decision);
    if (words === undefined) return;
    const { kind: _, name: __, silent: ___, ...rest } = decision;
    const said = {
      ...entry,
      row: { ...entry.row, text: words },
      decision: { ...rest, kind: "dispatch" as const },
    };
    await this.#open([said], this.deps.clock.now());
  }

  /**
   * Opens the turn in one commit with the decision. Where the disk refused the decision at first there was nothing to open:
   * the turn is opened after it then.
   */
  async #openDecided(entry: JournalEntry, decided: Promise<unknown>, at: number): Promise<void> {
    const [isOpen] = await Promise.all([this.#open([entry], at), decided]);
    if (isOpen || (await this.deps.store.journal.states([entry.id])).get(entry.id) !== "decided") return;
    await this.#open([entry], this.deps.clock.now());
  }

  /** @returns false when the rows were not there to be opened */
  async #open(entries: JournalEntry[], at: number): Promise<boolean> {
    const opened = await this.shared.opening.add(chatKeysOf(entries[0]!.row), async () => {
      await this.shared.lookAgain.before(entries[0]!);
      return this.#openThese(entries, at);
    });
    if (opened) this.parts.listener.opened(opened);
    return opened !== undefined;
  }

  /** A row that was taken out meanwhile does not keep the others from their turn. */
  async #openThese(entries: JournalEntry[], at: number): Promise<OpenedTurn | undefined> {
    const { store } = this.deps;
    const opened = await openTurn(entries, this.parts.rules(), this.deps, at);
    if (opened || entries.length === 1) return opened;
    const states = await store.journal.states(entries.map(({ id }) => id));
    const left = entries.filter(({ id }) => states.get(id) === "decided");
    return left.length > 0 && left.length < entries.length ? this.#openThese(left, at) : undefined;
  }

  /** Whether a row is not held back for what the same person writes next, nor behind what is. */
  #isAlone(entry: JournalEntry, coalesceMs: number): boolean {
    if (entry.decision?.treatedAs === "group") return true;
    return coalesceMs === 0 && this.#typesMs(entry) === 0 && this.#gatherer.heldWith(entry).length === 0;
  }

  /** How long the person of a row goes on typing, milliseconds; 0 where that holds up nothing (behaviour 18.4). */
  #typesMs({ row, decision }: JournalEntry): number {
    if (decision?.kind !== "dispatch" || decision.treatedAs === "group") return 0;
    return this.parts.rules().waitWhileTyping ? this.shared.typing.remainingMs(row.chat) : 0;
  }

  /** Notes with each row that its turn waited for typing, for `explain`. @returns the rows with their note */
  async #noted(entries: JournalEntry[], heldMs: number): Promise<JournalEntry[]> {
    const { store, claim, clock } = this.deps;
    const key = this.parts.rules().policy.keyOf("waitWhileTyping");
    const detail = `The turn waited ${(heldMs / 1000).toFixed(1)} s because the person was typing.`;
    const noted = entries.map((entry) => {
      const gates = [...entry.decision!.gates, { gate: "typing", passed: true, detail, key }];
      return { ...entry, decision: { ...entry.decision!, gates } };
    });
    for (const { id, decision, decidedAt = clock.now() } of noted)
      await store.journal.decide(claim, id, decision, decidedAt);
    crashPoint("inbound.decided");
    return noted;
  }

  async #openGathered({ entries, heldMs }: Gathered): Promise<void> {
    const { clock, log } = this.deps;
    try {
      for (const part of parts(heldMs > 0 ? await this.#noted(entries, heldMs) : entries)) {
        const { decision } = part[0]!;
        if (decision?.kind === "command") await this.#command(part[0]!, decision);
        else await this.#open(part, clock.now());
      }
    } catch (error) {
      log.error("a turn could not be queued; it is taken up again", { error: messageOf(error) });
      clock.after(retryMs, this.takeUp);
    } finally {
      for (const { id } of entries) this.shared.inHand.letGo(id);
    }
  }
}

/** Each command by itself, and what was written between two of them together. */
function parts(entries: JournalEntry[]): JournalEntry[][] {
  const found: JournalEntry[][] = [];
  for (const entry of entries) {
    const last = found.at(-1);
    const joins = entry.decision?.kind === "dispatch" && last?.[0]?.decision?.kind === "dispatch";
    if (joins) last.push(entry);
    else found.push([entry]);
  }
  return found;
}

function repeated(decision: Decision): Decision {
  const detail = "The same text came a moment before and is answered with it.";
  return {
    kind: "drop",
    treatedAs: decision.treatedAs,
    gates: [...decision.gates, { gate: "coalesce", passed: false, detail }],
    reason: "repeated_text",
    remedy: "Nothing: see the message before it.",
  };
}
