import type { Fault } from "../../src/simulator/index.js";
import { everybody, groups, guests, owner, strangers } from "./cast.js";
import { Random } from "./random.js";
import type { Admission } from "./settings.js";

/** How an agent treats a message; a word of the message asks for it. */
export const manners = [
  "plain",
  "long",
  "blocks",
  "slow",
  "fails",
  "hangs",
  "silent",
  "reaches",
  "reacts",
] as const;
export type AgentManner = (typeof manners)[number];

/** When the process of a gateway dies. */
export type Death =
  | { when: "now" }
  /** When a crash point is passed for the n-th time from now on. */
  | { when: "point"; point: string; nth: number }
  /** At the n-th statement that the database is asked from now on. */
  | { when: "statement"; nth: number };

/** What happens in one step. */
export type Act =
  | { do: "say"; who: string; group?: number; asks: AgentManner; service?: "SMS" }
  | { do: "say again"; who: string; back: number }
  /** Somebody writes what the gateway said to them a while ago. */
  | { do: "quote"; who: string }
  /** Many messages at one moment. */
  | { do: "burst"; who: string; count: number }
  /** What an earlier life had still to say reaches the store. */
  | { do: "late words" }
  | { do: "command"; text: string; who: string }
  | { do: "opt out"; who: string; text: "STOP" | "START" }
  | { do: "edit"; back: number }
  | { do: "unsend"; back: number }
  | { do: "tapback"; who: string; back: number }
  | { do: "by hand"; to: string; repeats: boolean }
  | { do: "reinsert"; back: number }
  | { do: "join again"; back: number }
  | { do: "mac fault"; fault: Fault }
  | { do: "heal mac" }
  | { do: "child dies" }
  | { do: "messages restarts"; downMs: number }
  | { do: "clock jumps"; side: "gateway" | "mac"; ms: number }
  | { do: "machine sleeps"; ms: number }
  | { do: "configure"; admission: Admission }
  | { do: "process dies"; death: Death; powerLoss: boolean; downMs: number }
  | { do: "restart"; downMs: number }
  | { do: "disk full"; forMs: number }
  | { do: "disk faulty"; forMs: number; chance: number }
  | { do: "quiet" };

/** One step of a run: what happens, and how long after the step before, milliseconds. */
export interface Step {
  id: number;
  after: number;
  act: Act;
}

/** All that decides a run. */
export interface Plan {
  seed: number;
  profile: string;
  steps: Step[];
}

const crashPoints = [
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
  "store.commit",
  "store.committed",
  "turn.claimed",
  "turn.at-risk",
  "turn.answered",
  "turn.ended",
  "turn.stopped",
];

/** Makes the plan of a run. @param messages how many messages people write */
export function planOf(seed: number, messages: number, profile: string): Plan {
  const random = new Random(`plan ${seed} ${profile}`);
  const steps: Step[] = [];
  for (let said = 0; said < messages; ) {
    const draw = random.fork(String(steps.length));
    const act = actOf(draw);
    if (act.do === "say" || act.do === "say again" || act.do === "quote") said++;
    if (act.do === "burst") said += act.count;
    steps.push({ id: steps.length, after: pauseOf(draw, act), act });
  }
  return { seed, profile, steps };
}

function pauseOf(random: Random, { do: kind }: Act): number {
  if (kind === "quiet")
    return random.chance(0.2) ? random.between(60_000, 80 * 60_000) : random.between(10_000, 90_000);
  if (random.chance(0.5)) return random.between(0, 30);
  if (random.chance(0.7)) return random.between(30, 600);
  return random.chance(0.97) ? random.between(600, 4000) : random.between(4000, 40_000);
}

function actOf(random: Random): Act {
  const kind = random.weighted({
    say: 1000,
    "say again": 10,
    quote: 10,
    burst: 3,
    "late words": 25,
    command: 25,
    "opt out": 6,
    edit: 20,
    unsend: 10,
    tapback: 15,
    "by hand": 12,
    reinsert: 8,
    "join again": 3,
    "mac fault": 90,
    "heal mac": 30,
    "child dies": 12,
    "messages restarts": 6,
    "clock jumps": 4,
    "machine sleeps": 1,
    configure: 14,
    "process dies": 30,
    restart: 4,
    "disk full": 4,
    "disk faulty": 6,
    quiet: 3,
  });
  const back = random.below(8);
  switch (kind) {
    case "say":
      return said(random);
    case "say again":
      return { do: "say again", who: random.pick(guests), back };
    case "quote":
      return { do: "quote", who: random.pick(guests) };
    case "burst":
      return { do: "burst", who: random.pick(guests), count: random.between(24, 40) };
    case "late words":
      return { do: kind };
    case "command":
      return { do: "command", ...random.pick(commands) };
    case "opt out":
      return { do: "opt out", who: random.pick(guests), text: random.chance(0.4) ? "STOP" : "START" };
    case "edit":
    case "unsend":
    case "reinsert":
    case "join again":
      return { do: kind, back };
    case "tapback":
      return { do: "tapback", who: random.pick(guests), back };
    case "by hand":
      return { do: "by hand", to: random.pick(guests), repeats: random.chance(0.5) };
    case "mac fault":
      return { do: "mac fault", fault: faultOf(random) };
    case "heal mac":
    case "child dies":
    case "quiet":
      return { do: kind };
    case "messages restarts":
      return { do: kind, downMs: random.between(100, 120_000) };
    case "clock jumps": {
      const ms = random.pick([-90_000, -5000, 3000, 70_000, 240_000]);
      return { do: kind, side: random.chance(0.5) ? "gateway" : "mac", ms };
    }
    case "machine sleeps":
      return { do: kind, ms: random.between(30_000, 20 * 60_000) };
    case "configure":
      return { do: kind, admission: admissionOf(random) };
    case "process dies":
      return {
        do: kind,
        death: deathOf(random),
        powerLoss: random.chance(0.4),
        downMs: random.between(0, 20_000),
      };
    case "restart":
      return { do: kind, downMs: random.between(0, 30_000) };
    case "disk full":
      return { do: kind, forMs: random.between(100, 60_000) };
    case "disk faulty":
      return { do: kind, forMs: random.between(100, 20_000), chance: random.pick([0.01, 0.05, 0.3]) };
  }
}

const commands = [
  { who: owner, text: "/status" },
  { who: owner, text: "/stop" },
  { who: guests[0]!, text: "/whoami" },
  { who: guests[1]!, text: "/stop" },
  { who: guests[2]!, text: "/new" },
  { who: strangers[0]!, text: "/status" },
];

function said(random: Random): Act {
  const asks = random.weighted<AgentManner>({
    plain: 100,
    long: 16,
    blocks: 10,
    slow: 14,
    fails: 4,
    hangs: 1,
    silent: 5,
    reaches: 6,
    reacts: 4,
  });
  if (random.chance(0.14)) {
    const group = random.chance(0.85) ? 0 : 1;
    return { do: "say", who: random.pick(groups[group]!), group, asks };
  }
  // Most come from a few, so that one waits behind the other.
  const who = random.chance(0.6) ? random.pick(guests.slice(0, 2)) : random.pick(everybody);
  return { do: "say", who, asks, ...(random.chance(0.03) && { service: "SMS" as const }) };
}

function admissionOf(random: Random): Admission {
  if (random.chance(0.4)) return { dmPolicy: "allowlist", let: [...guests], group: true };
  const left = guests.filter(() => random.chance(0.7));
  return {
    dmPolicy: random.weighted({ allowlist: 8, open: 1, disabled: 1, pairing: 0 }),
    let: left,
    group: random.chance(0.8),
  };
}

function deathOf(random: Random): Death {
  const when = random.weighted({ now: 4, point: 8, statement: 4 });
  if (when === "now") return { when };
  if (when === "statement") return { when, nth: random.between(1, 120) };
  return { when, point: random.pick(crashPoints), nth: random.between(1, 3) };
}

const sends = ["send", "send.tracked"];
const reads = ["chats.list", "messages.history", "messages.after"];

function faultOf(random: Random): Fault {
  const times = random.between(1, 3);
  const method = random.chance(0.7) ? sends : reads;
  const kind = random.weighted({
    die: 10,
    hang: 3,
    delay: 8,
    "half-line": 5,
    "no-answer": 4,
    error: 4,
    "slow-start": 3,
    "stderr-noise": 2,
    "garbage-line": 3,
    "database-locked": 3,
    "permission-denied": 1,
    "send-error": 10,
    "no-guid": 6,
    "ghost-row": 4,
    "lookup-delay": 4,
    "late-join": 6,
    "wrong-direction": 2,
    "silent-watch": 2,
    "early-notification": 2,
    overflow: 3,
    "bridge-lost": 4,
    "late-claim": 3,
    "late-row": 3,
    "die-published": 3,
  });
  switch (kind) {
    case "die":
      return { kind, method, times, when: random.chance(0.5) ? "before" : "after" };
    case "delay":
      return { kind, method, times, ms: random.between(10, 8000) };
    case "hang":
    case "half-line":
    case "no-answer":
      return { kind, method, times: 1 };
    case "error":
      return { kind, method: reads, times };
    case "slow-start":
      return { kind, times, ms: random.between(10, 20_000) };
    case "send-error":
      // Only a script that Messages did not answer in time may have done its work all the same.
      return random.chance(0.5)
        ? { kind, times, error: -1712, stored: random.chance(0.5) }
        : { kind, times, error: random.pick([-600, -1743, -609, -1719, -1719]) };
    case "late-join":
      return { kind, method: "say", times, ms: random.between(50, 3000) };
    case "wrong-direction":
      return { kind, times: 1, ms: random.between(20, 900) };
    case "lookup-delay":
      return { kind, times, ms: random.between(10, 2000) };
    case "database-locked":
      return { kind, times: 1, ms: random.between(100, 6000) };
    case "permission-denied":
      return { kind, times };
    case "bridge-lost":
      return { kind, method: sends, times: 1, ms: random.between(100, 10_000), stored: random.chance(0.5) };
    case "late-claim":
    case "late-row":
      return { kind, times, ms: random.between(20, 5000) };
    case "overflow":
      return { kind, times: 1, lines: random.between(0, 3) };
    default:
      return { kind, times };
  }
}
