import { cutText } from "../../conversation/index.js";
import {
  adviceOf,
  type Clock,
  type ErrorCode,
  LineSplitter,
  messageOf,
  type TapbackError,
} from "../../platform/index.js";
import type { AgentEvent, AgentTurn } from "../contract.js";
import { EventQueue } from "../event-queue.js";
import type { MediaRoots } from "../media.js";
import type { Child } from "../process/child.js";
import { replyBlock } from "../reply-block.js";
import {
  type ActionEvent,
  actionParameters,
  parseReplyEvent,
  type ReplyEvent,
  type TextEvent,
  usageEvent,
} from "../reply-event.js";
import { actFor } from "../turn-action.js";
import { outputError } from "./exit.js";
import { maxOutputBytes } from "./text-output.js";
import { Utf8Check } from "./utf8-check.js";

/** How long a program may run on after its `end` event before it is ended, milliseconds. */
const afterEndMs = 1500;
const maxNotes = 20;

/**
 * Reads a program's output as events, one JSON object per line, and answers its actions on stdin, one after the other.
 * A line that is no JSON is noted and passed over (a stray print); an event that is none fails the turn, because part
 * of the answer would be missing, and so does an output without any: silence is said by `end`.
 * @returns whether the program said `end` and then had to be ended: its exit code says nothing
 * @throws AGENT_OUTPUT for a broken event, no event, a line that was cut off, what is no text, or more than a megabyte
 */
export async function* readEvents(
  child: Child,
  turn: AgentTurn,
  around: { roots: MediaRoots; clock: Clock },
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, { endedByUs: boolean }> {
  const conversation = new JsonlConversation(child, turn, around, signal);
  yield* conversation.events();
  return { endedByUs: conversation.endedByUs };
}

class JsonlConversation {
  endedByUs = false;
  readonly #queue = new EventQueue();
  #work: Promise<void> = Promise.resolve();
  #bytes = 0;
  #notes = 0;
  #hasEvent = false;
  #ended = false;

  constructor(
    private readonly child: Child,
    private readonly turn: AgentTurn,
    private readonly around: { roots: MediaRoots; clock: Clock },
    private readonly signal: AbortSignal,
  ) {}

  events(): AsyncIterable<AgentEvent> {
    const check = new Utf8Check();
    const lines = new LineSplitter(
      maxOutputBytes,
      (line) => this.#line(line),
      () => this.#fail(outputError("The program wrote a line of more than 1 MB")),
    );
    this.child.stdout.on("data", (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes > maxOutputBytes) this.#fail(outputError("The program wrote more than 1 MB"));
      else if (this.#isText(() => check.push(chunk))) lines.push(chunk);
    });
    // A program that closes its stdout has said all: it may wait for the end of its input.
    this.child.stdout.once("end", () => void this.#work.then(() => this.child.stdin.end()));
    const onAbort = () => this.#queue.fail(this.signal.reason);
    if (this.signal.aborted) onAbort();
    else this.signal.addEventListener("abort", onAbort, { once: true });
    void this.child.ended.then(({ code }) => {
      const rest = lines.end();
      // A failed program is judged by its exit code; its last line is half more often than not.
      if (code === 0 && this.#isText(() => check.end())) {
        if (rest !== undefined) this.#line(rest, true);
        if (!this.#hasEvent) this.#fail(noEvent());
      }
      void this.#work.then(() => this.#queue.end());
    });
    return this.#queue;
  }

  #isText(look: () => void): boolean {
    try {
      look();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #line(line: string, last = false): void {
    if (this.#ended || this.signal.aborted || line.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      if (last) this.#fail(outputError("The program's output ended in the middle of a line"));
      else this.#note(`not an event: ${cutText(line, 200)}`);
      return;
    }
    const event = parseReplyEvent(value);
    if (!event.ok) this.#fail(outputError(`The program wrote an event that cannot be read: ${event.error}`));
    else this.#take(event.value);
  }

  #take(event: ReplyEvent): void {
    this.#hasEvent = true;
    if (event.type === "continue") {
      this.#note("continue was passed over: results are told on stdin as they come");
    } else if (event.type === "unknown") {
      this.#note(`an event of the unknown type "${event.name}" was passed over`);
    } else if (event.type === "usage") {
      this.#queue.push(usageEvent(event));
    } else if (event.type === "end") {
      this.#ended = true;
      this.#work = this.#work.then(() => this.#close());
    } else {
      const take = event;
      this.#work = this.#work.then(() => (take.type === "text" ? this.#text(take) : this.#act(take)));
    }
  }

  async #text(event: TextEvent): Promise<void> {
    const { block, refused } = await replyBlock(event, this.around.roots);
    for (const { path, error } of refused) {
      this.#note(`${error.code}: ${error.message}`);
      this.#tell({ type: "refused", path, error: { code: error.code, message: adviceOf(error) } });
    }
    if (block !== undefined) this.#queue.push(block);
  }

  async #act(event: ActionEvent): Promise<void> {
    if (this.signal.aborted) return;
    try {
      const done = await actFor(this.turn, event.action, actionParameters(event));
      if (done.ok) this.#answer(event, { ok: true, value: done.value });
      else this.#refuse(event, done.error.code, adviceOf(done.error));
    } catch (error) {
      this.#refuse(event, "ACTION_FAILED", "The action failed");
      this.#note(`${event.action} failed: ${messageOf(error)}`);
    }
  }

  #refuse(event: ActionEvent, code: ErrorCode, message: string): void {
    this.#answer(event, { ok: false, error: { code, message } });
  }

  #answer({ id }: ActionEvent, result: Record<string, unknown>): void {
    this.#tell({ type: "result", id, ...result });
  }

  #tell(line: Record<string, unknown>): void {
    this.child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  async #close(): Promise<void> {
    this.child.stdin.end();
    const ended = new AbortController();
    void this.child.ended.then(() => ended.abort());
    if (!(await this.around.clock.sleep(afterEndMs, ended.signal))) return;
    this.#note("the program did not end after its end event; it was ended");
    this.endedByUs = true;
    await this.child.stop();
  }

  #note(text: string): void {
    this.#notes += 1;
    if (this.#notes <= maxNotes) this.#queue.push({ type: "note", text });
  }

  #fail(error: unknown): void {
    this.#queue.fail(error);
    void this.child.stop();
  }
}

function noEvent(): TapbackError {
  return outputError(
    "The program ended without an event",
    'With `output: "jsonl"` it prints one JSON event per line, and {"type":"end"} where it has nothing to say; leave `output` out for plain text.',
  );
}
