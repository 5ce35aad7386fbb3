import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { unknown } from "../api/serving/index.js";
import { replaceFile } from "../config/edit/index.js";
import { type ConfigError, parseConfig } from "../config/index.js";
import { hideSecrets, showSecrets } from "../config/inspect/index.js";
import { errnoOf, TapbackError } from "../platform/index.js";
import type { ConsoleDeps } from "./deps.js";

/** What is to be said about a text as the configuration. */
export interface Verdict {
  ok: boolean;
  errors: ConfigError[];
  warnings: ConfigError[];
}

/** The file of the configuration, whose texts go to the page without its secrets and come back with them. */
export class SettingsFile {
  readonly path: string;
  readonly #env: ConsoleDeps["env"];

  constructor({ configFile, env }: Pick<ConsoleDeps, "configFile" | "env">) {
    this.path = configFile?.path ?? "";
    this.#env = env;
  }

  /** @returns the file as it is, empty where there is none @throws `RESOURCE_UNKNOWN` where no file is known, `CONFIG_UNREADABLE` */
  async read(): Promise<string> {
    if (this.path === "") throw unknown();
    try {
      return await readFile(this.path, "utf8");
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return "";
      throw new TapbackError("CONFIG_UNREADABLE", "the configuration file cannot be read", { cause: error });
    }
  }

  /** @returns the text that a page's text stands for, with the secrets of the file */
  async whole(shown: string): Promise<string> {
    return showSecrets(await this.read(), shown);
  }

  /** Judges a whole text as `tapback config validate` does (behaviour 17.3), in words without its secrets. */
  async judge(source: string): Promise<Verdict> {
    const parsed = await parseConfig(source, this.#env);
    const hidden = (each: ConfigError) => ({ ...each, message: hideSecrets(source, each.message) });
    return parsed.ok
      ? { ok: true, errors: [], warnings: parsed.value.warnings.map(hidden) }
      : { ok: false, errors: parsed.error.map(hidden), warnings: [] };
  }

  /** @returns the configuration of a page's text; undefined where it is not valid */
  async parsed(shown: string) {
    const parsed = await parseConfig(await this.whole(shown), this.#env);
    return parsed.ok ? parsed.value.config : undefined;
  }

  /**
   * Puts a page's text into the place of the file, where it is valid and the file is still the one of that version.
   * @returns what is to be said about it, and the version that the file has now
   * @throws `CONFIG_CHANGED`, `CONFIG_UNWRITABLE`
   */
  async save(shown: string, version: string): Promise<Verdict & { version: string }> {
    const before = await this.read();
    if (versionOf(before) !== version)
      throw new TapbackError("CONFIG_CHANGED", "the file was changed by somebody else meanwhile");
    const after = showSecrets(before, shown);
    const verdict = await this.judge(after);
    if (!verdict.ok) return { ...verdict, version };
    const saved = await replaceFile(this.path, after, this.#env, before);
    if (!saved.ok) throw saved.error.error;
    return { ...verdict, version: versionOf(after) };
  }
}

/** @returns what names a text of the file, and no other */
export function versionOf(source: string): string {
  return createHash("sha256").update(source).digest("hex");
}
