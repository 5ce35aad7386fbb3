import { askGateway } from "../../control/index.js";
import type { GatewayStatus } from "../../gateway/index.js";
import { type Clock, TapbackError } from "../../platform/index.js";

/** Between two looks, milliseconds. */
const lookEveryMs = 500;
/** How long a gateway that is there may take to answer, milliseconds. */
const answerMs = 5000;
/** How long a look at a Mac may take, milliseconds. */
const probeMs = 10_000;
/** In so many looks one after the other the service manager has nothing running: what it began has ended. */
const mostAway = 4;
/** How long an account may take to reach its Mac, or to find out why it does not, milliseconds. */
const settleMs = 20_000;

/** The gateway that a service runs. */
export type RunningGateway = GatewayStatus & { gateway: NonNullable<GatewayStatus["gateway"]> };

/** How a service that was just begun is watched. */
export interface ServiceWatch {
  stateDir: string;
  clock: Clock;
  /** Whether the service manager has it running. */
  isRunning: () => Promise<boolean>;
  /** The newest lines of its log; empty where there are none. */
  log: () => Promise<string>;
  /** The gateway that answered before the service was begun: it is not the new one. */
  before: RunningGateway["gateway"] | undefined;
  /** Longest wait, milliseconds: the gateway before may take its time to end, and the new one waits for it. */
  limitMs: number;
  /** Told what is waited for. */
  onProgress: (text: string) => void;
}

/**
 * Asks the gateway of a state directory how it is.
 * @param probe whether it looks at its Macs anew for that
 * @returns undefined where none runs, or none that answers
 */
export async function runningGateway(stateDir: string, probe = false): Promise<RunningGateway | undefined> {
  try {
    const asked = probe ? { probe, timeoutMs: probeMs } : {};
    const status = (await askGateway(stateDir, "status", asked, answerMs + probeMs))?.result;
    return status?.gateway ? { ...status, gateway: status.gateway } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Waits until the gateway of a service that was just begun answers on its control socket.
 * @throws TapbackError `SERVICE_NOT_UP`, with the newest lines of its log
 */
export async function serviceUp(watch: ServiceWatch): Promise<RunningGateway> {
  const { clock, stateDir, before, limitMs, onProgress } = watch;
  const end = clock.now() + limitMs;
  for (let away = 0, looks = 1; ; looks += 1) {
    const found = await runningGateway(stateDir);
    if (found && !isSame(found.gateway, before)) return found;
    away = (await watch.isRunning()) ? 0 : away + 1;
    if (away === mostAway) throw await notUp(watch, "it ended after it was started");
    if (clock.now() >= end)
      throw await notUp(
        watch,
        found
          ? `another gateway (pid ${found.gateway.pid}) has the state directory, and does not end`
          : `it did not answer within ${Math.round(limitMs / 1000)} s`,
      );
    if (looks === 2) onProgress("waiting until the gateway is up …");
    await clock.sleep(lookEveryMs);
  }
}

/** Waits until each enabled account has reached its Mac or knows what is wrong, no longer than {@link settleMs}. */
export async function accountsSettled(
  first: RunningGateway,
  { stateDir, clock, onProgress }: Pick<ServiceWatch, "stateDir" | "clock" | "onProgress">,
): Promise<RunningGateway> {
  const end = clock.now() + settleMs;
  for (let latest = first, looks = 1; ; looks += 1) {
    if (latest.accounts.every(isSettled) || clock.now() >= end)
      // That an account is connected does not say yet that its database can be read.
      return (await runningGateway(stateDir, true)) ?? latest;
    if (looks === 2) onProgress("waiting until it has reached Messages …");
    await clock.sleep(lookEveryMs);
    latest = (await runningGateway(stateDir)) ?? latest;
  }
}

/** `waiting`: imsg ended, and why is known by then. */
function isSettled({ enabled, connected, state }: GatewayStatus["accounts"][number]): boolean {
  return !enabled || connected || state === "waiting";
}

function isSame(one: RunningGateway["gateway"], other: RunningGateway["gateway"] | undefined): boolean {
  return one.pid === other?.pid && one.startedAt === other.startedAt;
}

async function notUp({ log }: ServiceWatch, why: string): Promise<TapbackError> {
  const said = await log();
  return new TapbackError(
    "SERVICE_NOT_UP",
    `the service is installed and not up: ${why}${said === "" ? "" : `; its log ends with:\n${said}`}`,
    { hint: "Look at `tapback service logs`; `tapback doctor` tells what is wrong." },
  );
}
