import { owner } from "../cast.js";
import { asksAboutDraft, wordsOf } from "../words.js";
import type { Facts, Invariant } from "./invariant.js";

/** Where a draft's parts may be when it is over; what is sent goes through the outbox like anything else. */
const isOver: Record<string, (part: string) => boolean> = {
  held: (part) => part === "held",
  sent: (part) => part !== "held",
  dropped: (part) => part === "not_sent",
  expired: (part) => part === "not_sent",
  overtaken: (part) => part === "not_sent",
};

/** Nothing of a draft is sent before an owner's yes, all of it once after, and only owners see it before (behaviour 18.1). */
export function draftsDecided(): Invariant {
  return {
    name: "nothing goes out without a yes",
    step({ fresh, state, personOf }: Facts) {
      for (const { text, id, chatId } of fresh) {
        if (asksAboutDraft(text) && personOf.get(chatId) !== owner)
          return `row ${id} shows a draft in chat ${chatId}: ${text.slice(0, 60)}`;
        if (wordsOf(text).length === 0) continue;
        const drafts = state
          .prepare("SELECT d.id, d.state FROM outbox o LEFT JOIN draft d ON d.id = o.draft WHERE o.text = ?")
          .all(text);
        if (drafts.length > 0 && drafts.every((draft) => draft.id !== null && draft.state !== "sent"))
          return `row ${id} is of the draft ${drafts[0]!.id}, which is ${drafts[0]!.state}: ${text.slice(0, 60)}`;
      }
      return undefined;
    },
    end({ state, ledger }: Facts) {
      for (const { state: end } of state.prepare("SELECT state FROM draft").all())
        ledger.count(`draft ${end}`);
      const parts = state
        .prepare(
          "SELECT d.id, d.state, d.decided_by, o.id AS part, o.state AS part_state FROM draft d JOIN outbox o ON o.draft = d.id",
        )
        .all();
      for (const { id, state: draft, decided_by: by, part, part_state } of parts) {
        if (!isOver[String(draft)]?.(String(part_state)))
          return `the draft ${id} is ${draft}, and its part ${part} ${part_state}`;
        if (draft === "sent" && by !== owner) return `the draft ${id} was sent by the word of ${by}`;
      }
      return undefined;
    },
  };
}
