import type { Random } from "../random.js";
import { asksLeave } from "./asks-leave.js";
import { asksPeople } from "./asks-people.js";
import { looksBack } from "./looks-back.js";
import type { Manner } from "./manner.js";
import { blocks, long, plain, silent } from "./plain.js";
import { reaches, steals, touches } from "./reaches.js";
import { reacts } from "./reacts.js";
import { schedules } from "./schedules.js";
import { sendsFile } from "./sends-file.js";
import { fails, hangs, slow } from "./slow.js";

/** Every manner, in the order in which an agent does what several messages of one turn ask for. A new one adds its line. */
export const manners: readonly Manner[] = [
  ...[
    plain,
    slow,
    hangs,
    fails,
    reaches,
    touches,
    steals,
    looksBack,
    reacts,
    schedules,
    asksLeave,
    asksPeople,
  ],
  ...[sendsFile, long, blocks, silent],
];
const weights = Object.fromEntries(manners.map(({ name, weight }) => [name, weight]));

/** The word by which a message asks for something. */
export function drawManner(random: Random): string {
  return random.weighted(weights);
}
