import { compareVersions } from "../versions.js";

/** The versions of imsg that the simulator plays, oldest first. */
export const played: readonly string[] = [
  "0.9.0",
  "0.10.0",
  "0.13.0",
  "0.14.0",
  "0.15.10",
  "0.19.0",
  "0.19.1",
];

/** The version that is played for another one: the newest that is no newer; for what is older than all, the oldest. */
export function playedFor(version: string): string {
  return played.findLast((each) => compareVersions(each, version) <= 0) ?? played[0]!;
}
