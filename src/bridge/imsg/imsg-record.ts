import type { Clock } from "../../platform/index.js";
import type { MarkedRecord, RecordedFrame } from "../contract.js";
import { methodFacts } from "./methods.js";

/** Longest recording, milliseconds and frames: one that is never asked for ends by itself. */
const longestMs = 3 * 60_000;
const mostFrames = 2000;

type Fields = Record<string, unknown>;

/**
 * Keeps what is said with imsg of the messages that carry a mark, and nothing else (behaviour 13.2): requests that change
 * something and name the mark or such a message, their answers, and rows of such messages. What reads a conversation
 * is left out: other people's words stand in its answers.
 */
export class ImsgRecord implements MarkedRecord {
  #begun: { at: number; mark: string } | undefined;
  #frames: RecordedFrame[] = [];
  /** GUIDs of messages with the mark, in lower case: what is asked and told may differ in case. */
  readonly #guids = new Set<string>();
  readonly #asked = new Set<unknown>();

  constructor(private readonly clock: Clock) {}

  /** Begins anew. @param mark stands in no text of before */
  begin(mark: string): void {
    this.#begun = { at: this.clock.now(), mark };
    this.#frames = [];
    this.#guids.clear();
    this.#asked.clear();
  }

  /** @returns what was kept, and ends */
  end(): RecordedFrame[] {
    this.#begun = undefined;
    return this.#frames;
  }

  /** Takes a line, either way. */
  heard(line: string, to: RecordedFrame["to"]): void {
    if (!this.#begun) return;
    const ms = this.clock.now() - this.#begun.at;
    if (ms > longestMs || this.#frames.length >= mostFrames) return void this.end();
    const frame = objectIn(line);
    if (!frame || !(to === "imsg" ? this.#isRequest(frame, line) : this.#isAnswerOrRow(frame, line))) return;
    this.#frames.push({ ms, to, frame });
    this.#learn(frame);
  }

  #isRequest({ id, method }: Fields, line: string): boolean {
    if (!changes(method) || !this.#names(line)) return false;
    this.#asked.add(id);
    return true;
  }

  #isAnswerOrRow({ id, method, params }: Fields, line: string): boolean {
    if (method === undefined) return this.#asked.delete(id);
    return method === "message" && typeof params === "object" && this.#names(line);
  }

  #names(line: string): boolean {
    const lower = line.toLowerCase();
    return lower.includes(this.#begun!.mark) || [...this.#guids].some((guid) => lower.includes(guid));
  }

  /** Of the message itself, and of nothing that it only refers to. */
  #learn({ result, params }: Fields): void {
    const message = (params as Fields | undefined)?.message ?? params;
    for (const part of [result, message])
      for (const key of ["guid", "messageGuid", "message_guid", "client_id"]) {
        const guid = (part as Fields | null | undefined)?.[key];
        if (typeof guid === "string" && guid.length >= 32) this.#guids.add(guid.toLowerCase());
      }
  }
}

/** Whether a method of imsg changes something; one that is not known here is left out. */
function changes(method: unknown): boolean {
  try {
    return methodFacts(method as Parameters<typeof methodFacts>[0]).lane === "mutation";
  } catch {
    return false;
  }
}

function objectIn(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}
