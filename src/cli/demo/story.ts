import type { JournalEntry, OutboxItem, Store, Turn } from "../../store/index.js";

/** One thing that the gateway did. */
export interface StoryEvent {
  /** Milliseconds since the epoch. */
  at: number;
  kind: "in" | "held" | "passed" | "agent" | "out" | "failed" | "note";
  text: string;
}

const listed = 200;

/** Tells from the gateway's state what it did: the same facts that `tapback inbox` and `tapback explain` show. */
export class Story {
  #lastEntry = 0;
  /** Rows whose decision may change: somebody may be approved. */
  readonly #held = new Set<number>();
  readonly #turns = new Set<string>();
  readonly #sent = new Set<number>();

  constructor(
    private readonly store: Store,
    private readonly nameOf: (handle: string) => string,
  ) {}

  /** @returns what happened since the last call, oldest first */
  async next(): Promise<StoryEvent[]> {
    const events = [...(await this.#decisions()), ...(await this.#endedTurns()), ...(await this.#sends())];
    return events.sort((one, other) => one.at - other.at);
  }

  async #decisions(): Promise<StoryEvent[]> {
    const { journal } = this.store;
    const events: StoryEvent[] = [];
    for (const id of this.#held) {
      const entry = await journal.get(id);
      if (entry?.decision === undefined || entry.decision.kind === "pairing") continue;
      this.#held.delete(id);
      events.push(this.#decision(entry));
    }
    for (const entry of (await journal.list({ after: this.#lastEntry, limit: listed })).reverse()) {
      if (entry.decision === undefined) break;
      this.#lastEntry = entry.id;
      if (entry.decision.kind === "pairing") this.#held.add(entry.id);
      const text = `${this.nameOf(entry.row.sender)} wrote “${entry.row.text}”`;
      events.push({ at: entry.receivedAt, kind: "in", text }, this.#decision(entry));
    }
    return events;
  }

  #decision(entry: JournalEntry): StoryEvent {
    const decision = entry.decision!;
    if (entry.turnId !== undefined) this.#turns.add(entry.turnId);
    const kind = decision.kind === "dispatch" || decision.kind === "command" ? "passed" : "held";
    const why = "reason" in decision ? decision.reason.replaceAll("_", " ") : decision.gates.at(-1)?.detail;
    const text = kind === "passed" ? `let in: ${why ?? decision.kind}` : `held: ${why ?? decision.kind}`;
    return { at: entry.decidedAt ?? entry.receivedAt, kind, text };
  }

  async #endedTurns(): Promise<StoryEvent[]> {
    const turns = await Promise.all([...this.#turns].map((id) => this.store.turns.get(id)));
    const ended = turns.filter((turn): turn is Turn & { endedAt: number } => turn?.endedAt !== undefined);
    return ended.map((turn) => {
      this.#turns.delete(turn.id);
      const ms = turn.endedAt - (turn.startedAt ?? turn.queuedAt);
      const failed = turn.state === "failed";
      const text = failed
        ? `agent ${turn.agentId} failed: ${turn.error?.message}`
        : `agent ${turn.agentId} took ${ms} ms`;
      return { at: turn.endedAt, kind: failed ? "failed" : "agent", text };
    });
  }

  async #sends(): Promise<StoryEvent[]> {
    const settled = (
      await this.store.outbox.list({ states: ["delivered", "stored", "not_sent", "unknown"], limit: listed })
    ).filter((item) => !this.#sent.has(item.id));
    return settled.map((item) => {
      this.#sent.add(item.id);
      return { at: item.settledAt ?? item.createdAt, ...sendOf(item) };
    });
  }
}

function sendOf(item: OutboxItem): Pick<StoryEvent, "kind" | "text"> {
  if (item.error) return { kind: "failed", text: `${item.state}: ${item.error.message}` };
  const what = {
    turn: "the answer",
    pairing: "the pairing code",
    approval: "the approval",
    "owner-notice": "a note to the owner",
    command: "the command's answer",
    "opt-out": "the answer to STOP or START",
    schedule: "a reminder",
    person: "a message",
    "approved-draft": "a message that an owner approved",
  }[item.origin];
  return { kind: "out", text: `${what} stands in Messages` };
}
