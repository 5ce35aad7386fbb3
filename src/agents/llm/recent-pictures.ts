import type { LanguageModelV3FilePart } from "@ai-sdk/provider";

/** A picture as a model sees it, and what the chat calls it. */
export interface Picture {
  name: string;
  part: LanguageModelV3FilePart & { data: Uint8Array };
}

/** What stays in view of one session, and of all together; each picture costs tokens in every turn that shows it. */
const bounds = { pictures: 4, bytes: 8_000_000, turns: 6, sessions: 50, allBytes: 64_000_000 };

interface Session {
  /** Oldest first. */
  turns: { turnId: string; pictures: Picture[] }[];
  /** Pictures that were in view once. */
  gone: number;
}

/**
 * The pictures of recent turns (behaviour 6.8), so that "what is on it?" can be asked after the picture. They are kept in
 * memory: the turn's files are gone with it, and the stored transcript holds text alone.
 */
export class RecentPictures {
  /** Least recently used first. */
  readonly #sessions = new Map<string, Session>();

  /**
   * Takes the pictures of a turn, and drops the oldest of its session beyond the bounds.
   * @returns those of earlier turns that stay in view, oldest first, and how many do not any more
   */
  add(sessionKey: string, turnId: string, pictures: Picture[]): { earlier: Picture[]; gone: number } {
    const session = this.#sessions.get(sessionKey) ?? { turns: [], gone: 0 };
    this.#sessions.delete(sessionKey);
    this.#sessions.set(sessionKey, session);
    // A turn that runs again has its pictures once.
    session.turns = [...session.turns.filter((turn) => turn.turnId !== turnId), { turnId, pictures }];
    while (session.turns.length > bounds.turns) session.gone += session.turns.shift()!.pictures.length;
    while (session.turns.length > 1 && isTooMuch(session)) {
      const oldest = session.turns[0]!;
      if (oldest.pictures.shift()) session.gone++;
      if (oldest.pictures.length === 0) session.turns.shift();
    }
    this.#trim();
    return { earlier: session.turns.slice(0, -1).flatMap((turn) => turn.pictures), gone: session.gone };
  }

  /** Drops the pictures of a session that begins anew. */
  forget(sessionKey: string): void {
    this.#sessions.delete(sessionKey);
  }

  /** The session that was added to last stays in any case. */
  #trim(): void {
    for (const key of [...this.#sessions.keys()].slice(0, -1)) {
      const all = [...this.#sessions.values()].reduce((sum, session) => sum + bytesOf(session), 0);
      if (this.#sessions.size <= bounds.sessions && all <= bounds.allBytes) return;
      this.#sessions.delete(key);
    }
  }
}

function isTooMuch(session: Session): boolean {
  const count = session.turns.reduce((sum, { pictures }) => sum + pictures.length, 0);
  return count > bounds.pictures || bytesOf(session) > bounds.bytes;
}

function bytesOf({ turns }: Session): number {
  return turns.flatMap(({ pictures }) => pictures).reduce((sum, { part }) => sum + part.data.length, 0);
}
