import { type AgentConfig, type Config, peopleByGroup, withPeople } from "../../config/index.js";
import { parseTarget, type Target } from "../../conversation/index.js";

/**
 * Where every turn of an agent may send (behaviour 10.3a).
 * @param region for numbers without `+`
 */
export function sendTargets(
  { sendTo }: Pick<AgentConfig, "sendTo">,
  config: Pick<Config, "accessGroups">,
  region: string,
): Target[] {
  return withPeople(sendTo, peopleByGroup(config)).flatMap((text) => {
    const target = parseTarget(text, region);
    return target.ok ? [target.value] : [];
  });
}
