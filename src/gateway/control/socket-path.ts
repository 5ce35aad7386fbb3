import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Longest path of a Unix socket that every system takes (macOS: 104 bytes with the final zero). */
const maxBytes = 103;

/** @returns where a gateway listens: in its state directory, or where that path is too long, in the temporary folder */
export function socketPath(stateDir: string): string {
  const beside = join(stateDir, "gateway.sock");
  if (Buffer.byteLength(beside) <= maxBytes) return beside;
  const name = createHash("sha256").update(stateDir).digest("hex").slice(0, 16);
  return join(tmpdir(), `tapback-${name}.sock`);
}
