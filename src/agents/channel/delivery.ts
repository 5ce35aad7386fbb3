import { cutText } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import type { AgentTurn } from "../contract.js";
import type { EventQueue } from "../event-queue.js";
import type { MediaRoots } from "../media.js";
import { replyBlock } from "../reply-block.js";
import { writtenOut } from "../written-out.js";
import type { RelayedRequest, Told } from "./event.js";

/** Longest line for lists, UTF-16 code units. */
const maxTitle = 200;

/** A turn in the hands of a session: its answer ends it, and what the session asks meanwhile is asked for it. */
export class Delivery {
  #isOver = false;
  readonly #open = new Map<string, (allow: boolean) => void>();

  constructor(
    readonly turn: AgentTurn,
    private readonly events: EventQueue,
    private readonly roots: MediaRoots,
  ) {}

  /** Whether an answer of it, or its end, came already. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Gives the answer; the turn ends with it. An empty one without files says nothing to anybody.
   * @returns why it is not taken, when a file of it may not be sent
   * @throws `CHANNEL_OVER`
   */
  async answer(text: string, files: readonly string[]): Promise<Told | undefined> {
    this.#check();
    const { block, refused } = await replyBlock({ type: "text", text, media: [...files] }, this.roots);
    this.#check();
    if (refused.length > 0) {
      const why = refused.map(({ path, error }) => `${path}: ${error.code}: ${error.message}`).join("\n");
      return { text: `Nothing was sent. These files may not be sent:\n${why}`, isError: true };
    }
    this.#isOver = true;
    if (block) this.events.push(block);
    this.events.end();
    return undefined;
  }

  /**
   * Puts a permission request of the session to an owner.
   * @param verdict called once; a turn that ends denies
   * @returns false when it is asked already, or the turn is over
   */
  ask({ requestId, tool, description, preview }: RelayedRequest, verdict: (allow: boolean) => void): boolean {
    if (this.#isOver || this.#open.has(requestId)) return false;
    const decide = (allow: boolean) => {
      if (this.#open.delete(requestId)) verdict(allow);
    };
    this.#open.set(requestId, decide);
    const said = writtenOut(description.trim() === "" ? tool : `${tool}: ${description}`);
    const title = cutText(said.replace(/\s+/g, " "), maxTitle);
    this.events.push({
      type: "permission",
      id: `${this.turn.envelope.turnId}:${requestId}`,
      title,
      details: [
        ...(title === said ? [] : [said]),
        writtenOut(preview),
        "(The session shows the start of it alone.)",
      ]
        .filter((part) => part !== "")
        .join("\n"),
      options: [
        { id: "allow", name: "Allow", kind: "allow_once" },
        { id: "deny", name: "Deny", kind: "reject_once" },
      ],
      answer: (optionId) => decide(optionId === "allow"),
    });
    return true;
  }

  /** The session is gone: the turn is to be given to the next one. */
  lose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.events.fail(detached());
  }

  /** The turn is over, or is run again: what is asked for it is denied. */
  end(): void {
    this.#isOver = true;
    for (const decide of this.#open.values()) decide(false);
  }

  #check(): void {
    if (this.#isOver)
      throw new TapbackError("CHANNEL_OVER", "this message is answered already, or was taken back");
  }
}

/** Nobody is there to answer: the turn waits again. */
export function detached(): TapbackError {
  return new TapbackError("AGENT_DETACHED", "no session is attached that answers this conversation");
}
