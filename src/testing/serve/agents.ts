import type { FunctionAgent, FunctionTurn } from "../../agents/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Peer } from "./peer.js";

/** Agents whose turns are answered by the other side. */
export class FarAgents {
  readonly #turns = new Map<string, FunctionTurn>();

  constructor(private readonly peer: () => Peer) {}

  /** An agent that asks the other side: `agent.turn`, answered with a text, with nothing, or with an error. */
  agent(id: string): FunctionAgent {
    return async (turn) => {
      const { text, sender, chat, files, envelope, attempt, session, temporaryFolder, signal } = turn;
      const { turnId } = envelope;
      this.#turns.set(turnId, turn);
      signal.addEventListener("abort", () => this.#stopped(turnId, turn), { once: true });
      try {
        const facts = {
          text,
          sender,
          chat,
          files,
          attempt,
          session: session ?? null,
          temporaryFolder,
          envelope,
        };
        const said = await this.peer().ask("agent.turn", { turn: turnId, agent: id, ...facts });
        if (said !== null && said !== undefined && typeof said !== "string")
          throw new TypeError(`the result of agent.turn is a text or null, not ${JSON.stringify(said)}`);
        return said ?? undefined;
      } finally {
        this.#over(turnId, turn);
      }
    };
  }

  /** A turn that runs. @throws `TURN_UNKNOWN` */
  turn(id: string): FunctionTurn {
    const turn = this.#turns.get(id);
    if (turn !== undefined) return turn;
    throw new TapbackError("TURN_UNKNOWN", `No turn ${id} runs`, {
      hint: "A turn runs from `agent.turn` to its answer, and ends before when it is stopped.",
    });
  }

  /** What it still says is nobody's. */
  #stopped(id: string, turn: FunctionTurn): void {
    if (this.#over(id, turn)) this.peer().tell("agent.stopped", { turn: id });
  }

  /** A turn that runs again after a death has the same id: the end of the run before is none of it. @returns whether it ran */
  #over(id: string, turn: FunctionTurn): boolean {
    return this.#turns.get(id) === turn && this.#turns.delete(id);
  }
}
