import { rm } from "node:fs/promises";

/**
 * Removes what a test wrote, though a program that ends just now may still write there. `rmSync` does not do: its
 * retries do not look again for what has come in.
 */
export const removeFolder = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
