import { everybody, groups, guests, mentioned, readAlong, served, unlisted } from "../../cast.js";
import { drawManner } from "../../manners/index.js";
import type { Random } from "../../random.js";
import { kind } from "../kind.js";

/** Somebody writes, in a direct chat or in a group. */
export const say = kind({
  name: "say",
  weight: 1000,
  messages: () => 1,
  draw: (random) => ({ ...whereOf(random), mac: random.chance(0.3) ? 1 : 0, asks: drawManner(random) }),
  play(stage, { who, asks, ...where }) {
    stage.say(who, `m${stage.said} asks ${asks}`, asks, where);
  },
});

function whereOf(random: Random): { who: string; group?: number; mentions?: boolean; service?: "SMS" } {
  if (random.chance(0.24)) {
    const places = [served, served, served, unlisted, mentioned, mentioned, readAlong, readAlong, readAlong];
    const group = random.pick(places);
    return {
      who: random.pick(groups[group]!),
      group,
      mentions: random.chance(group === readAlong ? 0.15 : 0.5),
    };
  }
  // Most come from a few, so that one waits behind the other.
  const who = random.chance(0.6) ? random.pick(guests.slice(0, 2)) : random.pick(everybody);
  return { who, ...(random.chance(0.03) && { service: "SMS" as const }) };
}
