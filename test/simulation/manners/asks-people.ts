import type { Asked } from "../ledger.js";
import { questionOf } from "../words.js";
import type { Manner } from "./manner.js";

const choices = [
  ["red", "green", "blue"],
  ["yes", "no"],
  ["now", "later", "never", "ask somebody else"],
];

/** It asks who wrote, or an owner, and waits for the answer; now and then twice, and now and then a later run asks something else. */
export const asksPeople: Manner = {
  name: "asks-people",
  weight: 22,
  async act({ turn, name, ledger, clock, random }) {
    // What a turn asks does not differ from run to run, but where it is drawn so.
    const drawn = random.fork(`asks ${name}`);
    const who = drawn.chance(0.75) ? ("chat" as const) : ("owner" as const);
    const more = { timeoutSeconds: drawn.between(5, 90), other: drawn.chance(0.3) };
    const count = drawn.chance(0.2) ? 2 : 1;
    let run = 1;
    for (let next = 2; next <= turn.attempt; next++) if (drawn.fork(`run ${next}`).chance(0.15)) run = next;
    for (let before = 0; before < count; before++) {
      const options = drawn.pick(choices);
      const question = questionOf(name, before, run);
      const { turnId } = turn.envelope;
      const asked: Asked = { question, turnId, who, options, at: clock.now() };
      ledger.asked.push(asked);
      // Where nobody can be asked, it answers without.
      const answer = await turn.ask.ask({ question, options, who, ...more }).catch(() => undefined);
      if (answer) Object.assign(asked, { answer, answeredAt: clock.now() });
    }
    return undefined;
  },
};
