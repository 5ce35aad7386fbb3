import { owner } from "../../cast.js";
import { numberOf } from "../../numbers.js";
import { asksAboutDraft } from "../../words.js";
import { kind } from "../kind.js";

/** The owner decides about a draft by its name: one that waits, or one that is decided already. */
export const decide = kind({
  name: "decide",
  weight: 80,
  draw: (random) => ({
    mac: random.chance(0.3) ? 1 : 0,
    back: random.below(4),
    by: random.weighted({ number: 5, words: 3, tapback: 4, vote: 4 }),
    yes: random.chance(0.7),
  }),
  play(stage, { mac: at, back, by, yes }) {
    const { index, mac } = stage.mac(at);
    const chat = stage.chatWith(owner, at);
    if (chat === undefined) return;
    const place = numberOf(index, chat);
    const asked = stage.parts.ledger.own.filter(
      ({ chatId, poll, text }) => chatId === place && asksAboutDraft(poll ?? text),
    );
    const chosen = asked.at(-1 - back);
    if (chosen === undefined) return;
    const { guid, poll } = chosen;
    if (by === "vote" && poll) mac.vote(owner, guid, yes ? "Send" : "Drop");
    else if (by === "tapback") mac.tapback(owner, guid, yes ? "like" : "dislike");
    else {
      // Where a draft was for its owner, the same words a moment later would be the second row of what was sent (behaviour 9.2).
      const words = `better words ${stage.parts.ledger.said.size}`;
      stage.say(owner, by === "words" ? words : yes ? "1" : "2", "command", { mac: at, replyTo: guid });
    }
  },
});
