import type { Reason } from "../../conversation/index.js";
import type { Judgement } from "./judgement.js";
import type { Message } from "./scene.js";
import { whatWasSeen } from "./seen.js";

/** Whether a message got no turn, for this reason. @param reason a word of `docs/reference/reasons.md` */
export function droppedFor(message: Message, reason: Reason): Judgement {
  const decision = message.world.stories.of(message.guid)?.entry.decision;
  const found = decision && ("reason" in decision ? `${decision.kind} (${decision.reason})` : decision.kind);
  return {
    holds: decision !== undefined && "reason" in decision && decision.reason === reason,
    said: `to have been dropped for ${reason}`,
    but: found === undefined ? "Nothing was decided about it" : `Its decision is ${found}`,
    seen: () => whatWasSeen(message.world, message),
  };
}
