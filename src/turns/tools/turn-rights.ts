import { TapbackError } from "../../platform/index.js";

/** More actions than this in one turn are no answer but a runaway. */
export const maxActions = 100;

/**
 * What a turn's agent may do, whatever way it asks (behaviour 6.6, 10.3a): so many actions, and none after the turn. Programs
 * and connections that the turn left behind hold on to its tools.
 */
export class TurnRights {
  #isOver = false;
  #actions = 0;

  /** The turn is over: nothing is done on its behalf any more. */
  end(): void {
    this.#isOver = true;
  }

  /** @throws `NO_TURN` once the turn is over */
  check(): void {
    if (this.#isOver)
      throw new TapbackError("NO_TURN", "this turn is over", {
        hint: "Tools reach the conversation while its message is being answered.",
      });
  }

  /** Counts one action. @throws `NO_TURN`, `TOO_MANY_ACTIONS` */
  act(): void {
    this.check();
    this.#actions += 1;
    if (this.#actions > maxActions)
      throw new TapbackError("TOO_MANY_ACTIONS", `at most ${maxActions} actions in one turn`);
  }
}
