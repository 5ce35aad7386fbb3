import type { Resources } from "../resources.js";
import { alertsTold } from "./alerts-told.js";
import { byHand } from "./by-hand.js";
import { draftsDecided } from "./drafts-decided.js";
import { groupsByMention } from "./groups-by-mention.js";
import { groupsReadAlong } from "./groups-read-along.js";
import type { Invariant } from "./invariant.js";
import { leaveOfOwners } from "./leave-of-owners.js";
import { letInByOwners } from "./let-in-by-owners.js";
import { limitsHeld } from "./limits-held.js";
import { noLeaks } from "./no-leaks.js";
import { nobodyUninvited } from "./nobody-uninvited.js";
import { nothingLost } from "./nothing-lost.js";
import { onceAndInOrder } from "./once-and-in-order.js";
import { oneOwner } from "./one-owner.js";
import { plansKept } from "./plans-kept.js";
import { questionsAnswered } from "./questions-answered.js";
import { sendsExplained } from "./sends-explained.js";
import { withinAuthority } from "./within-authority.js";

/**
 * Everything that has to be so, new for each run. A later feature adds its own line.
 * @param atFirst what the process held before the run
 */
export const invariants = (atFirst: Resources): Invariant[] => [
  onceAndInOrder(),
  oneOwner(),
  nobodyUninvited(),
  withinAuthority(),
  groupsByMention(),
  groupsReadAlong(),
  limitsHeld(),
  letInByOwners(),
  leaveOfOwners(),
  draftsDecided(),
  questionsAnswered(),
  plansKept(),
  alertsTold(),
  nothingLost(),
  sendsExplained(),
  byHand(),
  noLeaks(atFirst),
];
