import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/**
 * What tells a process from a later one with the same number: the boot and the tick of its start on Linux, the time of
 * its start elsewhere.
 * @returns undefined when there is no such process (any more), or it cannot be told
 */
export async function processStamp(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return startTime(pid);
  try {
    const [boot, stat] = await Promise.all([
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
      readFile(`/proc/${pid}/stat`, "utf8"),
    ]);
    // The name in brackets may hold anything; the state is the third field, the start the 22nd (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : `${boot.trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Processes of a group; those that ended and wait to be reaped are left out. Undefined when `ps` cannot be asked. */
export async function membersOf(group: number): Promise<number[] | undefined> {
  // These columns are the same on Linux and macOS; it takes about 15 ms.
  const rows = await ps(["-A", "-o", "pid=,pgid=,stat="]);
  return rows?.flatMap((row) => {
    const [pid, itsGroup, state = ""] = row.trim().split(/\s+/);
    return Number(itsGroup) === group && !state.startsWith("Z") ? [Number(pid)] : [];
  });
}

async function startTime(pid: number): Promise<string | undefined> {
  const rows = await ps(["-o", "stat=,lstart=", "-p", String(pid)]);
  const [, state = "Z", started] = /^\s*(\S+)\s+(.+?)\s*$/.exec(rows?.[0] ?? "") ?? [];
  return state.startsWith("Z") ? undefined : started;
}

function ps(args: string[]): Promise<string[] | undefined> {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  return new Promise((resolve) => {
    execFile("ps", args, { env, timeout: 2000, maxBuffer: 4_000_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout.split("\n").filter(Boolean)),
    );
  });
}
