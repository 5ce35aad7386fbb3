import type { Random } from "../../random.js";

/** When something happens to the process of a gateway. */
export type Moment =
  | { when: "now" }
  /** When a crash point is passed for the n-th time from now on. */
  | { when: "point"; point: string; nth: number }
  /** At the n-th statement that the database is asked from now on: before it, or after it and before its answer. */
  | { when: "statement"; nth: number; isAfter?: boolean };

const crashPoints = [
  "alert.due",
  "alert.told",
  "account.claimed",
  "account.resumed",
  "account.intake-stopped",
  "account.released",
  "account.cursor",
  "bridge.live",
  "outbox.taken",
  "outbox.sent",
  "outbox.accepted",
  "outbox.reconciled",
  "outbox.settled",
  "inbound.received",
  "inbound.admitted",
  "inbound.decided",
  "catchup.read",
  "catchup.taken",
  "pairing.offered",
  "draft.decided",
  "draft.part",
  "question.answered",
  "question.asked",
  "question.expired",
  "question.settled",
  "question.voted",
  "schedule.released",
  "store.commit",
  "store.committed",
  "turn.admitted",
  "turn.claimed",
  "turn.at-risk",
  "turn.answered",
  "turn.ended",
  "turn.joined",
  "turn.steered",
  "turn.stopped",
];

/** Draws a moment. */
export function momentOf(random: Random): Moment {
  const when = random.weighted({ now: 4, point: 8, statement: 4 });
  if (when === "now") return { when };
  if (when === "statement") return { when, nth: random.between(1, 120) };
  return { when, point: random.pick(crashPoints), nth: random.between(1, 3) };
}
