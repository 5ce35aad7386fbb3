import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { unknown } from "../api/serving/index.js";
import { replaceFile } from "../config/edit/index.js";
import { type ConfigError, parseConfig } from "../config/index.js";
import { hideSecrets, showSecrets, strangeSigns } from "../config/inspect/index.js";
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

  /** Judges a page's text, in whose places of secrets those of the file are. */
  async check(shown: string): Promise<Verdict> {
    return this.#judgeShown(await this.read(), shown);
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
    const source = await this.read();
    if (strangeSigns(source, shown).length > 0) return undefined;
    const parsed = await parseConfig(showSecrets(source, shown), this.#env);
    return parsed.ok ? parsed.value.config : undefined;
  }

  /**
   * Puts a page's text into the place of the file, where it is valid and the file is still the one of that version.
   * @returns what is to be said about it, the version that the file has now, and how a page shows it: a secret that came or went
   *   gives the others new signs, which only that version and that text have together
   * @throws `CONFIG_CHANGED`, `CONFIG_UNWRITABLE`
   */
  async save(shown: string, version: string): Promise<Verdict & { text: string; version: string }> {
    const before = await this.read();
    if (versionOf(before) !== version) throw changedMeanwhile();
    const verdict = await this.#judgeShown(before, shown);
    if (!verdict.ok) return { ...verdict, text: shown, version };
    const after = showSecrets(before, shown);
    const saved = await replaceFile(this.path, after, this.#env, before);
    if (!saved.ok) throw saved.error.error.code === "CONFIG_CHANGED" ? changedMeanwhile() : saved.error.error;
    return { ...verdict, text: hideSecrets(after), version: versionOf(after) };
  }

  async #judgeShown(source: string, shown: string): Promise<Verdict> {
    const errors = strangeSigns(source, shown);
    return errors.length > 0 ? { ok: false, errors, warnings: [] } : this.judge(showSecrets(source, shown));
  }
}

/** The signs of the page are those of the file as it was: no second try makes them fit. */
function changedMeanwhile(): TapbackError {
  return new TapbackError("CONFIG_CHANGED", "the file was changed by somebody else meanwhile", {
    retryable: true,
    hint: 'Copy what you wrote, press "Read again", and write it into the file as it is now.',
  });
}

/** @returns what names a text of the file, and no other */
export function versionOf(source: string): string {
  return createHash("sha256").update(source).digest("hex");
}
