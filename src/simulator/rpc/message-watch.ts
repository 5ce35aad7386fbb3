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

/** What a watch is asked for. */
export interface WatchOptions {
  /** Absent: all chats. */
  chatId: number | undefined;
  /** Exclusive; negative: from the first row. */
  sinceRowId: number;
  filter: Filter;
  detail: Detail;
  includeTapbacks: boolean;
  /** Takes each message that is reported. */
  emit(message: MessageObject): void;
}

/** How often a row without a join is looked at again since 0.10.0 (protocol reference 3.4 item 8). */
const joinRetries = 20;
/** How long a text with a link waits for its preview since 0.14.0 (protocol reference 3.4 item 11). */
const holdMs = 2000;
/** How long a link row keeps others of the same text away, before 0.11.1 (protocol reference 9.1). */
const sameLinkMs = 90_000;

/** Reports rows as they appear, each once, by its cursor; later changes of a row are not seen. */
export class MessageWatch {
  #cursor: number;
  /** Preview rows that were reported with their text. */
  readonly #folded = new Set<number>();
  readonly #unjoined = new Map<number, number>();
  readonly #held = new Map<number, { message: MessageRecord; until: number }>();

  /** @param links link rows that this process has reported; shared by all its watches (protocol reference 12, row 11) */
  constructor(
    private readonly world: World,
    private readonly chats: ChatBook,
    private readonly links: Map<string, number>,
    private readonly options: WatchOptions,
  ) {
    this.#cursor = options.sinceRowId;
  }

  /** Reads up to one batch of new rows and reports them. */
  poll(): void {
    const { world } = this;
    this.#retryJoins();
    const rows = readRows(
      world,
      "WHERE m.ROWID > ? ORDER BY m.ROWID LIMIT ?",
      this.#cursor,
      world.settings().watchBatch,
    );
    for (const [index, row] of rows.entries()) {
      this.#cursor = row.id;
      if (row.chatId === 0 && world.since("0.10.0")) this.#unjoined.set(row.id, 0);
      else this.#take(row, rows.slice(index + 1, index + 21));
    }
    this.#releaseHeld();
  }

  /** When it must look again for what it holds back, milliseconds; Infinity when it holds nothing. */
  get holdsForMs(): number {
    const until = Math.min(...[...this.#held.values()].map((held) => held.until));
    return Math.max(1, until - this.world.now());
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
        this.#emit(owner, row);
        return;
      }
      // Read in one poll with its text: reported with it already.
      if (this.#folded.delete(row.id)) return;
    }
    const preview = following.find((later) => belongsTo(later, row));
    if (preview !== undefined) {
      this.#folded.add(preview.id);
      this.#emit(row, preview);
    } else if (this.world.since("0.14.0") && row.balloon === undefined && /https?:\/\//.test(row.text))
      this.#held.set(row.id, { message: row, until: this.world.now() + holdMs });
    else this.#emit(row);
  }

  #emit(row: MessageRecord, preview?: MessageRecord): void {
    const message = describeMessage(this.world, this.chats, row, this.options.detail);
    if (preview !== undefined) message.url_preview = previewOf(preview);
    if (this.world.since("0.14.0")) message.cursor = this.#safeCursor(Math.max(row.id, preview?.id ?? 0));
    this.options.emit(message);
  }

  /** Who resumes after this misses nothing, not even what is still held back. */
  #safeCursor(reported: number): number {
    return Math.min(reported, ...[...this.#held.keys()].map((id) => id - 1));
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
      this.#emit(message);
    }
  }
}

/** The newest row; 0 in an empty database. */
export function maxRowId(world: World): number {
  return Number(world.sql("SELECT max(ROWID) AS id FROM message").get()?.id ?? 0);
}
