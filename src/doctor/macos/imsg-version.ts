import { type Finding, warn } from "../check.js";

/** Older ones wait without an end where macOS asks whether they may read Contacts (protocol reference 9.13). */
const leastMinor = 14;

/** What is to be said of an imsg on this Mac that is too old to run unattended. @returns undefined where it is new enough */
export function oldImsg(check: string, version: string): Finding | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 0 || minor >= leastMinor) return undefined;
  return warn(
    check,
    `imsg ${version}: before 0.${leastMinor} it hangs while a prompt for Contacts waits on the screen`,
    "Run `brew upgrade steipete/tap/imsg`, then: tapback service restart",
  );
}
