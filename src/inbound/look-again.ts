import type { MessageRow } from "../conversation/index.js";
import { messageOf } from "../platform/index.js";
import type { JournalEntry } from "../store/index.js";
import type { InboundDeps } from "./intake-deps.js";

/** A message may be edited for so long after it was sent, milliseconds (protocol reference 9.13). */
const editableMs = 15 * 60_000;
/** What was sent before that is not looked at after a start, milliseconds. */
const firstLookMs = 24 * 60 * 60_000;
/** Two looks at a chat are so far apart at least, milliseconds, so that a flood is not slowed down. */
const apartMs = 1000;
/** Earlier messages that are looked at, and rows of the chat among which they are looked for. */
const mostMessages = 20;
const lookedRows = 50;
/** The turn does not wait longer for the look, milliseconds; what it finds later comes with the next turn. */
const longestMs = 500;
/** Chats whose last look is remembered. */
const mostChats = 1000;

/** Looks before a turn whether earlier messages of its chat were changed: up to 0.18 imsg tells of that in the history alone (behaviour 9.7). */
export class LookAgain {
  readonly #lookedAt = new Map<number, number>();

  /** @param report takes rows as if they were reported again */
  constructor(
    private readonly deps: InboundDeps,
    private readonly report: (rows: MessageRow[]) => Promise<void>,
  ) {}

  /** @param entry the first message of the turn that is about to be opened */
  async before({ id, row }: JournalEntry): Promise<void> {
    const { store, bridge, claim, clock, log, mac } = this.deps;
    const chatId = row.chat.id;
    const now = clock.now();
    const lookedAt = this.#lookedAt.get(chatId);
    if (chatId <= 0 || bridge.state !== "live") return;
    if (lookedAt !== undefined && Math.abs(now - lookedAt) < apartMs) return;
    const note = (error: unknown) =>
      log.debug("earlier messages could not be looked at again", { error: messageOf(error) });
    const since = lookedAt === undefined ? now - firstLookMs : lookedAt - editableMs;
    try {
      const earlier = await store.journal.list({
        account: claim.id,
        chatId,
        before: id,
        limit: mostMessages,
      });
      const told = earlier.filter((entry) => wasTold(entry) && entry.row.sentAt >= mac.theirs(since));
      if (told.length === 0) return;
      if (this.#lookedAt.size >= mostChats) this.#lookedAt.clear();
      this.#lookedAt.set(chatId, now);
      const guids = new Set(told.map((entry) => entry.row.guid));
      const look = this.#read(chatId, told)
        .then((rows) => this.report(rows.filter(({ guid }) => guids.has(guid))))
        .catch(note);
      await this.#waitFor(look);
    } catch (error) {
      note(error);
    }
  }

  #read(chatId: number, told: JournalEntry[]): Promise<MessageRow[]> {
    const times = told.map(({ row }) => row.sentAt);
    const query = { chatId, limit: lookedRows, since: Math.min(...times) - 1, until: Math.max(...times) + 1 };
    return this.deps.bridge.history({ ...query, attachments: true });
  }

  async #waitFor(look: Promise<void>): Promise<void> {
    const answered = new AbortController();
    const late = this.deps.clock.sleep(longestMs, answered.signal);
    await Promise.race([look, late]);
    answered.abort("answered");
  }
}

/** Whether an agent was told of a message, or will be. */
function wasTold({ row, decision }: JournalEntry): boolean {
  const isMessage = row.guid !== "" && !row.tapback && !row.change;
  return isMessage && (decision?.kind === "dispatch" || decision?.kind === "context");
}
