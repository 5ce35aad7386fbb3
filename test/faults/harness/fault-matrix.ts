import type { Fault } from "../../../src/simulator/world/fault.js";
import { crashPoints, type Plan, people, quietPoints, startPoints } from "./plan.js";
import { Random } from "./random.js";

/**
 * The profiles of imsg: serial and lenient, in three lanes with `disposition`, with tracked sends, and what is the newest.
 */
export const profiles = ["0.9.0", "0.14.0", "0.15.10", "0.19.1"] as const;

interface MatrixFault {
  faults: Fault[];
  /** Only a script can fail so; the private API is up all the same, for typing bubbles. */
  byScript?: true;
  /** Only where the build tracks sends. */
  tracked?: true;
  /** Messages dies with so many texts whose rows it has not written: nobody can know what became of them. */
  mayLose?: number;
  /** Chance with which each statement of the state database fails. */
  storageChance?: number;
}

const onSend: Pick<Fault, "method"> = { method: ["send", "send.tracked"] };

const onTracked = { method: "send.tracked" } as const;

/** What goes wrong on the other side, and under the gateway's own feet. */
const matrixFaults = {
  nothing: { faults: [] },
  "no GUID is answered": { faults: [{ kind: "no-guid", ...onSend }] },
  "sends are answered late": { faults: [{ kind: "lookup-delay", ...onSend, ms: 200 }] },
  "sends are slow": { faults: [{ kind: "delay", ...onSend, ms: 300, times: 3 }] },
  "rows join their chat late": { faults: [{ kind: "late-join", method: "say", ms: 200, times: 2 }] },
  "own rows join their chat late": { faults: [{ kind: "late-join", ...onSend, ms: 80, times: 2 }] },
  "own rows look received": { faults: [{ kind: "wrong-direction", ...onSend, ms: 100, times: 1 }] },
  "the child dies before a send": { faults: [{ kind: "die", ...onSend, when: "before", times: 1 }] },
  "the child dies after a send": { faults: [{ kind: "die", ...onSend, when: "after", times: 1 }] },
  "half an answer": { faults: [{ kind: "half-line", ...onSend, times: 2 }] },
  "a send that lands is not answered": { faults: [{ kind: "no-answer", ...onSend, times: 1 }] },
  "a send hangs": { faults: [{ kind: "hang", ...onSend, times: 1 }] },
  "a script times out after it landed": {
    faults: [{ kind: "send-error", ...onSend, error: -1712, stored: true, times: 2 }],
    byScript: true,
  },
  "Messages is not running": {
    faults: [{ kind: "send-error", ...onSend, error: -600, times: 2 }],
    byScript: true,
  },
  "Messages claims what a dead child published": {
    faults: [
      { kind: "die-published", times: 2 },
      { kind: "late-claim", ms: 150, times: 2 },
    ],
    tracked: true,
  },
  "rows of sends are written late": { faults: [{ kind: "late-row", ms: 600, times: 3 }], tracked: true },
  "Messages hangs with a text, and writes it": {
    faults: [{ kind: "bridge-lost", ...onTracked, ms: 50, inFlight: true, stored: true, times: 2 }],
    tracked: true,
  },
  "Messages does not claim a text": {
    faults: [{ kind: "bridge-lost", ...onTracked, ms: 50, times: 2 }],
    tracked: true,
  },
  "Messages dies after it wrote a text": {
    faults: [{ kind: "messages-dies", ms: 20, stored: true, times: 1 }],
    tracked: true,
  },
  "Messages dies before it wrote a text": {
    faults: [{ kind: "messages-dies", ms: 20, times: 1 }],
    tracked: true,
    mayLose: 1,
  },
  "the history cannot be read": {
    faults: [{ kind: "database-locked", method: "messages.history", ms: 50, times: 4 }],
  },
  "the state database cannot be read or written now and then": { faults: [], storageChance: 0.1 },
  "the child dies at its start": { faults: [{ kind: "die", method: "watch.subscribe", times: 2 }] },
  "rows before the answer to subscribe, and noise": {
    faults: [
      { kind: "early-notification" },
      { kind: "garbage-line", lines: 2 },
      { kind: "stderr-noise", lines: 2 },
    ],
  },
} satisfies Record<string, MatrixFault>;

/** One combination. */
export interface Cell {
  point: string;
  fault: keyof typeof matrixFaults;
  version: (typeof profiles)[number];
}

const tracking: ReadonlySet<Cell["version"]> = new Set(["0.15.10", "0.19.1"]);

/** Every crash point with every fault that a profile can have, in every profile. */
export const cells: Cell[] = crashPoints.flatMap((point) =>
  (Object.keys(matrixFaults) as Cell["fault"][]).flatMap((fault) =>
    profiles
      .filter((version) => tracking.has(version) || !("tracked" in matrixFaults[fault]))
      .map((version) => ({ point, fault, version })),
  ),
);

/** A short stream of messages for one combination; the seed decides the rest. */
export function planOfCell({ point, fault, version }: Cell, seed: number): Plan {
  const random = new Random(seed * 7919 + [...`${point}${fault}${version}`].reduce(mix, 0));
  const { faults, byScript, tracked, mayLose, storageChance }: MatrixFault = matrixFaults[fault];
  const isQuiet = quietPoints.has(point);
  const ofStore = point.startsWith("store.");
  const lateCrash = startPoints.has(point);
  // The first commits are the start's own.
  const nth = ofStore ? random.between(5, 9) : random.between(1, isQuiet || lateCrash ? 1 : 2);
  return {
    seed,
    crashAt: `${point}:${nth}`,
    lateCrash,
    messages: (["plain", "parts", random.pick(["same", "silent", "plain"]), "plain"] as const).map(
      (kind, index) => ({
        handle: people[index % 2]!,
        text: `q${index} ${kind}`,
        phase: index < 2 ? "up" : index === 2 ? random.pick(["up", "down"]) : "down",
        pauseMs: random.pick([0, 0, 30]),
      }),
    ),
    settings: {
      version,
      bridge: true,
      sip: "disabled",
      watchPollMs: 200,
      watchHoldMs: 100,
      launchAgent: true,
    },
    faults: [...faults, ...neededAt(point, random)],
    ...(storageChance !== undefined && { storageChance }),
    ...(mayLose !== undefined && { mayLose }),
    agent: "http",
    dmScope: random.pick(["main", "per-channel-peer"]),
    thinkMs: random.pick([0, 20]),
    transport: !tracked && (byScript || random.chance(0.5)) ? "applescript" : "auto",
    sendMs: 700,
  };
}

/** Points that are passed only when a send has no row to show need one. */
function neededAt(point: string, random: Random): Fault[] {
  if (point === "outbox.accepted") return [{ kind: "no-guid", ...onSend }];
  if (point === "outbox.reconciled")
    return [{ kind: "half-line", ...onSend, times: 1, after: random.between(0, 1) }];
  return [];
}

const mix = (value: number, char: string) => (value * 31 + char.charCodeAt(0)) | 0;
