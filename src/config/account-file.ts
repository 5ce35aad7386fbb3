import { createHash } from "node:crypto";
import { join } from "node:path";

/**
 * A file of the state directory that belongs to one account. The hash keeps apart what a file system that ignores case
 * would not.
 * @param folder what kind of file, e.g. `catchup`
 */
export function accountFile(stateDir: string, folder: string, account: string): string {
  const hash = createHash("sha256").update(account).digest("hex").slice(0, 12);
  return join(stateDir, "imessage", folder, `${account.replace(/[^\w.-]/g, "_")}__${hash}.json`);
}
