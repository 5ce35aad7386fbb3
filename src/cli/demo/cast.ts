import { normalizeHandle } from "../../conversation/index.js";
import type { Person } from "./world.js";

/** The people of the demo; numbers of the range that is kept free for fiction. */
export const mia: Person = { handle: "+15550100123", name: "Mia Wong" };
export const sam: Person = { handle: "+15550100177", name: "Sam Reyes" };

/** The name that an answer of the agent stands under. */
export const agentName = "Tapback";

/** @returns a person's name, or the handle as it stands */
export function nameOf(handle: string | undefined): string {
  if (handle === undefined) return agentName;
  return [mia, sam].find((person) => person.handle === normalizeHandle(handle))?.name ?? handle;
}
