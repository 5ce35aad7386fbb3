import { TapbackError } from "../platform/index.js";
import { askGateway } from "./client.js";
import { alreadyRunning } from "./lock.js";

/** How long a gateway may take to answer that it is there, milliseconds. */
const patienceMs = 2000;

/**
 * Refuses to start beside a gateway that answers on the control socket (behaviour 1.3). The lock of the state directory
 * holds its file, not the file's name: where that was removed, a second gateway gets a lock of a new one.
 * @throws `GATEWAY_RUNNING`, also where what listens there says nothing; `SOCKET_UNSAFE`
 */
export async function refuseSecondGateway(stateDir: string): Promise<void> {
  try {
    if ((await askGateway(stateDir, "status", {}, patienceMs)) === undefined) return;
  } catch (error) {
    // What answered an error is there; what is no gateway, or ended meanwhile, is not.
    const code = error instanceof TapbackError ? error.code : "";
    if (code === "SOCKET_UNSAFE") throw error;
    if (code === "GATEWAY_UNREACHABLE" || code === "GATEWAY_LOST") return;
  }
  throw alreadyRunning(stateDir);
}
