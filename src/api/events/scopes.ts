import type { KeptEventType, TokenScope } from "../../store/index.js";

/** Each kind of event is for those who may ask for what it tells of. */
export const scopeOfType: Readonly<Record<KeptEventType, TokenScope>> = {
  message: "read",
  decision: "read",
  turn: "read",
  sent: "read",
  // What owners decide on, and are asked.
  draft: "people",
  question: "people",
  pairing: "people",
  health: "admin",
};

/** @returns the types that these scopes are told */
export function typesOf(scopes: readonly TokenScope[]): KeptEventType[] {
  const types = Object.keys(scopeOfType) as KeptEventType[];
  return types.filter((type) => scopes.includes(scopeOfType[type]));
}
