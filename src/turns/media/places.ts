import { join } from "node:path";
import type { RemoteFiles } from "../../bridge/index.js";
import { type Account, readableRoots } from "../../config/index.js";
import type { Surroundings } from "../../platform/index.js";
import type { HandOver } from "./hand-over.js";

/** Where imsg keeps the variants that it makes of attachments, below a person's home (protocol reference 4.3). */
const variants = "Library/Caches/imsg/converted-attachments";

/**
 * Where an account's files come from and go to.
 * @param folder where they go to: private, of one turn
 * @param remoteFiles given when the account's Mac is another machine
 */
export function mediaPlaces(
  account: Account,
  { home, env }: Pick<Surroundings, "home" | "env">,
  folder: string,
  remoteFiles?: RemoteFiles,
): HandOver {
  const { mediaMaxMb: maxMb } = account;
  const roots = readableRoots(account, remoteFiles ? "remoteAttachmentRoots" : "attachmentRoots");
  const remote = remoteFiles && { remote: remoteFiles };
  return {
    source: { roots, maxMb, ...remote },
    variants: { roots: [remoteFiles ? `/Users/*/${variants}` : join(home, variants)], maxMb, ...remote },
    folder,
    env,
  };
}
