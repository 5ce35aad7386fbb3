import { join } from "node:path";
import { openExistingStore } from "../../src/store/index.js";

/** Whether a running gateway has taken a message in and decided about it. @param guid of its row in Messages */
export async function isDecided(stateDir: string, guid: string): Promise<boolean> {
  const store = openExistingStore(join(stateDir, "state.db"));
  try {
    return (await store?.journal.findByGuid(guid))?.decision !== undefined;
  } finally {
    await store?.close();
  }
}
