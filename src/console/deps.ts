import type { ApiDeps } from "../api/index.js";
import type { KeptLog } from "../platform/index.js";
import type { ProofPlace, TurnWork } from "../turns/index.js";

/** What the console is made of. */
export interface ConsoleDeps {
  /** It asks as the API does. */
  api: ApiDeps;
  /** Who waits for an answer, and which agents are awake. */
  work: { questions: Pick<TurnWork["questions"], "answer">; agents: Pick<TurnWork["agents"], "sessions"> };
  /** The newest lines of the gateway's log. */
  log: Pick<KeptLog, "newest" | "watch">;
  /** Where the key of its cookies is kept. */
  stateDir: string;
  home: string;
  /** How the gateway's own program is started once more, for the tools of the agents that are proved; absent: not proved. */
  program?: ProofPlace["program"] | undefined;
  /** The variables that the configuration may name, and of the programs that are started. */
  env: Readonly<Record<string, string | undefined>>;
  /** The file of the configuration; undefined where it came from elsewhere. */
  configFile?: { path: string } | undefined;
}
