import type { BridgeError, Support } from "../bridge/index.js";
import { type ErrorCode, launchRemedy, TapbackError } from "../platform/index.js";
import type { ActionName } from "./rows/index.js";

/** Codes that say that the private API bridge is what is missing. */
const bridgeCodes = new Set<ErrorCode>(["BRIDGE_UNAVAILABLE", "BRIDGE_TIMEOUT", "REPLY_UNSUPPORTED"]);

/** The error of an action that this Mac cannot do (behaviour 11.1). */
export function unavailable(name: ActionName, support: Exclude<Support, { supported: true }>): TapbackError {
  if (support.missing === "bridge")
    return new TapbackError("ACTION_UNAVAILABLE", needsBridge(name), { hint: launchRemedy });
  return new TapbackError("ACTION_UNAVAILABLE", `iMessage ${name} is not available: ${support.why}`);
}

/** The error of an action that was tried. */
export function failed(
  name: ActionName,
  error: Pick<BridgeError, "code" | "message" | "hint">,
): TapbackError {
  const needs = bridgeCodes.has(error.code);
  const hint = needs ? launchRemedy : error.hint;
  return new TapbackError(
    error.code,
    needs ? `${needsBridge(name)}: ${error.message}` : `iMessage ${name} failed: ${error.message}`,
    hint === undefined ? {} : { hint },
  );
}

function needsBridge(name: ActionName): string {
  return `iMessage ${name} requires the imsg private API bridge`;
}
