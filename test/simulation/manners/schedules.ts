import { later } from "../words.js";
import type { Manner } from "./manner.js";

/** It plans a text for later, now and then a turn, and now and then it thinks better of it. */
export const schedules: Manner = {
  name: "schedules",
  weight: 6,
  async act({ turn, name, chatId, ledger, random }) {
    const word = later(turn.attempt);
    const isTurn = random.chance(0.3);
    const dueAt = turn.now() + random.between(2000, 90_000);
    const text = isTurn ? `scheduled t${name}` : `later t${name}.8.w${word}`;
    const id = await turn.schedule.add(dueAt, text, { turn: isTurn || undefined }).catch(() => undefined);
    if (id === undefined) return undefined;
    const plan = { id, chatId, dueAt, text, isCancelled: false };
    ledger.plans.push(plan);
    if (random.chance(0.15)) plan.isCancelled = await turn.schedule.cancel(id).catch(() => false);
    return undefined;
  },
};
