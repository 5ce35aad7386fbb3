import type { RemoteFiles } from "../contract.js";
import { BridgeError } from "../error.js";

/**
 * Does something with a local file where imsg can read it: on another Mac it is copied there first, and removed after.
 * @param files absent when imsg runs on this machine
 * @throws BridgeError when it cannot be copied: surely nothing was sent
 */
export async function whereImsgReads<T>(
  files: RemoteFiles | undefined,
  file: string,
  use: (file: string) => Promise<T>,
): Promise<T> {
  if (files === undefined) return use(file);
  const placed = await files.place(file);
  if (!placed.ok) {
    const { error } = placed;
    if (error instanceof BridgeError) throw error;
    const { code, message, hint, retryable } = error;
    throw new BridgeError(code, message, { disposition: "not_sent", retryable, hint });
  }
  try {
    return await use(placed.value.path);
  } finally {
    // imsg copies what it sends before it answers (protocol reference 3.2). Nobody waits for this.
    void placed.value.remove();
  }
}
