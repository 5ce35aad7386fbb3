import { type BridgeTimes, bridgeTimes, orphanTimes } from "../bridge/index.js";
import { alertEveryMs } from "../health/index.js";
import { groupQuietMs, type IntakeTimes, lateJoinWaits, missedQuietMs } from "../inbound/index.js";
import { type SenderTimes, senderTimes } from "../outbound/index.js";
import type { PartingTimes } from "../platform/index.js";
import { filesMs } from "../turns/index.js";

declare const __CRASH_POINTS__: boolean;

/** Waits of the product that nobody configures, milliseconds; handed to the parts that wait. */
export interface GatewayTimes extends IntakeTimes {
  sender: SenderTimes;
  bridge: BridgeTimes & PartingTimes;
  /** A batch of missed messages is over so long after its last row. */
  missedQuietMs: number;
  /** How long after its message a file may come. */
  filesMs: number;
  /** How long after the start bodies of old messages are looked for first: not at once, because that reads the whole journal. */
  firstForgetMs: number;
  /** Between two looks at what there may be an alert of. */
  alertEveryMs: number;
  /** Of the lease of a node. */
  leaseMs: number;
}

/** The times of the product. */
export const gatewayTimes: GatewayTimes = {
  sender: senderTimes,
  bridge: { ...bridgeTimes, ...orphanTimes },
  missedQuietMs,
  filesMs,
  firstForgetMs: 60_000,
  lateJoinWaits,
  groupQuietMs,
  alertEveryMs,
  leaseMs: 15_000,
};

/**
 * The variables by which a test shortens the times of a gateway that it starts as a program, so that hundreds of faults can be
 * played in minutes; each in milliseconds.
 */
const variables = {
  TAPBACK_TEST_GRACE_MS: (times, ms) => (times.sender.graceMs = ms),
  TAPBACK_TEST_LOOKUP_MS: (times, ms) => (times.sender.lookupMs = ms),
  TAPBACK_TEST_RETRY_MS: (times, ms) => (times.sender.retryMs = ms),
  TAPBACK_TEST_RESTART_MS: (times, ms) => (times.bridge.firstMs = ms),
  TAPBACK_TEST_RESTART_MAX_MS: (times, ms) => (times.bridge.longestMs = ms),
  TAPBACK_TEST_ORPHAN_MS: (times, ms) => (times.bridge.patienceMs = ms),
  TAPBACK_TEST_SEND_MS: (times, ms) => (times.bridge.sendMs = ms),
  TAPBACK_TEST_HUNG_MS: (times, ms) => (times.bridge.hungMs = ms),
  TAPBACK_TEST_MISSED_MS: (times, ms) => (times.missedQuietMs = ms),
  TAPBACK_TEST_FILES_MS: (times, ms) => (times.filesMs = ms),
  TAPBACK_TEST_GROUP_QUIET_MS: (times, ms) => (times.groupQuietMs = ms),
  TAPBACK_TEST_ALERT_MS: (times, ms) => (times.alertEveryMs = ms),
  TAPBACK_TEST_LEASE_MS: (times, ms) => (times.leaseMs = ms),
  TAPBACK_TEST_FORGET_MS: (times, ms) => (times.firstForgetMs = ms),
  // All the waits together; their proportions stay.
  TAPBACK_TEST_LATE_JOIN_MS: (times, ms) => (times.lateJoinWaits = together(times.lateJoinWaits, ms)),
} satisfies Record<string, (times: GatewayTimes, ms: number) => unknown>;

/**
 * The times that a gateway works with. Release builds have the look at the environment compiled out.
 * @param env where a test build looks for `TAPBACK_TEST_…`
 */
export function timesFrom(env: Readonly<Record<string, string | undefined>>): GatewayTimes {
  return __CRASH_POINTS__ ? shortened(env) : gatewayTimes;
}

/** @returns the product's times, but for those that a variable gives otherwise */
export function shortened(env: Readonly<Record<string, string | undefined>>): GatewayTimes {
  const times = structuredClone(gatewayTimes);
  for (const [name, set] of Object.entries(variables)) {
    const given = env[name];
    if (given !== undefined) set(times, Number(given));
  }
  return times;
}

function together(waits: readonly number[], ms: number): number[] {
  const sum = waits.reduce((one, other) => one + other, 0);
  return waits.map((wait) => (wait * ms) / sum);
}
