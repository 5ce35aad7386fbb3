import { closeSync, openSync, readSync } from "node:fs";
import { findProgram } from "../../platform/index.js";
import type { ArgumentReader } from "./arguments.js";
import type { RemoteMac } from "./remote-mac.js";
import { longestWrapper, readWrapper } from "./wrapper.js";

/** What is known of the program that starts imsg. */
export interface Way {
  /** The Mac that its ssh leads to; absent for a program of this machine, and for what is unclear. */
  mac?: RemoteMac;
  argumentReader: ArgumentReader;
}

/**
 * Looks at the program that is to start imsg: a wrapper script tells where it leads (behaviour 7.4).
 * @param cliPath with `~` expanded; a bare name is looked for in PATH
 */
export function wayOf(cliPath: string, home: string, env: Record<string, string | undefined>): Way {
  const path = findProgram(cliPath, env);
  const text = path === undefined ? undefined : textOf(path);
  if (text === undefined) return { argumentReader: "nobody" };
  const mac = readWrapper(text, home);
  if (mac) return { mac, argumentReader: "shell" };
  return { argumentReader: /\b(ssh|mosh|rsh|et)\b/.test(text) ? "unknown" : "nobody" };
}

/** @returns the text of a script; undefined for a program, and for what cannot be read */
function textOf(path: string): string | undefined {
  try {
    const fd = openSync(path, "r");
    try {
      const buffer = Buffer.alloc(longestWrapper + 1);
      const text = buffer.subarray(0, readSync(fd, buffer)).toString("utf8");
      return text.includes("\0") ? undefined : text;
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
