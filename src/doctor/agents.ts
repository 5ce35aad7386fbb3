import { type Config, normalizeId, resolveAgents } from "../config/index.js";
import { type ProofPlace, proofOf } from "../turns/index.js";
import { type Finding, failed, fine, warn } from "./check.js";

/** How long `doctor` waits for an agent, milliseconds: most are there at once; what is downloaded first is not waited for. */
const shortMs = 20_000;

/** Every agent, for the doctor. The demo agent that nobody asked for is worth a word: it answers real people. */
export async function checkAgents(config: Config, place: ProofPlace): Promise<Finding[]> {
  const chosen = new Set(
    config.agents.list.filter(({ runtime }) => runtime !== undefined).map(({ id }) => normalizeId(id)),
  );
  return Promise.all(
    resolveAgents(config).map(async (agent) => {
      const check = `agent/${agent.id}`;
      if (agent.runtime.type === "demo" && !chosen.has(agent.id))
        return warn(
          check,
          "the demo agent answers, because no model and no runtime is named",
          "Set agents.defaults.model, or the runtime of an agent in agents.list (docs/agents.md).",
        );
      const { ok, detail, remedy } = await proofOf(agent, config, place, shortMs);
      return ok
        ? fine(check, detail)
        : failed(check, detail, remedy ?? `See \`tapback agents doctor ${agent.id}\`.`);
    }),
  );
}
