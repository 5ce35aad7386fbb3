import type { Outside } from "./outside.js";
import { Replay } from "./replay.js";

/** Plays `imsg rpc` from a recording, with the face of the server that plays it from a world. */
export class ReplayServer {
  readonly #replay: Replay;

  /** @param recording text of a file of `tapback doctor --live --record` */
  constructor(
    recording: string,
    private readonly outside: Outside,
  ) {
    this.#replay = new Replay(recording);
  }

  /** Answers a request line as it was answered. */
  accept(line: string): void {
    for (const said of this.#replay.answer(line)) this.outside.write(said);
  }

  /** Nothing is under way. @returns the exit code */
  async end(): Promise<number> {
    return 0;
  }

  /** Nothing goes on after its death. */
  abandon(): void {}
}
