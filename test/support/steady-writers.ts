import { bubblesFor } from "../faults/harness/answers.js";
import type { Mac } from "../faults/harness/mac.js";
import type { RecordingAgent } from "../faults/harness/recording-agent.js";

/** People who keep writing, whether somebody answers or not, and what they are owed for it. */
export class SteadyWriters {
  /** What each answer is owed to. */
  readonly #owed = new Map<string, string>();
  readonly #answered = new Set<string>();
  #seen = 0;

  /** @param people their handles, who write in turn @param most how many messages may wait for an answer; then nobody writes */
  constructor(
    private readonly mac: Mac,
    private readonly agent: RecordingAgent,
    private readonly people: readonly string[],
    private readonly most: number,
  ) {}

  /** How many messages were written so far. */
  get written(): number {
    return this.#owed.size;
  }

  /** How many of them the agent was asked about. */
  get heard(): number {
    for (const { text } of this.agent.runs.slice(this.#seen)) this.#answered.add(text);
    this.#seen = this.agent.runs.length;
    return this.#answered.size;
  }

  /** One of them writes, unless too many wait. */
  write(): void {
    const number = this.written;
    if (number - this.heard >= this.most) return;
    const handle = this.people[number % this.people.length]!;
    const text = `q${number} plain`;
    this.mac.say(handle, text);
    for (const answer of bubblesFor(text)) this.#owed.set(answer, handle);
  }

  /** @returns what nobody got, and what somebody got twice or without having asked */
  problems(): string[] {
    const counts = new Map<string, number>();
    for (const { handle, text } of this.mac.sent())
      counts.set(`${handle}: ${text}`, (counts.get(`${handle}: ${text}`) ?? 0) + 1);
    const owed = new Set([...this.#owed].map(([answer, handle]) => `${handle}: ${answer}`));
    return [
      ...[...owed].filter((one) => !counts.has(one)).map((one) => `${one} was not sent`),
      ...[...counts].filter(([, count]) => count > 1).map(([one, count]) => `${one} was sent ${count} times`),
      ...[...counts.keys()].filter((one) => !owed.has(one)).map((one) => `${one} was never asked for`),
    ];
  }
}
