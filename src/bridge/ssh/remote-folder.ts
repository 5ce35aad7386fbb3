import { fault } from "../imsg/faults.js";
import { type HopRun, onMac } from "./hop-run.js";

/** Folders of an earlier run that nobody removed are taken away when they are as old as this, minutes. */
const oldMinutes = 60;

// Everything below is read by a login shell of any kind, hence `sh -c` and one pair of single quotes.
/** imsg takes no path with a symbolic link in it (protocol reference 3.2), and /tmp is one on a Mac. */
const make = `exec /bin/sh -c 'umask 077; d=$(mktemp -d "\${TMPDIR:-/tmp}/tapback-out.XXXXXXXXXX") && cd -P "$d" && echo "tapback:$(pwd -P)"'`;
const sweep = `exec /bin/sh -c 'cd "\${TMPDIR:-/tmp}" && find . -maxdepth 1 -type d -name "tapback-out.*" -user "$(id -u)" -mmin +${oldMinutes} -exec rm -rf {} +'`;

/** What the Mac answers is used as a path in commands, so it must not be able to be more than one. */
const folder = /^tapback:(\/[A-Za-z0-9_/.+-]+\/tapback-out\.[A-Za-z0-9]+)\s*$/m;

/** Makes a folder that only its owner can look into. @returns its real path @throws BridgeError */
export async function makeRemoteFolder(run: HopRun): Promise<string> {
  const said = await onMac(run, make, "REMOTE_FOLDER_FAILED");
  const path = folder.exec(said)?.[1];
  if (path === undefined || path.split("/").includes(".."))
    throw fault("REMOTE_FOLDER_FAILED", { detail: said.trim().split("\n").at(-1) ?? "no answer" });
  return path;
}

/** Removes a folder that {@link makeRemoteFolder} made. @throws BridgeError */
export async function removeRemoteFolder(run: HopRun, path: string): Promise<void> {
  await onMac(run, `exec rm -rf -- ${path}`, "REMOTE_FOLDER_FAILED");
}

/** Removes what an earlier process left behind when it died. @throws BridgeError */
export async function sweepRemoteFolders(run: HopRun): Promise<void> {
  await onMac(run, sweep, "REMOTE_FOLDER_FAILED");
}
