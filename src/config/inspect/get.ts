import JSON5 from "json5";
import { err, ok, type Result, TapbackError } from "../../platform/index.js";
import { defaultAccountId, layersOf, originOf, resolveAccount } from "../accounts.js";
import { valueAt } from "../check/issues.js";
import { type ConfigPath, formatPath } from "../path.js";
import { accountFields } from "../schema/account.js";
import type { Config } from "../schema/config.js";
import { maskSecrets } from "./secrets.js";

/** What `config get` shows: secrets are masked. */
export interface Gotten {
  value: unknown;
  /** Where the value is written; absent for a default. */
  path?: string;
  /** `account`, `channel`, `channel-defaults`, `file` or `default`. */
  origin: string;
}

/** How a value is looked up. */
export interface GetOptions {
  /** Reads `channels.imessage.*` as it is for this account. */
  account?: string;
  /** With inheritance and defaults; without it, only what the file says. */
  effective?: boolean;
  /** Values that are masked wherever they stand. */
  secrets?: readonly string[];
}

/**
 * Looks a value up (behaviour 17.3).
 * @param loaded the configuration with its text; no text means that there is no file
 * @param path empty for everything
 * @returns the value, or an error `CONFIG_NOT_SET`, `ACCOUNT_UNKNOWN`
 */
export function getValue(
  loaded: { config: Config; source: string | undefined },
  path: ConfigPath,
  options: GetOptions = {},
): Result<Gotten, TapbackError> {
  const { config, source = "{}" } = loaded;
  const { secrets = [] } = options;
  // With an account, its fields may be named alone: `dmPolicy` for `channels.imessage.dmPolicy`.
  const named = options.account !== undefined && Object.hasOwn(accountFields, path[0] ?? "");
  if (named) return getValue(loaded, ["channels", "imessage", ...path], options);
  const [channels, imessage, field] = path;
  const ofAccount =
    channels === "channels" && imessage === "imessage" && Object.hasOwn(accountFields, field ?? "");
  const accountId = options.account ?? (options.effective ? defaultAccountId(config) : undefined);
  const layers = accountId === undefined ? undefined : layersOf(config, accountId);
  if (options.account !== undefined && layers === undefined) return err(unknownAccount(options.account));
  const written: unknown = JSON5.parse(source);
  if (!options.effective) {
    const place = ofAccount && layers !== undefined ? [...layers.ownPath, ...path.slice(2)] : path;
    const value = valueAt(written, place);
    return value === undefined ? err(notSet(place)) : ok(found(value, place, "file", secrets));
  }
  if (ofAccount && layers !== undefined) {
    const [key, part] = path.slice(2) as [keyof typeof accountFields, string | undefined];
    const value = valueAt(resolveAccount(config, layers.id), path.slice(2));
    const { origin, path: place } = originOf(layers, key, part);
    if (value === undefined) return err(notSet(path));
    const masked = maskSecrets(value, path, secrets);
    return ok(
      origin === "default" ? { value: masked, origin } : { value: masked, origin, path: formatPath(place) },
    );
  }
  const value = valueAt(config, path);
  if (value === undefined) return err(notSet(path));
  const isWritten = valueAt(written, path) !== undefined;
  return ok(
    isWritten
      ? found(value, path, "file", secrets)
      : { value: maskSecrets(value, path, secrets), origin: "default" },
  );
}

function found(value: unknown, path: ConfigPath, origin: string, secrets: readonly string[]): Gotten {
  return { value: maskSecrets(value, path, secrets), path: formatPath(path), origin };
}

function notSet(path: ConfigPath): TapbackError {
  return new TapbackError("CONFIG_NOT_SET", `${formatPath(path)} is not set`, {
    hint: "`--effective` shows the value that holds; `tapback config schema` lists every key.",
  });
}

function unknownAccount(id: string): TapbackError {
  return new TapbackError("ACCOUNT_UNKNOWN", `there is no account "${id}"`, {
    hint: "Accounts are listed under channels.imessage.accounts; without any there is one, default.",
  });
}
