import { execFile } from "node:child_process";
import { messageOf, TapbackError, version } from "../../platform/index.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine } from "../output.js";
import { compareVersions } from "../versions.js";

/** How long npm may take, milliseconds. */
const askMs = 15_000;
const install = "npm install --global tapback@latest";

/**
 * `tapback update --check`: asks npm, with the registry that is set for this user, for the newest version (behaviour 1.9).
 * @throws TapbackError `UPDATE_UNKNOWN` when it does not answer
 */
export async function update(context: Context): Promise<number> {
  const newest = await newestVersion(context.env);
  const isNewer = compareVersions(newest, version) > 0;
  if (context.json) printJson({ version, newest, newer: isNewer, ...(isNewer && { install }) });
  else if (isNewer) printLine(`Version ${newest} is there; this is ${version}. Back up, then: ${install}`);
  else printLine(`This is ${version}, and nothing newer is there.`);
  return exitCodes.done;
}

function newestVersion(env: NodeJS.ProcessEnv): Promise<string> {
  const words = ["view", "tapback", "version", "--json", "--fetch-retries=0", `--fetch-timeout=${askMs}`];
  return new Promise((resolve, reject) => {
    execFile("npm", words, { env, timeout: askMs }, (error, stdout) => {
      try {
        if (error) throw error;
        const newest: unknown = JSON.parse(stdout);
        if (typeof newest !== "string" || !/^\d+\.\d+\.\d+/.test(newest))
          throw new Error("npm named no version");
        resolve(newest);
      } catch (failure) {
        const why = messageOf(failure).split("\n", 1)[0];
        reject(
          new TapbackError("UPDATE_UNKNOWN", `the newest version is not known: ${why}`, { cause: failure }),
        );
      }
    });
  });
}
