import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What this process holds. */
export interface Resources {
  /** What the open descriptors lead to: files, sockets and the like; none where the system does not tell. */
  open: string[];
  /** Bytes of objects that something still refers to. */
  heapBytes: number;
}

let collect: (() => void) | undefined;

const turnOfLoop = globalThis.setImmediate;

/** So often it is looked whether more was closed meanwhile. */
const mostLooks = 20;

/**
 * Measures what the process holds, after all that nobody needs was thrown away; databases are closed a turn later, files that
 * threads had open when these come to it.
 */
export async function measure(): Promise<Resources> {
  collect ??= collector();
  let open: string[] = [];
  for (let looks = 0; looks < mostLooks; looks++) {
    collect();
    await new Promise((resolve) => turnOfLoop(resolve));
    const before = open.length;
    open = openFiles();
    if (looks > 0 && open.length >= before) break;
  }
  return { open, heapBytes: process.memoryUsage().heapUsed };
}

function openFiles(): string[] {
  const own = "/proc/self/fd";
  if (!existsSync(own)) return [];
  return readdirSync(own).flatMap((name) => {
    try {
      return [readlinkSync(`${own}/${name}`)];
    } catch {
      // The look itself, which is over.
      return [];
    }
  });
}

function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
