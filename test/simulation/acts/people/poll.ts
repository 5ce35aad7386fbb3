import { groups, guests, served } from "../../cast.js";
import { kind } from "../kind.js";

/** Somebody asks a question with options, and somebody else chooses. */
export const poll = kind({
  name: "poll",
  weight: 6,
  draw: (random) => ({
    who: random.pick(groups[served]!),
    voter: random.pick(guests.slice(0, 2)),
    votes: random.below(3),
  }),
  play(stage, { who, voter, votes }, { id }) {
    const { mac } = stage.mac();
    const options = ["yes", "no"];
    const asked = mac.poll(who, { question: `poll ${id}`, options, chat: stage.parts.groupIds[served]! });
    stage.parts.ledger.pollAskers.set(asked.guid, who);
    for (let each = 0; each < votes; each++) mac.vote(voter, asked.guid, options[each % 2]!);
  },
});
