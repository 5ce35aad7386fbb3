import { readFile } from "node:fs/promises";
import {
  type Config,
  type ConfigPath,
  formatPath,
  formatProblem,
  parseConfig,
  parsePath,
  resolveAccount,
} from "../config/index.js";
import { cutText } from "../conversation/index.js";
import type { CommandContext, GatewayControls, TypedCommand } from "./contract.js";

const usage = "/config show [path]|get <path>|set <path> <value>|unset <path>";
/** An answer is read on a phone. */
const longest = 1500;

/** `/config`: an owner reads and changes the configuration, where `commands.config` and `configWrites` allow it. */
export const configCommand: TypedCommand = {
  name: "config",
  usage,
  summary: "read and change the configuration",
  quick: false,
  who: "owners",
  async run(context) {
    if (!context.config.commands.config)
      return "/config is turned off. Set commands.config to true to use it.";
    // `set path value`, and `set path=value` as the other systems have it.
    const [, verb = "show", path = "", value = ""] =
      /^(\S*)\s*([^\s=]*)\s*=?\s*([\s\S]*)$/.exec(context.words) ?? [];
    switch (verb || "show") {
      case "show":
        return { toOwner: await read(context, path) };
      case "get":
        return path ? { toOwner: await read(context, path) } : `Usage: ${usage}`;
      case "set":
        return path && value ? { toOwner: await write(context, path, value) } : `Usage: ${usage}`;
      case "unset":
        return path ? { toOwner: await write(context, path, undefined) } : `Usage: ${usage}`;
      default:
        return `Usage: ${usage}`;
    }
  },
};

/** What the file says: what was just written is in force only when the running gateway has taken it over (behaviour 12). */
async function read({ config, gateway }: CommandContext, text: string): Promise<string> {
  const { getValue } = await import("../config/inspect/index.js");
  const path = text === "" ? { ok: true as const, value: [] } : parsePath(text);
  if (!path.ok) return path.error.message;
  const valueIn = (some: Config): string => {
    const { secrets } = gateway;
    const found = getValue({ config: some, source: undefined }, path.value, { effective: true, secrets });
    if (!found.ok) return found.error.message;
    const { value } = found.value;
    return typeof value === "string" ? value : JSON.stringify(value, null, 1);
  };
  const inForce = valueIn(config);
  const written = gateway.configFile && (await configIn(gateway.configFile));
  if (written === undefined) return cutText(inForce, longest);
  if (written === "unusable") return `${cutText(inForce, longest)}\n${unusable}`;
  const shown = valueIn(written);
  return shown === inForce ? cutText(shown, longest) : `${cutText(shown, longest)}\n${notInForce}`;
}

const notInForce = "(Written, and not in force yet: the gateway takes it over in a moment.)";
const unusable = "(This is in force. The configuration file cannot be used as it is now.)";

async function configIn({
  path,
  env,
}: NonNullable<GatewayControls["configFile"]>): Promise<Config | "unusable"> {
  const parsed = await readFile(path, "utf8").then(
    (source) => parseConfig(source, env),
    () => undefined,
  );
  return parsed?.ok ? parsed.value.config : "unusable";
}

async function write(
  { config, entry, gateway }: CommandContext,
  text: string,
  value: string | undefined,
): Promise<string> {
  if (resolveAccount(config, entry.account)?.configWrites === false)
    return "Changes from the chat are turned off (configWrites).";
  if (!gateway.configFile) return "This gateway has no configuration file to change.";
  const { editFile } = await import("../config/edit/index.js");
  const path = parsePath(text);
  if (!path.ok) return path.error.message;
  const edit =
    value === undefined
      ? { unset: path.value }
      : { set: path.value, value: await typedValue(path.value, value) };
  const result = await editFile(gateway.configFile.path, [edit], gateway.configFile.env);
  if (!result.ok) {
    const { error, problems } = result.error;
    // Read on a phone: what is wrong, without the place in a file that is not at hand.
    const lines = problems.map((problem) => formatProblem("", { ...problem, line: 0 }).trim());
    return lines.length === 0 ? error.message : [...lines, "Nothing was changed."].join("\n");
  }
  if (!result.value.changed) return "Nothing to change.";
  return `${value === undefined ? "Removed" : "Set"} ${formatPath(path.value)}.`;
}

/** Phones curl quotes: what is a value only with straight ones is read with them, and a text stays as it was written. */
async function typedValue(path: ConfigPath, text: string): Promise<unknown> {
  const { parseInput } = await import("../config/edit/index.js");
  const value = parseInput(path, text);
  const straight = text.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'");
  if (value !== text || straight === text) return value;
  const meant = parseInput(path, straight);
  return meant === straight ? value : meant;
}
