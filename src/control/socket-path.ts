import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { errnoOf, TapbackError } from "../platform/index.js";

/** Longest path of a Unix socket that every system takes (macOS: 104 bytes with the final zero). */
const maxBytes = 103;

/**
 * @returns where a gateway listens: in its state directory, or where that path is too long, in a folder of this user's own
 *   in the temporary folder, which others may share
 */
export function socketPath(stateDir: string): string {
  const beside = join(stateDir, "gateway.sock");
  if (Buffer.byteLength(beside) <= maxBytes) return beside;
  const name = createHash("sha256").update(stateDir).digest("hex").slice(0, 16);
  return join(tmpdir(), `tapback-${process.getuid?.() ?? 0}`, `${name}.sock`);
}

/**
 * Makes the folder of a socket where it lies in the temporary folder, for this user alone (0700).
 * @throws `SOCKET_UNSAFE` when somebody else made it before, or others may look into it
 */
export function prepareSocketFolder(socket: string, stateDir: string): void {
  if (isBeside(socket, stateDir)) return;
  try {
    mkdirSync(dirname(socket), { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  }
  checkSocketFolder(socket, stateDir);
}

/**
 * Checks before anything is written to a socket that nobody else can have put it there.
 * @throws `SOCKET_UNSAFE` when its folder outside the state directory is not this user's alone
 */
export function checkSocketFolder(socket: string, stateDir: string): void {
  const folder = dirname(socket);
  if (isBeside(socket, stateDir)) return;
  // Not through a link: whoever made it could turn it elsewhere later.
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return;
  const isOwn = process.getuid === undefined || found.uid === process.getuid();
  if (found.isDirectory() && isOwn && (found.mode & 0o077) === 0) return;
  throw new TapbackError(
    "SOCKET_UNSAFE",
    `${folder}, where the control socket lies, is not this user's alone`,
    {
      hint: `Remove ${folder}, or name a state directory with a shorter path with TAPBACK_STATE_DIR.`,
    },
  );
}

/** Whether a socket lies in the state directory, however that is spelled. */
function isBeside(socket: string, stateDir: string): boolean {
  try {
    return realpathSync(dirname(socket)) === realpathSync(stateDir);
  } catch {
    return false;
  }
}
