import { BridgeError } from "../error.js";
import { capture } from "./capture.js";
import type { ImsgCommand } from "./command.js";
import { asObject, optionalString, ShapeError, strings } from "./fields.js";

/**
 * The addresses of the account that Messages is signed in with, as `imsg account` tells them: needs the private API
 * (protocol reference 5).
 * @param timeoutMs until it is killed, milliseconds
 * @returns numbers first; empty where the build, or the Mac, does not tell
 */
export async function accountAddresses(command: ImsgCommand, timeoutMs: number): Promise<string[]> {
  try {
    const database = command.dbPath === undefined ? [] : ["--db", command.dbPath];
    const { exitCode, stdout } = await capture(command, ["account", ...database, "--json"], timeoutMs);
    return exitCode === 0 ? addressesIn(stdout) : [];
  } catch (error) {
    if (error instanceof BridgeError) return [];
    throw error;
  }
}

/** @param stdout its last line that is not empty counts */
export function addressesIn(stdout: string): string[] {
  try {
    const account = asObject(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""), "account");
    const login = (optionalString(account, "login") ?? "").replace(/^[EP]:/, "");
    const all = [...new Set([...strings(account, "vetted_aliases"), login])].filter((one) => one !== "");
    // A phone opens Messages for a number alone (behaviour 3.6).
    return [...all.filter((one) => !one.includes("@")), ...all.filter((one) => one.includes("@"))];
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) return [];
    throw error;
  }
}
