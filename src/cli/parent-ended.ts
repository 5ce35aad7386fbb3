/** How often it is looked, milliseconds. */
const lookMs = 1000;

/**
 * Settles when the process that started this one is gone, perhaps before it was asked. A service manager that ends an app knows
 * nothing of what the app started (behaviour 1.6e).
 * @param pid of that process @returns why this one ends
 */
export function parentEnded(pid: number): Promise<string> {
  return new Promise((resolve) => {
    const look = () => {
      // Process 1 takes what others leave behind.
      if (pid > 1 && process.ppid === pid) return;
      clearInterval(timer);
      resolve("the app ended");
    };
    const timer = setInterval(look, lookMs);
    timer.unref();
    look();
  });
}
