// What a process holds, on Linux and macOS.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";

const ps = (...args) => execFileSync("ps", args, { encoding: "utf8" }).split("\n").filter(Boolean);

/** Memory that is in use, MB. */
export function residentMb(pid) {
  return Number(ps("-o", "rss=", "-p", String(pid))[0]) / 1024;
}

/** Open files, pipes and sockets. */
export function openHandles(pid) {
  if (process.platform === "linux") return readdirSync(`/proc/${pid}/fd`).length;
  return execFileSync("lsof", ["-p", String(pid), "-F", "f"], { encoding: "utf8" }).match(/^f\d+$/gm).length;
}

/** Running processes below one. */
export function below(root) {
  const table = ps("-A", "-o", "pid=,ppid=,stat=").map((row) => row.trim().split(/\s+/));
  const found = [];
  for (const open = [String(root)]; open.length > 0; ) {
    const parent = open.pop();
    for (const [pid, itsParent, state] of table)
      if (itsParent === parent && !state.startsWith("Z")) {
        found.push(Number(pid));
        open.push(pid);
      }
  }
  return found;
}

/** Running processes whose command line names something. */
export function naming(text) {
  return ps("-A", "-o", "pid=,stat=,args=").filter(
    (row) => row.includes(text) && !/^\s*\d+\s+Z/.test(row) && Number.parseInt(row, 10) !== process.pid,
  );
}
