import { TapbackError } from "../../platform/index.js";
import type { Profile } from "./profile.js";
import { v0_9 } from "./v0-9.js";
import { v0_10, v0_13 } from "./v0-10-and-v0-13.js";
import { v0_14 } from "./v0-14.js";
import { v0_15 } from "./v0-15.js";
import { v0_19, v0_19_0 } from "./v0-19.js";

/** Every version that is played, oldest first. */
export const profiles: readonly Profile[] = [v0_9, v0_10, v0_13, v0_14, v0_15, v0_19_0, v0_19];

/** The versions that are played, oldest first. */
export const playedVersions: readonly string[] = profiles.map(({ version }) => version);

/** What a version has. @throws `SETTING_INVALID` for one that is not played */
export function profileOf(version: string): Profile {
  const profile = profiles.find((each) => each.version === version);
  if (profile) return profile;
  throw new TapbackError("SETTING_INVALID", `imsg ${version} is not played`, {
    hint: `Played are ${playedVersions.join(", ")}.`,
  });
}
