import type { WallClock } from "../../../platform/index.js";
import { type Skill, say } from "../skill.js";

const asksTime = /^(what('s| is) the time|what time is it|time|the time|how late is it)( now| please)?$/;
const asksDate =
  /^(what('s| is) (the date|today|today's date)|what (day|date) is (it|today)|what day is it today|date|today)( now| please)?$/;
const asksZone = /^(what('s| is) (the|your) time ?zone|time ?zone|which time ?zone( are you in)?)$/;

/** The time, the date and the zone, as the machine that runs the gateway has them. */
export function timeSkill(clock: WallClock): Skill {
  return {
    examples: ["what time is it?", "what day is it?"],
    answer({ plain }, { turn }) {
      const now = turn.now();
      if (asksTime.test(plain)) return say(`It is ${clock.time(now)} (${clock.zone}).`);
      if (asksDate.test(plain)) return say(`Today is ${clock.date(now)} (${clock.zone}).`);
      if (asksZone.test(plain)) return say(`I go by ${clock.zone}; it is ${clock.time(now)} here.`);
      return undefined;
    },
  };
}
