import type { Clock } from "../../src/platform/index.js";
import type { Life } from "../../src/testing/index.js";
import type { Ledger, SentAlert } from "./ledger.js";
import type { Random } from "./random.js";

/** What alerts are sent to (behaviour 18.5): it answers, late, not, with an error, or is not there. */
export class Webhook {
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly ledger: Ledger,
  ) {}

  /**
   * The machine's `fetch` of a run. What a dead life still asks goes nowhere, and nobody answers it.
   * @param life the gateway that asks
   * @param lives whether it still does
   */
  answering(life: () => Life | undefined, lives: (asks: Life) => boolean): typeof fetch {
    return (_url, { body, signal } = {}) =>
      new Promise((resolve, reject) => {
        const asks = life();
        if (asks === undefined) return;
        const { state, kind = "", account = "", since } = JSON.parse(String(body)) as SentAlert;
        const got = { state, kind, account, since, isAnswered: false, at: this.clock.now() };
        this.ledger.alerts.push(got);
        this.ledger.count(`alert ${state}: ${kind}`);
        const does = this.random.weighted({ answers: 12, "answers late": 4, fails: 3, "is away": 3 });
        if (does === "is away") return reject(new Error("nobody is there"));
        signal?.addEventListener("abort", () => reject(new Error("it took too long")), { once: true });
        this.clock.after(does === "answers late" ? this.random.between(100, 40_000) : 0, () => {
          if (!lives(asks) || signal?.aborted) return;
          got.isAnswered = does !== "fails";
          got.at = this.clock.now();
          asks.process.arrives(() =>
            resolve(new Response(undefined, { status: got.isAnswered ? 200 : 500 })),
          );
        });
      });
  }
}
