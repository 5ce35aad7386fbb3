import { sharedMemoryWarning, sharedSessions } from "../commands/index.js";
import type { Config } from "../config/index.js";
import { type StatePlace, withExistingStateAt } from "../store/index.js";
import { type Finding, fine, warn } from "./check.js";

/** Whether people share the agent's memory (behaviour 5.2a), those whom an approval let in counted too. */
export async function checkSharing(config: Config, place: StatePlace): Promise<Finding[]> {
  let warning: string | undefined;
  try {
    const shared = await withExistingStateAt(place, (store) => store && sharedSessions(config, store));
    if (!shared) return [];
    warning = sharedMemoryWarning(shared);
  } catch {
    // What is wrong with the database is another check's to tell.
    return [];
  }
  if (warning === undefined) return [fine("sessions", "nobody shares the agent's memory with others")];
  return [warn("sessions", warning, "Run `tapback config set session.dmScope per-peer`.")];
}
