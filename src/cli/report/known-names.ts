import { wayOf } from "../../bridge/index.js";
import { type Config, expandHome, resolveAccounts } from "../../config/index.js";

/** Where a gateway is at home, and with which variables. */
interface Place {
  env: Record<string, string | undefined>;
  /** Absolute. */
  home: string;
  /** Absolute. */
  stateDir: string;
}

/** Of this machine whoever's it is. */
const everywhere = new Set(["localhost", "127.0.0.1", "[::1]", "0.0.0.0"]);

/**
 * What a status may say of a configuration's people and machines in words that show no sign of it: files with blanks in their
 * paths, hosts of addresses, the Mac that a wrapper script leads to.
 */
export function knownNames(config: Config, { env, home, stateDir }: Place): string[] {
  const accounts = resolveAccounts(config).flatMap(({ cliPath, dbPath, remoteHost }) => {
    const files = [cliPath, dbPath].filter((path) => path?.includes("/")) as string[];
    const mac = wayOf(expandHome(cliPath, home), home, env).mac?.host;
    const macs = [remoteHost, mac].filter((host) => host !== undefined);
    return [...files, ...files.map((path) => expandHome(path, home)), ...macs, ...macs.flatMap(login)];
  });
  const names = [home, stateDir, ...accounts, ...hostsIn(config)];
  return [...new Set(names)].filter((name) => name.length > 1);
}

function login(place: string): string[] {
  return place.includes("@") ? place.split("@") : [];
}

function hostsIn(value: unknown): string[] {
  if (typeof value === "string") {
    const host = /^[a-z]+:\/\//i.test(value) && URL.canParse(value) ? new URL(value).hostname : "";
    return host === "" || everywhere.has(host) ? [] : [host];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(hostsIn) : [];
}
