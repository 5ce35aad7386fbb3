import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { optOutWordsOf } from "../../access/index.js";
import { readEnvironment } from "../../config/environment/index.js";
import { type Config, loadConfig } from "../../config/index.js";
import type { Context } from "../context.js";
import { names } from "./contents.js";

/**
 * The configuration of an unpacked backup, with its keys.
 * @returns undefined where there is none, or where it is invalid on this machine
 */
export async function configOf({ home, env: given }: Context, folder: string): Promise<Config | undefined> {
  const { env } = readEnvironment(folder, given);
  const path = join(folder, names.configuration);
  if (!existsSync(path)) return undefined;
  const loaded = await loadConfig({ env, home, path });
  return loaded.ok ? loaded.value.config : undefined;
}

/** What became of `store.url` in the configuration of a backup; `unread` where nobody can tell whether it has one. */
export type LeftServer = "taken_out" | "unread";

/**
 * Takes `store.url` out of the configuration of an unpacked backup: the state is put in place as a file, which a gateway that is
 * told of a server would never open (behaviour 21.2a). An invalid configuration may have one too.
 * @returns undefined where there is none
 */
export async function leaveServer(folder: string): Promise<LeftServer | undefined> {
  const { unsetValue } = await import("../../config/edit/index.js");
  const path = join(folder, names.configuration);
  if (!existsSync(path)) return undefined;
  const without = unsetValue(readFileSync(path, "utf8"), ["store", "url"]);
  if (!without.ok) return without.error.code === "CONFIG_PATH_NOT_FOUND" ? undefined : "unread";
  writeFileSync(path, without.value);
  return "taken_out";
}

/**
 * The words that end everything, in capitals: a STOP holds also where the rest of the configuration is invalid here.
 * @param config of {@link configOf}
 */
export async function stopWordsOf(config: Config | undefined, folder: string): Promise<ReadonlySet<string>> {
  return optOutWordsOf(config?.optOut ?? { words: await writtenWords(join(folder, names.configuration)) });
}

/** @returns `optOut.words` as they are written; none where nobody can read them */
async function writtenWords(path: string): Promise<string[]> {
  const { default: JSON5 } = await import("json5");
  try {
    const words: unknown = JSON5.parse(readFileSync(path, "utf8"))?.optOut?.words;
    return Array.isArray(words) ? words.filter((word) => typeof word === "string" && word.trim() !== "") : [];
  } catch {
    return [];
  }
}
