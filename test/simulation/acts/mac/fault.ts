import type { Fault } from "../../../../src/simulator/index.js";
import type { Random } from "../../random.js";
import { kind } from "../kind.js";

/** Something goes wrong at a Mac or its imsg, as `docs/simulator.md` names it. */
export const macFault = kind({
  name: "mac fault",
  weight: 90,
  draw: (random) => ({ fault: faultOf(random), mac: random.chance(0.3) ? 1 : 0 }),
  countedAs: ({ fault }) => `mac fault: ${fault.kind}`,
  play(stage, { fault, mac }, { id }) {
    stage.mac(mac).mac.fault({ ...fault, seed: id });
  },
});

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
    error: 10,
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
      // What imsg refuses outright is given up, while what follows it still waits (behaviour 8.1).
      return random.chance(0.4)
        ? { kind, method: reads, times }
        : {
            kind,
            method: sends,
            times: 1,
            after: random.between(0, 2),
            code: -32602,
            error: "Invalid params",
          };
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
