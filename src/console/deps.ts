import type { ApiDeps } from "../api/index.js";
import type { TurnWork } from "../turns/index.js";

/** What the console is made of. */
export interface ConsoleDeps {
  /** It asks as the API does. */
  api: ApiDeps;
  /** Who waits for an answer. */
  work: { questions: Pick<TurnWork["questions"], "answer"> };
  /** Where the key of its cookies is kept. */
  stateDir: string;
  home: string;
  /** The variables that the configuration may name, and of the programs that are started. */
  env: Readonly<Record<string, string | undefined>>;
  /** The file of the configuration; undefined where it came from elsewhere. */
  configFile?: { path: string } | undefined;
}
