import { type Clock, codeFromOutside, TapbackError, WakeLatch } from "../../platform/index.js";
import type { Claim, ErrandStore, Store } from "../../store/index.js";
import type { ErrandAnswer } from "./desk.js";
import { type ErrandKind, type ErrandParameters, type ErrandResult, errandResult } from "./errand-table.js";

/** Who has the account takes an errand within milliseconds; one that is not taken for so long is taken back. */
const takenMs = 20_000;
/** What was taken may take so long: an action waits for its message, files come over a network. */
const answeredMs = 10 * 60_000;

/** Asks, for turns that run here, whoever has their account. */
export class Asking {
  /** @param errands of the store */
  constructor(
    private readonly store: Store,
    private readonly errands: ErrandStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Has an errand carried out.
   * @param claim of the turn
   * @param signal of the turn; what was taken goes on all the same
   * @throws what it came to; `ACCOUNT_STOPPED` when nobody takes it, `NO_TURN` when the turn does not run under this claim any more,
   *   `OUTCOME_UNKNOWN` when it was taken and not answered; the signal's reason
   */
  async ask<K extends ErrandKind>(
    claim: Claim,
    kind: K,
    parameters: ErrandParameters<K>,
    signal?: AbortSignal,
  ): Promise<ErrandResult<K>> {
    const asked = await this.errands.ask(claim, kind, parameters);
    if (asked === "lost") throw gone();
    const answer = (await this.#answerTo(asked, signal)) as ErrandAnswer;
    if ("value" in answer) return errandResult(kind, answer.value);
    const { code, message, hint } = answer.error;
    throw new TapbackError(codeFromOutside(code), message, hint === undefined ? {} : { hint });
  }

  #answerTo(id: number, signal: AbortSignal | undefined): Promise<unknown> {
    const { store, errands, clock } = this;
    return new Promise((resolve, reject) => {
      let isTakenBack = false;
      const end = (settle: () => void) => {
        stopTaken();
        stopAnswered();
        unwatch();
        signal?.removeEventListener("abort", abort);
        settle();
      };
      const abort = () => end(() => reject(signal?.reason));
      const look = new WakeLatch(async () => {
        // What cannot be read now is looked at with the next news.
        const now = await errands.look(id).catch(() => ({ state: "taken" as const }));
        // It may have been seen missing, or its end not been heard of, because it was taken back here.
        if (now === undefined) end(() => reject(isTakenBack ? stopped() : gone()));
        else if (now.state === "done") end(() => resolve(now.result));
      });
      const takeBack = async () => {
        isTakenBack = true;
        if (await errands.withdraw(id).catch(() => false)) end(() => reject(stopped()));
      };
      const unwatch = store.watch("errands", () => look.wake());
      const stopTaken = clock.after(takenMs, () => void takeBack());
      const stopAnswered = clock.after(answeredMs, () => end(() => reject(unknown())));
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      else look.wake();
    });
  }
}

function stopped(): TapbackError {
  return new TapbackError("ACCOUNT_STOPPED", "no gateway has this account at work now");
}

function gone(): TapbackError {
  return new TapbackError("NO_TURN", "this turn is over here: it has ended, or runs elsewhere");
}

function unknown(): TapbackError {
  return new TapbackError("OUTCOME_UNKNOWN", "the gateway of this account began it and did not answer", {
    hint: "Look at the conversation before you ask for it again.",
  });
}
