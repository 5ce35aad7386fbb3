import { existsSync, readFileSync } from "node:fs";
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
