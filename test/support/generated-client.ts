import { execFile } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import openapiTypes, { astToString } from "openapi-typescript";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/**
 * Makes the types of a gateway's document with the published generator, and compiles the fixture's program against them.
 * @param document the gateway's OpenAPI document @param folder inside the project, where its packages are found
 * @returns the program, which wants `API` and `TOKEN` in its environment
 * @throws with what the compiler says
 */
export async function generatedClient(document: string | object, folder: string): Promise<string> {
  writeFileSync(join(folder, "api-paths.ts"), astToString(await openapiTypes(document as never)));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  cpSync(join(root, "test/fixtures/api-client.mts"), join(folder, "api-client.mts"));
  const compiler = join(root, "node_modules/typescript-native/bin/tsc");
  const options = ["--ignoreConfig", "--strict", "--module", "nodenext", "--target", "es2023"];
  const more = ["--types", "node", "--skipLibCheck", "--outDir", join(folder, "out"), "--rootDir", folder];
  await run(process.execPath, [compiler, ...options, ...more, join(folder, "api-client.mts")]).catch(
    ({ stdout, stderr }) => Promise.reject(new Error(`${stdout}${stderr}`)),
  );
  return join(folder, "out/api-client.mjs");
}
