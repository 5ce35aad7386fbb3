import { isAbsolute } from "node:path";
import { endpointOf } from "../agents/index.js";
import type { SessionControls } from "../commands/index.js";
import { type Config, expandHome } from "../config/index.js";
import { adviceOf, findProgram, isFolder, type Surroundings } from "../platform/index.js";
import type { Store } from "../store/index.js";
import { type AgentPool, agentOfSession, type SessionPlace } from "../turns/index.js";

/** What commands may ask about sessions and their agents. */
export function sessionControls(
  config: () => Config,
  store: Store,
  agents: AgentPool,
  { env, home }: Pick<Surroundings, "env" | "home">,
): SessionControls {
  return {
    describe: async (place: SessionPlace) => {
      const { runtime, model } = agentOfSession(
        config(),
        place,
        await store.bindings.settings(place.sessionKey),
      );
      if (runtime.type === "llm") return { type: "llm", model: runtime.model ?? model };
      if (runtime.type !== "acp") return { type: runtime.type };
      const { agent, cwd, mode = "persistent", model: chosen, sessionMode } = runtime.acp;
      const folder = cwd ?? agents.workspaceOf(place);
      return {
        type: "acp",
        agent: runtime.acp.command ?? agent,
        cwd: folder,
        mode,
        model: chosen,
        sessionMode,
      };
    },
    running: (account) => agents.sessions(account),
    restart: (sessionKey) => agents.reset(sessionKey),
    folder: (text) => {
      const path = expandHome(text, home);
      return isAbsolute(path) && isFolder(path) ? path : undefined;
    },
    modelFault: (ref) => {
      try {
        endpointOf(ref, config().models.providers, env);
        return undefined;
      } catch (error) {
        return adviceOf(error);
      }
    },
    hasProgram: (name) => findProgram(expandHome(name, home), { ...env, ...config().acp.env }) !== undefined,
  };
}
