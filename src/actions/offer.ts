import type { Capabilities } from "../bridge/index.js";
import { type ErrorCode, TapbackError } from "../platform/index.js";
import { type ActionName, type ActionToggle, actionNames, rowOf } from "./rows/index.js";

/** Who acts, and where. */
export interface Situation {
  toggles: Record<ActionToggle, boolean>;
  isGroup: boolean;
  /** Whether an owner asks, in a chat or at the command line. */
  isOwner: boolean;
}

/** One action as `message actions` lists it (behaviour 17.7). */
export interface Offer {
  name: ActionName;
  offered: boolean;
  /** Why not, one sentence; null when it is on offer. */
  why: string | null;
}

/**
 * Lists the actions: hidden are those that are switched off or do not fit, and those that the last probe spoke against.
 * While nothing is known they stay visible, and the first call probes (behaviour 11.1).
 * @param known what the last probe found; undefined when nothing is known
 */
export function offers(situation: Situation, known: Capabilities | undefined): Offer[] {
  return actionNames.map((name) => {
    const { ability } = rowOf(name);
    const refused = whyNot(name, situation);
    const support = ability && known?.can(ability);
    const why = refused?.message ?? (support && !support.supported ? support.why : null);
    return { name, offered: why === null, why };
  });
}

/** Why an action may not be done here, whatever the Mac can do. */
export function refusal(name: ActionName, situation: Situation): TapbackError | undefined {
  const why = whyNot(name, situation);
  return why && new TapbackError(why.code, why.message, why.hint === undefined ? {} : { hint: why.hint });
}

/** Without an error, whose stack costs: every turn lists the actions, and most are refused to most people. */
function whyNot(
  name: ActionName,
  { toggles, isGroup, isOwner }: Situation,
): { code: ErrorCode; message: string; hint?: string } | undefined {
  const { toggle, group } = rowOf(name);
  if (toggle && !toggles[toggle])
    return {
      code: "ACTION_OFF",
      message: `iMessage ${name} is switched off`,
      hint: `Set channels.imessage.actions.${toggle} to true.`,
    };
  if (group && !isGroup)
    return { code: "ACTION_NOT_HERE", message: `iMessage ${name} works in groups alone` };
  if (group && !isOwner)
    return {
      code: "ACTION_OWNERS_ONLY",
      message: `iMessage ${name} is for owners alone`,
      hint: "Owners are named in commands.ownerAllowFrom.",
    };
  return undefined;
}
