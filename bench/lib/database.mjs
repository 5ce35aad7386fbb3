// SQLite as the gateway has it.
import { createRequire } from "node:module";

/** The driver that the gateway has on this Node. */
export function openDatabase(path) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const own = major > 22 || (major === 22 && minor >= 13);
  const load = createRequire(import.meta.url);
  const { DatabaseSync } = own ? process.getBuiltinModule("node:sqlite") : load("@photostructure/sqlite");
  return new DatabaseSync(path);
}
