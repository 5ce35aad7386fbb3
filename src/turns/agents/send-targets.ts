import type { AgentConfig } from "../../config/index.js";
import { parseTarget, type Target } from "../../conversation/index.js";

/** Where every turn of an agent may send (behaviour 10.3a). @param region for numbers without `+` */
export function sendTargets({ sendTo }: Pick<AgentConfig, "sendTo">, region: string): Target[] {
  return sendTo.flatMap((text) => {
    const target = parseTarget(text, region);
    return target.ok ? [target.value] : [];
  });
}
