import { linkBalloon } from "../messages-app/deliver.js";
import type { ChatBook } from "../reading/chats.js";
import { belongsTo, previewOf } from "../reading/folding.js";
import { type Filter, passes } from "../reading/history.js";
import {
  type Detail,
  describeMessage,
  type MessageObject,
  type MessageRecord,
  readRows,
} from "../reading/messages.js";
import { isTapbackType } from "../reading/reactions.js";
import type { World } from "../world/world.js";
import { EditWatch } from "./edit-watch.js";

/** What a watch is asked for. */
export interface WatchOptions {
  /** Absent: all chats. */
  chatId: number | undefined;
  /** Exclusive; negative: from the first row. */
  sinceRowId: number;
  filter: Filter;
  detail: Detail;
  includeTapbacks: boolean;
  /** The newest row when the subscription began: rows up to it are not held back. */
  liveAfter: number;
  /** Takes each message that is reported. */
  emit(message: MessageObject): void;
}

/** How often a row without a join is looked at again since 0.10.0 (protocol reference 3.4 item 8). */
const joinRetries = 20;
/** How long a link row keeps others of the same text away, before 0.11.1 (protocol reference 9.1). */
const sameLinkMs = 90_000;

/** Reports rows as they appear, each once, by its cursor; since 0.19.0 also what was edited or unsent later. */
export class MessageWatch {
  #cursor: number;
  readonly #edits: EditWatch | undefined;
  /** How often the world had been written to when all that was new had been read. */
  #readAt: number | undefined;
  /** Preview rows that were reported with their text. */
  readonly #folded = new Set<number>();
  readonly #unjoined = new Map<number, number>();
  readonly #held = new Map<number, { message: MessageRecord; until: number }>();
  /** Rows that this look reported, as they are. */
  readonly #asNow = new Set<number>();

  /** @param links link rows that this process has reported; shared by all its watches (protocol reference 12, row 11) */
  constructor(
    private readonly world: World,
    private readonly chats: ChatBook,
    private readonly links: Map<string, number>,
    private readonly options: WatchOptions,
  ) {
    this.#cursor = options.sinceRowId;
    this.#edits = world.since("0.19.0") ? new EditWatch(world) : undefined;
  }

  /** Reads up to one batch of new rows and reports them. */
  poll(): void {
    const { world } = this;
    this.#asNow.clear();
    this.#retryJoins();
    const rows = this.#newRows();
    for (const [index, row] of rows.entries()) {
      this.#cursor = row.id;
      if (row.chatId === 0 && world.since("0.10.0")) this.#unjoined.set(row.id, 0);
      else this.#take(row, rows.slice(index + 1, index + 21));
    }
    this.#releaseHeld();
    // What nobody was told of before this look is reported as it is now, and not once more for its change.
    for (const row of this.#edits?.since(this.#cursor) ?? [])
      if (!this.#isHeldBack(row.id) && !this.#asNow.has(row.id)) this.#tell(row);
  }

  /** Where a watch goes on that ends here. @param lost the first row that it read and that does not get through */
  resumeAfter(lost: number): number {
    return this.#safeCursor(lost - 1);
  }

  /** When it must look again for what it holds back, milliseconds; Infinity when it holds nothing. */
  get holdsForMs(): number {
    const until = Math.min(...[...this.#held.values()].map((held) => held.until));
    return Math.max(1, until - this.world.now());
  }

  /** Nothing is read where nothing was written since all was read. */
  #newRows(): MessageRecord[] {
    const { watchBatch } = this.world.settings();
    const writes = this.world.host.writes?.();
    if (writes !== undefined && writes === this.#readAt) return [];
    const rows = readRows(this.world, "WHERE m.ROWID > ? ORDER BY m.ROWID LIMIT ?", this.#cursor, watchBatch);
    this.#readAt = rows.length < watchBatch ? writes : undefined;
    return rows;
  }

  #take(row: MessageRecord, following: MessageRecord[]): void {
    if (this.options.chatId !== undefined && row.chatId !== this.options.chatId) return;
    if (isTapbackType(row.associatedType) && !this.options.includeTapbacks) return;
    if (!passes(this.options.filter, row)) return;
    if (!this.world.since("0.11.1")) {
      if (!this.#repeatedLink(row)) this.#emit(row);
      return;
    }
    if (row.balloon === linkBalloon) {
      const owner = [...this.#held.values()].find(({ message }) => belongsTo(row, message))?.message;
      if (owner !== undefined) {
        this.#held.delete(owner.id);
        this.#emit(this.#readAgain(owner), row);
        return;
      }
      // Read in one poll with its text: reported with it already.
      if (this.#folded.delete(row.id)) return;
    }
    const preview = following.find((later) => belongsTo(later, row));
    if (preview !== undefined) {
      this.#folded.add(preview.id);
      // What stands between the two is reported after them, maybe seconds later.
      const next = following.find(({ id }) => !this.#folded.has(id));
      this.#emit(row, preview, next);
    } else if (this.#waits(row))
      this.#held.set(row.id, { message: row, until: this.world.now() + this.world.settings().watchHoldMs });
    else this.#emit(row);
  }

  /**
   * Whether a row waits for its preview: one with a link since 0.14.0 (protocol reference 3.4 item 11), every live text since
   * 0.15 (protocol reference 19). What is no text overtakes it.
   */
  #waits(row: MessageRecord): boolean {
    if (!this.world.since("0.14.0") || row.balloon !== undefined) return false;
    if (!this.world.since("0.15.0")) return /https?:\/\//.test(row.text);
    return row.id > this.options.liveAfter && row.associatedType === 0 && row.text !== "";
  }

  #isHeldBack(id: number): boolean {
    return this.#held.has(id) || this.#unjoined.has(id);
  }

  /** What was held back, as it is now: the text of what is reported is the current one since 0.19.0 (protocol reference 25). */
  #readAgain(held: MessageRecord): MessageRecord {
    if (this.#edits === undefined) return held;
    const rows = readRows(this.world, "WHERE m.ROWID = ?", held.id);
    return rows.find(({ chatId }) => chatId === held.chatId) ?? held;
  }

  /** A message that was reported is another one now (protocol reference 25). */
  #tell(row: MessageRecord): void {
    const { chatId, filter, detail } = this.options;
    if ((chatId !== undefined && row.chatId !== chatId) || !passes(filter, row)) return;
    const message = describeMessage(this.world, this.chats, row, detail);
    // Whether such an event has a cursor, nobody has seen.
    if (this.world.settings().unseen === "first") message.cursor = this.#safeCursor(this.#cursor);
    this.options.emit(message);
  }

  /** @param next the first row behind it that was read in the same look, and that nobody was told of yet */
  #emit(row: MessageRecord, preview?: MessageRecord, next?: MessageRecord): void {
    this.#asNow.add(row.id);
    const message = describeMessage(this.world, this.chats, row, this.options.detail);
    if (preview !== undefined) message.url_preview = previewOf(preview);
    const end = Math.min(Math.max(row.id, preview?.id ?? 0), (next?.id ?? Number.POSITIVE_INFINITY) - 1);
    if (this.world.since("0.14.0")) message.cursor = this.#safeCursor(end);
    this.options.emit(message);
  }

  /** What was read and is reported later: who resumes after this cursor misses none of it (behaviour 9.6, protocol reference 19). */
  #safeCursor(reported: number): number {
    return Math.min(reported, ...[...this.#held.keys(), ...this.#unjoined.keys()].map((id) => id - 1));
  }

  #repeatedLink(row: MessageRecord): boolean {
    if (row.balloon !== linkBalloon) return false;
    const key = `${row.chatId}|${row.sender}|${row.fromMe}|${row.text}`;
    const seen = this.links.get(key);
    this.links.set(key, row.at);
    return seen !== undefined && Math.abs(row.at - seen) <= sameLinkMs;
  }

  #retryJoins(): void {
    for (const [id, tries] of this.#unjoined) {
      const rows = readRows(this.world, "WHERE m.ROWID = ?", id).filter((row) => row.chatId !== 0);
      if (rows.length === 0 && tries < joinRetries) this.#unjoined.set(id, tries + 1);
      else this.#unjoined.delete(id);
      for (const row of rows) this.#take(row, []);
    }
  }

  #releaseHeld(): void {
    for (const [id, { message, until }] of this.#held) {
      if (until > this.world.now()) continue;
      this.#held.delete(id);
      this.#emit(this.#readAgain(message));
    }
  }
}
