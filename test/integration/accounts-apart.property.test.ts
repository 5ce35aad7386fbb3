import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { runsOf } from "../support/property-runs.js";
import { type Account, accountOf, type Step, steps } from "../support/town/steps.js";
import { type Outcome, Town, type TownRules } from "../support/town/town.js";

vi.mock(
  "../../src/gateway/account/account-bridge.js",
  async () => (await import("../support/town/stage.js")).playedBridges,
);
vi.mock("../../src/agents/create.js", async () => (await import("../support/town/stage.js")).playedAgents);

const others = { home: "work", work: "home" } as const;
const accounts = ["home", "work"] as const;

const rules = fc.record({
  dmScope: fc.constantFrom("main", "per-peer", "per-channel-peer", "per-account-channel-peer"),
  queueMode: fc.constantFrom("followup", "collect", "interrupt"),
}) as fc.Arbitrary<TownRules>;

/** A turn that was called off, or a question that somebody answered. */
const isEnded = (row: string) => /^\["turn".*"state":"cancelled"|^\["question".*"state":"answered"/.test(row);

/** No word of one account reaches an agent or the Mac of the other. */
function expectNoWordsAcross(outcomes: Outcome[]): void {
  for (const { shown, asked } of outcomes) {
    for (const { account, what } of shown) expect(what).not.toContain(`${others[account as Account]}-`);
    for (const account of accounts)
      for (const call of asked[account]) expect(call).not.toContain(`${others[account]}-`);
  }
}

const says = (account: Account, who: number, text: string): Step => ({
  kind: "says",
  account,
  who,
  inGroup: false,
  text,
  whose: account,
});

/** What chance finds seldom. */
const shared: Step[][] = [
  // Somebody stops what is queued for their chat, in a session in which the other account's chat has the same number.
  [says("home", 0, "WORD hold"), says("home", 0, "WORD hi"), says("work", 0, "/stop")],
  // An owner asks what is open to be approved, in a chat that has the number of the one where it was asked.
  [says("home", 3, "WORD ask"), says("work", 3, "/approve")],
];

it("shows, ends and sends nothing of one account on the other, however direct chats share sessions", async () => {
  await fc.assert(
    fc.asyncProperty(rules, steps, async (given, some) => {
      const outcomes = await Town.play(given, some);
      expectNoWordsAcross(outcomes);
      for (const { step, shown, ...outcome } of outcomes) {
        // No agent cancels what was scheduled on the other account.
        expect(shown.map(({ what }) => what)).not.toContain(JSON.stringify(["cancelled", true]));
        // Who starts a session over that accounts share ends what runs in it.
        if (step.kind === "says" && /^\/(new|reset|acp)\b/.test(step.text)) continue;
        for (const account of accounts.filter((each) => each !== accountOf(step))) {
          expect(outcome.aborted).not.toContain(account);
          const [before, after] = [outcome.before[account], outcome.after[account]];
          expect(after.filter(isEnded)).toEqual(before.filter(isEnded));
        }
      }
    }),
    {
      ...runsOf(300, 12),
      examples: shared.map((some) => [{ dmScope: "main", queueMode: "followup" }, some]),
    },
  );
}, 600_000);

it("leaves one account as it is, and lets it do the same, whatever happens on the other", async () => {
  const apart = fc.record({
    dmScope: fc.constant("per-account-channel-peer" as const),
    queueMode: fc.constantFrom("followup" as const, "collect" as const, "interrupt" as const),
  });
  await fc.assert(
    fc.asyncProperty(apart, steps, async (given, some) => {
      const together = await Town.play(given, some);
      expectNoWordsAcross(together);
      for (const outcome of together) {
        const account = accountOf(outcome.step);
        if (account === undefined) continue;
        const other = others[account];
        expect(outcome.after[other]).toEqual(outcome.before[other]);
        expect(outcome.asked[other]).toEqual([]);
        expect(outcome.aborted).not.toContain(other);
      }
      for (const account of accounts) {
        const isOwn = (step: Step) => [undefined, account].includes(accountOf(step));
        const alone = await Town.play(
          given,
          some.map((step) => (isOwn(step) ? step : { kind: "pauses" as const })),
        );
        const calls = (outcomes: Outcome[]) => outcomes.map(({ asked }) => asked[account]);
        expect(calls(together)).toEqual(calls(alone));
      }
    }),
    runsOf(300, 5),
  );
}, 1_800_000);
