import type { Reach, Reached } from "../../bridge/index.js";
import { by, type Finding, failed, fine, warn } from "../check.js";
import { grantRemedy, type Standing } from "./standing.js";

/** How long this terminal tries, milliseconds. */
const limitMs = 5000;

/**
 * Models and services in the local network. One that this terminal reaches and the service does not is kept from it by macOS:
 * programs of a terminal need no permission of Local Network.
 */
export async function checkLocalNetwork(
  places: readonly Reached[],
  standing: Standing,
  reach: Reach,
): Promise<Finding[]> {
  const { whose } = standing;
  return Promise.all(
    places.map(async ({ code, ...endpoint }) => {
      const place = `${endpoint.host}:${endpoint.port}`;
      const check = `network/${place}`;
      if (code === null) return by(whose, fine(check, `${place} is reached`));
      const isHere = whose === "terminal" ? undefined : (await reach(endpoint, limitMs)) === undefined;
      return by(
        whose,
        isHere
          ? failed(
              check,
              `${place} is reached from this terminal and not by the gateway (${code}): macOS keeps it from the local network`,
              grantRemedy(standing, "Local Network"),
            )
          : warn(
              check,
              `${place} is not reached (${code})`,
              "Look whether that machine is on, and whether the address in the configuration is right.",
            ),
      );
    }),
  );
}
