import { ownerNotices } from "../outbound/index.js";
import { messageOf, type StopTimer } from "../platform/index.js";
import type { MissedBySender } from "../store/index.js";
import type { InboundDeps } from "./intake-deps.js";

/** A backlog comes in a burst; its end is so long after its last row, milliseconds. */
export const missedQuietMs = 10_000;
/** People who are named; the others are counted. */
const mostNamed = 5;

export interface MissedSummaryDeps extends Omit<InboundDeps, "bridge" | "mac"> {
  /** Whom to tell now. `agent` tells with the next turn, and nobody here. */
  to: () => "owner" | "agent" | "off";
  /** Handles of the owners, in normal form. */
  owners: () => Promise<ReadonlySet<string>>;
  quietMs?: number;
}

/**
 * Tells the owner of messages that came too late to be answered, once per batch (behaviour 9.5), so that a message that
 * is late but real is never lost from sight. What was told is marked in the same commit as the notice.
 */
export class MissedSummary {
  #stopTimer: StopTimer = () => {};
  #isStopped = false;

  constructor(private readonly deps: MissedSummaryDeps) {}

  /** Tells of what an earlier run left untold. */
  async start(): Promise<void> {
    if ((await this.deps.store.journal.missed(this.deps.claim.id)).length > 0) this.add();
  }

  /** A row was refused for its age: it belongs to the batch that is told of when things are quiet. */
  add(): void {
    if (this.#isStopped) return;
    this.#stopTimer();
    const { clock, quietMs = missedQuietMs } = this.deps;
    this.#stopTimer = clock.after(quietMs, () => void this.#tell(), { unref: true });
  }

  /** Tells nothing more; what is untold is told by the next start. */
  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
  }

  async #tell(): Promise<void> {
    const { store, claim, clock, log, owners } = this.deps;
    const to = this.deps.to();
    if (to === "agent") return;
    try {
      const missed = await store.journal.missed(claim.id);
      if (missed.length === 0) return;
      const count = missed.reduce((sum, person) => sum + person.count, 0);
      const notices = to === "owner" ? ownerNotices(await owners(), summaryText(missed)) : [];
      log.warn("messages came too late to be answered", { messages: count, people: missed.length });
      await store.journal.tell(claim, Math.max(...missed.map(({ lastId }) => lastId)), notices, clock.now());
    } catch (error) {
      log.error(`the summary of missed messages could not be stored: ${messageOf(error)}`);
      this.add();
    }
  }
}

/** How many messages of whom; never what they say, for anybody may have written them. */
function summaryText(missed: readonly MissedBySender[]): string {
  const count = missed.reduce((sum, person) => sum + person.count, 0);
  const named = missed
    .slice(0, mostNamed)
    .map(({ name, sender, count: own }) => `${name ?? sender} (${own})`);
  const others = missed.length - named.length;
  const people = others > 0 ? [...named, `${others} more`] : named;
  return [
    `Missed while away: ${count} ${count === 1 ? "message" : "messages"} from ${people.join(", ")}. I did not answer, for they came late.`,
    "",
    "To read them: tapback inbox --dropped",
    "To have them answered: tapback retry --reason backlog, or --reason missed_offline",
  ].join("\n");
}
