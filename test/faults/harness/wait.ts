import { setTimeout as pause } from "node:timers/promises";

/** Waits until something holds, looking every 20 ms. @throws what `describe` says when it does not within the limit */
export async function until(
  holds: () => boolean | Promise<boolean>,
  describe: () => string,
  limitMs = 60_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${describe()}`);
    await pause(20);
  }
}

/** Works on items side by side, at most `width` at once. @returns the results in the order of the items */
export async function sideBySide<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
