import { guests, owner, strangers } from "../../cast.js";
import { kind } from "../kind.js";

const commands = [
  { who: owner, text: "/status" },
  { who: owner, text: "/stop" },
  { who: owner, text: "/new" },
  { who: owner, text: "/help" },
  { who: owner, text: "/pairing list" },
  { who: owner, text: "/schedule" },
  { who: guests[0]!, text: "/whoami" },
  { who: guests[1]!, text: "/stop" },
  { who: guests[2]!, text: "/new" },
  { who: guests[3]!, text: "/pairing list" },
  { who: strangers[0]!, text: "/status" },
];

/** Somebody types a command of the gateway. */
export const command = kind({
  name: "command",
  weight: 30,
  draw: (random) => ({ ...random.pick(commands), mac: random.chance(0.3) ? 1 : 0 }),
  play(stage, { who, text, mac }) {
    stage.say(who, text, "command", { mac });
  },
});
