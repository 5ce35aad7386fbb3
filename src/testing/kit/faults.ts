import { TapbackError } from "../../platform/index.js";
import { type Fault, type FaultKind, faultKinds } from "../../simulator/index.js";

/** What can go wrong beside what the simulated imsg and Messages do wrong. */
export const groundFaults = [
  "gateway-dies",
  "child-dies",
  "messages-restarts",
  "machine-sleeps",
  "clock-jumps",
  "mac-clock-jumps",
  "disk-full",
] as const;

type GroundFault = (typeof groundFaults)[number];
export type FaultName = FaultKind | GroundFault;

/** Every fault that a world knows by name. */
export const faultNames: readonly FaultName[] = [...faultKinds, ...groundFaults];

/** How a fault goes; `ms` says how long, how late or how far. What else there is depends on the fault. */
export type FaultManner = Omit<Fault, "kind" | "id">;

/** Whether a fault is none of the simulator's. */
export function isGroundFault(name: FaultName): name is GroundFault {
  return (groundFaults as readonly string[]).includes(name);
}

/**
 * How far or how long a fault that is none of the simulator's goes, milliseconds; undefined where that is not said. Only a clock
 * may go back.
 * @throws `FAULT_INVALID` for anything else that is given, as the simulator says it of its own
 */
export function groundFaultMs(name: GroundFault, manner: FaultManner): number | undefined {
  const { ms, ...rest } = manner;
  const [odd] = Object.entries(rest).filter(([, value]) => value !== undefined);
  if (odd) throw invalid(`${odd[0]} is nothing that ${name} has`);
  if (ms === undefined) return undefined;
  if (!Number.isFinite(ms) || (ms < 0 && !name.endsWith("clock-jumps")))
    throw invalid(`ms of ${name} is not a number of milliseconds from 0 up: ${JSON.stringify(ms)}`);
  return ms;
}

function invalid(message: string): TapbackError {
  return new TapbackError("FAULT_INVALID", message, {
    hint: `Of ${groundFaults.join(", ")} only ms is said.`,
  });
}
