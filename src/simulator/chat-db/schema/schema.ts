import { indexesOfMacos15, indexesOfMacos26 } from "./indexes.js";
import { tablesOfMacos15 } from "./tables-macos15.js";
import { tablesOfMacos26 } from "./tables-macos26.js";
import { tablesOfBoth } from "./tables-of-both.js";
import { triggers } from "./triggers.js";

/** The macOS whose database is made. */
export type Macos = "15" | "26";

/** Counters that Messages keeps; nothing in the simulator moves them. The version is known of macOS 15 alone. */
const properties = (macos: Macos) => `
INSERT INTO _SqliteDatabaseProperties (key, value) VALUES
  ${macos === "15" ? "('_ClientVersion', '18020')," : ""}
  ('counter_in_all', '0'), ('counter_out_all', '0'), ('counter_in_lifetime', '0'), ('counter_out_lifetime', '0'),
  ('counter_last_reset', '0'), ('__IMDRecordSequenceNumber', '0'), ('__CSDBRecordSequenceNumber', '0');
`;

/** The indexes of a macOS, each as its own statement. */
export function indexesOf(macos: Macos): string {
  return macos === "26" ? indexesOfMacos26 : indexesOfMacos15;
}

/** Apple's whole `chat.db`, empty: 18 tables, indexes and triggers. Nothing may be added: real imsg reads this file. */
export function schemaOf(macos: Macos): string {
  const tables = macos === "26" ? tablesOfMacos26 : tablesOfMacos15;
  return [tables, tablesOfBoth, indexesOf(macos), triggers, properties(macos)].join("\n");
}
