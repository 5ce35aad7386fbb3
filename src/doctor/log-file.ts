import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "../platform/index.js";
import { by, type Finding, failed, fine, warn } from "./check.js";

/** More than the gateway keeps of its own log (behaviour 1.6a), bytes: then nothing puts it aside. */
const mostBytes = 50_000_000;

/**
 * A log of the gateway: whether it can be written, and how large it is.
 * @param isService launchd holds it open; any other one is opened for each line
 */
export function checkLogFile({ path, isService }: { path: string; isService: boolean }): Finding {
  const restart = isService ? " && tapback service restart" : "";
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    const folder = dirname(path);
    if (found || existsSync(folder)) accessSync(found ? path : folder, constants.W_OK);
    const megabytes = ((found?.size ?? 0) / 1e6).toFixed(1);
    return by(
      "terminal",
      (found?.size ?? 0) > mostBytes
        ? warn("log", `${path} has ${megabytes} MB`, `Put it aside: mv "${path}" "${path}.old"${restart}`)
        : fine("log", found ? `${path} (${megabytes} MB)` : `${path} is made when the gateway starts`),
    );
  } catch (error) {
    // The folder may be everybody's, as /var/log is: the file alone becomes this user's.
    const made = existsSync(path) ? "Make it yours:" : `Make it, and make it yours: sudo touch "${path}" &&`;
    return by(
      "terminal",
      failed(
        "log",
        `${path} cannot be written (${errnoOf(error) ?? "unknown"})`,
        `${made} sudo chown "$(id -un)" "${path}"${restart}`,
      ),
    );
  }
}
