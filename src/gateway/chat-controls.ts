import type { GatewayControls } from "../commands/index.js";
import type { Config } from "../config/index.js";
import type { Surroundings } from "../platform/index.js";
import type { Store } from "../store/index.js";
import type { TurnWork } from "../turns/index.js";
import { sessionControls } from "./session-controls.js";

/** What the commands of chats reach the gateway through. */
export interface ChatControlDeps {
  store: Store;
  config: () => Config;
  surroundings: Surroundings;
  work: TurnWork;
  /** How an account is, in a few words. */
  verdictOf: (account: string) => Promise<string>;
  /** The file that the configuration came from; undefined when it came otherwise. */
  configPath: string | undefined;
}

/** What a command that was typed in a chat may ask of the gateway. */
export function chatControls(deps: ChatControlDeps): GatewayControls {
  const { store, config, surroundings, work, verdictOf, configPath } = deps;
  const { env, secrets } = surroundings;
  return {
    ...{ secrets, verdictOf },
    cancel: (sessionKey, from) => work.cancel(sessionKey, from),
    reset: async (sessionKey) => {
      await store.turns.resetSession(sessionKey);
      await work.agents.reset(sessionKey);
    },
    answer: (id, option, by) => work.questions.answer(id, option, by),
    vote: (id, vote) => work.votes.give(id, vote),
    liveSession: (sessionKey, served) => work.live.describe(sessionKey, served),
    sessions: sessionControls(config, store, work.agents, surroundings),
    ...(configPath !== undefined && { configFile: { path: configPath, env } }),
  };
}
