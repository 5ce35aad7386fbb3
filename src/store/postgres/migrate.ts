import type { Client } from "pg";
import { TapbackError } from "../../platform/index.js";
import { migrations } from "./schema.js";

/** The oldest version that is promised (behaviour 21.1). */
const oldestServer = 13;

/** Encodings of a database that hold all that people write; one of them takes bytes as they are. */
const encodings: readonly string[] = ["UTF8", "SQL_ASCII"];

/** A step may go through a table of millions of rows, and others wait for it: so long at most, milliseconds. */
const stepMs = 86_400_000;

/** Version of the schema that this build brings a database to. */
const newestVersion = migrations.at(-1)!.version;

/**
 * Brings the state's schema up to date; of several that begin at once one does it and the others wait.
 * @param schema the server's schema in which the tables are; made when absent
 * @throws `STORE_TOO_NEW` when a newer version wrote it, which this one may not use
 */
export async function migrate(client: Client, schema: string): Promise<void> {
  await mustServe(client);
  if ((await versionOf(client)).version === newestVersion) return;
  const patiently = (text: string, values: string[] = []) => {
    const query = { text, values, query_timeout: stepMs };
    return client.query(query);
  };
  await client.query("BEGIN");
  try {
    // The limits of a connection are those of a statement that somebody waits for.
    await client.query("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0");
    await patiently("SELECT pg_advisory_xact_lock(hashtext('tapback schema'), hashtext($1))", [schema]);
    const { version, compatibleWith } = await versionOf(client);
    if (version > newestVersion && compatibleWith > newestVersion)
      throw new TapbackError(
        "STORE_TOO_NEW",
        `the state database has version ${version}, this build knows ${newestVersion}`,
        { hint: "Run the newer tapback again, or name another database in store.url." },
      );
    // The name may be a word that SQL keeps for itself.
    if (version === 0) await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    if (version === 0)
      await client.query(
        "CREATE TABLE schema_version (version bigint NOT NULL, compatible_with bigint NOT NULL)",
      );
    for (const step of migrations.filter((migration) => migration.version > version)) {
      await patiently(step.sql);
      await client.query("INSERT INTO schema_version VALUES ($1, $2)", [step.version, step.compatibleWith]);
    }
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/**
 * Looks whether a database can hold a state at all.
 * @throws `STORE_UNAVAILABLE` when the server is too old, or the database is in an encoding that does not have what people write
 */
export async function mustServe(client: Client): Promise<void> {
  const { rows } = await client.query(
    `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
       quote_ident(current_database() || '_utf8') AS better, quote_ident(current_user) AS owner`,
  );
  const { version, encoding, better, owner } = rows[0];
  if (Number.parseInt(version, 10) < oldestServer)
    throw new TapbackError(
      "STORE_UNAVAILABLE",
      `the database server has version ${version}; ${oldestServer} or later is needed`,
      { hint: "Name a newer server in store.url." },
    );
  if (!encodings.includes(encoding))
    throw new TapbackError("STORE_UNAVAILABLE", `the database is in ${encoding}; it has to be in UTF8`, {
      hint: `Make another one and name it in store.url: CREATE DATABASE ${better} OWNER ${owner} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;`,
    });
}

/** Version of the schema of the state that is there; 0: there is none. */
export async function versionOf(client: Client): Promise<{ version: number; compatibleWith: number }> {
  const known = await client.query("SELECT to_regclass('schema_version') IS NOT NULL AS known");
  if (!known.rows[0].known) return { version: 0, compatibleWith: 0 };
  const { rows } = await client.query(
    "SELECT version::int, compatible_with::int FROM schema_version ORDER BY version DESC LIMIT 1",
  );
  return { version: rows[0]?.version ?? 0, compatibleWith: rows[0]?.compatible_with ?? 0 };
}
