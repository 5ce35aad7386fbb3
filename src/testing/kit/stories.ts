import type { JournalEntry, OutboxItem, Store, Turn } from "../../store/index.js";

/** What became of one message: how it was decided, the turn that answered it, and what was sent for it. */
export interface Story {
  entry: JournalEntry;
  turn: Turn | undefined;
  replies: OutboxItem[];
}

/** Most messages and sends that are looked at. */
const most = 10_000;

/** What the gateway's state tells, as it was when it was last looked at. */
export class Stories {
  readonly #byEntry = new Map<number, Story>();
  #sends: OutboxItem[] = [];

  /** Looks again. */
  async look(store: Store): Promise<void> {
    const newest = Math.max(0, ...this.#byEntry.keys());
    const fresh = await store.journal.list({ limit: most, own: true, after: newest });
    const open = [...this.#byEntry.values()].filter((story) => !isOver(story)).map(({ entry }) => entry.id);
    for (const { id } of fresh.reverse()) open.push(id);
    for (const id of open) {
      const story = await storyOf(store, id);
      if (story) this.#byEntry.set(id, story);
    }
    this.#sends = (await store.outbox.list({ limit: most })).reverse();
  }

  /** Every story, in the order in which the messages came in. */
  get all(): readonly Story[] {
    return [...this.#byEntry.values()];
  }

  /** Everything that was to be sent, oldest first. */
  get sends(): readonly OutboxItem[] {
    return this.#sends;
  }

  /** The newest story of a message; undefined where the gateway has not taken it in. */
  of(guid: string): Story | undefined {
    return this.all.findLast(({ entry }) => entry.row.guid === guid);
  }
}

async function storyOf(store: Store, id: number): Promise<Story | undefined> {
  const entry = await store.journal.get(id);
  if (entry === undefined) return undefined;
  const turn = entry.turnId === undefined ? undefined : await store.turns.get(entry.turnId);
  const replies = [
    ...(await store.outbox.ofEntry(id)),
    ...(turn === undefined
      ? []
      : [...(await saidByTool(store, turn)), ...(await store.outbox.ofTurn(turn.id))]),
  ];
  return { entry, turn, replies };
}

/** What an agent said in its own conversation before the turn was over: by the message tool. */
async function saidByTool(store: Store, { id, chatKey }: Turn): Promise<OutboxItem[]> {
  const items = (await store.actions.ofTurn(id)).flatMap((action) => action.items);
  return (await store.outbox.getAll(items)).filter((item) => item.chatKey === chatKey);
}

/** Whether nothing of it changes any more; a send may still be read, which nobody asks about. */
function isOver({ entry, replies }: Story): boolean {
  if (entry.state !== "done" && entry.state !== "failed") return false;
  return replies.every(({ state }) => state !== "pending" && state !== "sending");
}
