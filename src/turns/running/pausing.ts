import type { PermissionRequest } from "./parts.js";
import type { TurnLimit } from "./turn-limit.js";

/** What stands still while a turn waits for a person. */
export type Pausing = Pick<TurnLimit, "wait">;

/** Lets the clocks of a turn stand still. @returns lets them go on */
export function standStill(pausing: Pausing[]): () => void {
  const goOn = pausing.map((clock) => clock.wait());
  return () => {
    for (const each of goOn) each();
  };
}

/** A permission request whose answer lets the clocks of its turn go on. */
export function waitingIn(pausing: Pausing[], request: PermissionRequest): PermissionRequest {
  const goOn = standStill(pausing);
  return {
    ...request,
    answer: (optionId, isUnanswered) => {
      goOn();
      request.answer(optionId, isUnanswered);
    },
  };
}
