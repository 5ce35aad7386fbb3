import type { Fault } from "../../../src/simulator/world/fault.js";
import type { Settings } from "../../../src/simulator/world/settings.js";
import { type Kind, kinds } from "./answers.js";
import { Random } from "./random.js";

/** One message of a scenario. */
export interface Planned {
  handle: string;
  text: string;
  /** When it is written: while the gateway is up, between two gateways, or after a restart. */
  phase: "up" | "down" | "after";
  /** Pause before it is written, milliseconds. */
  pauseMs: number;
}

/** All that a seed decides about a scenario. */
export interface Plan {
  seed: number;
  /** `point:n` of the first gateway; and of the second, which may die as well. */
  crashAt: string;
  crashAgainAt?: string;
  /** The first gateway is healthy and killed from outside; the one after it carries the crash point. */
  lateCrash: boolean;
  messages: Planned[];
  settings: Partial<Settings>;
  faults: Fault[];
  /** Chance with which each statement of the state database fails until the first gateway is gone. */
  storageChance?: number;
  /** So many sends may end as unknown, because Messages dies with them; default none. */
  mayLose?: number;
  agent: "command" | "http";
  dmScope: "main" | "per-channel-peer";
  thinkMs: number;
  transport?: "auto" | "applescript";
  /** Until a send that is not answered counts as failed, milliseconds; default the product's. */
  sendMs?: number;
}

/** Points that are passed while a gateway comes up: there the second gateway dies, with work waiting. */
export const startPoints: ReadonlySet<string> = new Set([
  "account.claimed",
  "account.resumed",
  "bridge.live",
]);
/** Points that are passed only when a send has no row to show. */
export const quietPoints: ReadonlySet<string> = new Set(["outbox.accepted", "outbox.reconciled"]);
const runningPoints = [
  "inbound.received",
  "inbound.admitted",
  "inbound.decided",
  "turn.claimed",
  "turn.answered",
  "turn.ended",
  "outbox.taken",
  "outbox.sent",
  "outbox.settled",
  "outbox.accepted",
  "outbox.reconciled",
  "store.commit",
  "store.committed",
] as const;

/** Every point of the matrix. */
export const crashPoints = [...runningPoints, ...startPoints];

export const people = ["+15550100001", "+15550100002", "sam@example.com"];

const sends = ["send", "send.tracked"];

/** Faults of the other side that may go along with a crash. */
const sideFaults: ((random: Random) => Fault[])[] = [
  () => [],
  () => [],
  () => [{ kind: "no-guid", method: sends }],
  (random) => [{ kind: "no-guid", method: sends, probability: 0.5, seed: random.between(1, 1000) }],
  (random) => [{ kind: "lookup-delay", method: sends, ms: random.between(20, 250) }],
  (random) => [{ kind: "late-join", method: "say", ms: random.between(50, 400), times: 2 }],
  (random) => [{ kind: "late-join", method: sends, ms: random.between(20, 150), times: 2 }],
  () => [{ kind: "die", method: sends, when: "after", times: 1 }],
  () => [{ kind: "die", method: sends, when: "before", times: 1 }],
  () => [{ kind: "half-line", method: sends, times: 2 }],
  () => [{ kind: "send-error", method: sends, error: -1712, stored: true, times: 2 }],
  () => [{ kind: "send-error", method: sends, error: -600, times: 2 }],
  () => [{ kind: "early-notification" }],
  () => [
    { kind: "garbage-line", lines: 2 },
    { kind: "stderr-noise", lines: 2 },
  ],
  (random) => [{ kind: "slow-start", ms: random.between(50, 300) }],
  () => [{ kind: "wrong-direction", method: sends, ms: 100, times: 1 }],
];

/** Makes the plan of a seed for a crash point. */
export function planOf(point: string, seed: number): Plan {
  const random = new Random(seed * 7919 + hash(point));
  const count = random.between(4, 8);
  let faults = random.pick(sideFaults)(random);
  if (point === "outbox.accepted") faults.push({ kind: "no-guid", method: sends });
  // A join that is late is written by the simulator's own process, which dies here.
  if (point === "outbox.reconciled") faults = faults.filter(({ kind }) => kind !== "late-join");
  if (point === "outbox.reconciled")
    faults.push({ kind: "half-line", method: sends, times: 2, after: random.between(0, 2) });
  const ofStore = point.startsWith("store.");
  const lateCrash = startPoints.has(point) || (ofStore && random.chance(0.5));
  // The first commits of all come before the account is live for the first time; what is written then is not for us.
  const nth = ofStore
    ? random.between(lateCrash ? 1 : 5, 12)
    : random.between(1, quietPoints.has(point) || lateCrash ? 1 : 3);
  const plan: Plan = {
    seed,
    crashAt: `${point}:${nth}`,
    lateCrash,
    messages: Array.from({ length: count }, (_, index) => ({
      handle: random.pick(people),
      text: `q${index} ${random.pick<Kind>(kinds)}`,
      phase: index < 2 ? "up" : random.pick(["up", "up", "down", "after"] as const),
      pauseMs: random.pick([0, 0, 5, 30, 120]),
    })),
    settings: {
      body: random.pick(["both", "both", "attributed"] as const),
      version: random.pick(["0.9.0", "0.10.0", "0.14.0", "0.15.10", "0.19.1"]),
      ...random.pick([{}, { bridge: true, sip: "disabled" as const }]),
      watchHoldMs: 200,
      watchPollMs: random.pick([200, 1000]),
    },
    faults,
    agent: seed % 5 === 0 ? "command" : "http",
    dmScope: random.pick(["main", "per-channel-peer"] as const),
    thinkMs: random.pick([0, 0, 20, 150]),
  };
  // A turn must lead to a send where the point is one of sending.
  plan.messages[0]!.text = "q0 plain";
  plan.messages[1]!.text = "q1 parts";
  if (random.chance(0.35)) plan.crashAgainAt = `${random.pick(runningPoints)}:${random.between(1, 2)}`;
  return plan;
}

function hash(text: string): number {
  let value = 0;
  for (const char of text) value = (value * 31 + char.charCodeAt(0)) | 0;
  return value;
}
