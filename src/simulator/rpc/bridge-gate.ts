import { compiledSelectors } from "../reading/status.js";
import { deliveryError, internal, RpcError } from "./errors.js";
import type { Call } from "./method.js";
import { hasSelectors } from "./needs.js";

/** What imsg says when it may not inject its helper. */
export const sipText =
  "System Integrity Protection (SIP) is enabled. The private API needs it disabled: restart into Recovery, run csrutil disable, restart, then run imsg launch.";

/** What 0.15 says of a helper that does not run (protocol reference 21). */
export const notStarted =
  "The bridge is not started. Run imsg launch explicitly before using bridge methods.";

/** imsg waits so long for the helper's answer (protocol reference 1.1); a fault may shorten it. */
const bridgeTimeoutMs = 10_000;
/** Sends since 0.11.1, tapbacks and Name & Photo since 0.15 (protocol reference 14). */
const sendTimeoutMs = 150_000;
const sends = ["send-message", "send-attachment", "send-multipart", "send-sticker"];
/** What launches Messages still, since 0.14.0 (protocol reference 3.2). */
const presence = ["start-typing", "stop-typing", "mark-chat-read"];

/** Calls that the helper carries out and never answers, each with the error that imsg gives when its time is out. */
const unanswered = new WeakMap<Call, () => Promise<never>>();

/**
 * Something that the helper does, and that passes {@link passBridge} on its way. Where its answer is lost and it was done all
 * the same, it is done, and the caller is told what imsg knows of it.
 */
export function overBridge<Rest extends unknown[], Done>(
  act: (call: Call, ...rest: Rest) => Promise<Done>,
): (call: Call, ...rest: Rest) => Promise<Done> {
  return async (call, ...rest) => {
    try {
      return await act(call, ...rest);
    } finally {
      // Also an error of the helper is an answer.
      await unanswered.get(call)?.();
    }
  };
}

/**
 * Lets a call through to the helper in Messages, or fails as imsg does without it. Before 0.14.0 a bridge call launches
 * Messages with the helper when it may (protocol reference 3.2).
 * @param action the bridge's name for what is done, e.g. `send-message`
 */
export async function passBridge(call: Call, action: string, reading = false): Promise<void> {
  const { world } = call;
  const { bridge, sip } = world.settings();
  const launches = sip === "disabled" && (!world.since("0.14.0") || presence.includes(action));
  if (!bridge && !launches && world.since("0.14.0")) {
    const detail = world.since("0.15.0") ? notStarted : "imsg bridge is not running. Run imsg launch.";
    if (reading) throw new RpcError(-32003, "Bridge unavailable", { detail, retryable: true });
    throw deliveryError({ disposition: "not_started", transport: "bridge", operation: action, detail });
  }
  if (!bridge) {
    if (!launches) throw internal(sipText);
    world.change((settings) => ({ ...settings, bridge: true }));
    world.events.add({ at: world.now(), event: "launched", by: action });
  }
  if (world.since("0.14.0") && !hasSelectors(call.method, compiledSelectors(world)))
    throw deliveryError({
      disposition: "not_started",
      transport: "bridge",
      operation: action,
      detail: "This version of macOS does not offer it",
    });
  const lost = world.faults.fires("bridge-lost", call.method);
  if (lost === undefined) return;
  const isSend =
    (world.since("0.11.1") && sends.includes(action)) ||
    (world.since("0.15.0") && ["send-reaction", "share-nickname"].includes(action));
  const timeOut = async (): Promise<never> => {
    await world.host.clock.sleep(lost.ms ?? (isSend ? sendTimeoutMs : bridgeTimeoutMs));
    const detail = `Timed out waiting for response to '${action}'`;
    if (!world.since("0.14.0")) throw internal(detail);
    const disposition = lost.inFlight ? "still_in_flight" : "may_have_completed";
    throw deliveryError({ disposition, transport: "bridge", operation: action, detail });
  };
  if (reading || !lost.stored) return await timeOut();
  unanswered.set(call, timeOut);
}
