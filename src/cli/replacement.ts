import { type FSWatcher, statSync, watch } from "node:fs";
import { dirname } from "node:path";

/** An installation writes for a while; then it is looked at, milliseconds. */
const settleMs = 2000;

/**
 * Tells when the installed program is replaced while it runs. What it loads late is another version's then, or gone.
 * @param file of the program, absolute
 * @returns a promise for that moment, and the end of the watch
 */
export function watchReplacement(file: string): { replaced: Promise<void>; close(): void } {
  const running = stampOf(file);
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  const replaced = new Promise<void>((resolve) => {
    const look = () => {
      const found = stampOf(file);
      // While it is missing, the new one is on its way.
      if (found === undefined) timer = setTimeout(look, settleMs);
      else if (found !== running) resolve();
    };
    try {
      watcher = watch(dirname(file), { persistent: false }, () => {
        clearTimeout(timer);
        timer = setTimeout(look, settleMs);
        timer.unref();
      });
      watcher.on("error", () => watcher?.close());
    } catch {
      // Where nothing can be watched, a replacement is noticed by whoever did it.
    }
  });
  return {
    replaced,
    close() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}

function stampOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.ino} ${found.mtimeMs} ${found.size}`;
}
