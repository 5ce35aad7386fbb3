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
