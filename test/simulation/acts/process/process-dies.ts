import type { Random } from "../../random.js";
import { kind } from "../kind.js";

/** When the process of a gateway dies. */
export type Death =
  | { when: "now" }
  /** When a crash point is passed for the n-th time from now on. */
  | { when: "point"; point: string; nth: number }
  /** At the n-th statement that the database is asked from now on. */
  | { when: "statement"; nth: number };

/** The gateway's process dies, and now and then the power is cut; another one begins after a while. */
export const processDies = kind({
  name: "process dies",
  weight: 30,
  draw: (random) => ({
    death: deathOf(random),
    powerLoss: random.chance(0.4),
    downMs: random.between(0, 20_000),
  }),
  play(stage, { death, powerLoss, downMs }) {
    stage.parts.lives.arm(death, powerLoss, downMs);
  },
});

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

function deathOf(random: Random): Death {
  const when = random.weighted({ now: 4, point: 8, statement: 4 });
  if (when === "now") return { when };
  if (when === "statement") return { when, nth: random.between(1, 120) };
  return { when, point: random.pick(crashPoints), nth: random.between(1, 3) };
}
