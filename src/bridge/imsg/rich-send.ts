import { err } from "../../platform/index.js";
import type { Ability } from "../abilities.js";
import type { SendRequest, SendResult } from "../contract.js";
import { BridgeError } from "../error.js";
import { type CallPath, callBridge } from "./bridge-call.js";
import { isAtLeast } from "./capabilities.js";
import { type FaultCode, fault } from "./faults.js";
import type { MethodName } from "./methods.js";
import { otherNameOf } from "./other-name.js";
import { chatKeyOf, sendParams, sendResult } from "./send.js";

/** The extras that `send` itself has no parameter for, or not on every build. */
function abilityOf({ effect, voice, replyTo }: SendRequest): Ability {
  if (effect !== undefined) return "effect";
  return voice ? "voice" : replyTo !== undefined ? "reply" : "attachment";
}

/**
 * Sends what was asked for with its extras. One that was only wished for costs nothing: where the Mac surely did not
 * take it, the same goes again without. One that somebody asked for (`strict`) makes the send fail.
 */
export async function sendWithExtras(path: CallPath, request: SendRequest): Promise<SendResult> {
  const { effect, voice, strict } = request;
  const isPlain = effect === undefined && !voice && request.replyTo === undefined;
  if (isPlain) return sendPlain(path, request);
  if (!strict) {
    const can = path.cache.look()?.capabilities.can(abilityOf(request)).supported === true;
    const tried = can ? await sendRich(path, request) : undefined;
    if (tried?.ok || tried?.error.disposition === "unknown") return tried;
    const { replyTo: _reply, effect: _effect, voice: _voice, ...plain } = request;
    if (!voice || !plain.text) return sendPlain(path, plain);
    // The text of a recording is what is said in it.
    const { file: _file, ...read } = plain;
    return sendPlain(path, read);
  }
  return sendRich(path, request);
}

async function sendPlain(path: CallPath, request: SendRequest): Promise<SendResult> {
  const sent = await sendAs(path, request);
  if (!isNotFound(sent)) return sent;
  const target = await otherNameOf(path, request.target).catch(() => undefined);
  const again = target && (await sendAs(path, { ...request, target }));
  // The first failure names the chat that was meant.
  return again && !isNotFound(again) ? again : sent;
}

/** Messages surely did not take it, because it does not know the conversation by this name. */
function isNotFound(sent: SendResult): boolean {
  return !sent.ok && sent.error.code === "CHAT_NOT_FOUND" && sent.error.disposition === "not_sent";
}

/**
 * Up to 0.13 imsg itself sends by script what its helper in Messages did not answer in time, though Messages may send that
 * still (protocol reference 3.5): there the helper alone is asked, and the script once it surely did not take it.
 */
async function sendAs(path: CallPath, request: SendRequest): Promise<SendResult> {
  const { transport = "auto", file, text } = request;
  if (transport !== "auto") return sendBy(path, request);
  const known = path.cache.known ?? (await path.cache.settled());
  const isSafe = known ? isAtLeast(known.status.version, 0, 14) : !path.cache.wasSilent;
  if (isSafe) return sendBy(path, request);
  // The helper takes one thing at a time; it may be there again where it was not a moment ago.
  const isOne = file === undefined || !text;
  const asksHelper = known?.status.privateApi.available && isOne && !path.cache.wasSilent;
  const byHelper = asksHelper ? await sendBy(path, { ...request, transport: "bridge" }) : undefined;
  if (byHelper?.ok) return byHelper;
  if (byHelper?.error.disposition === "unknown") {
    // Once it surely is not there, the script sends it.
    path.cache.noteSilence();
    return byHelper;
  }
  // What passes is no refusal of the helper's.
  if (byHelper?.error.retryable) return byHelper;
  return sendBy(path, { ...request, transport: "applescript" });
}

async function sendBy(path: CallPath, request: SendRequest): Promise<SendResult> {
  const { runs, ...plain } = request;
  const styled = runs?.length && path.cache.known?.capabilities.can("styles").supported;
  return answered(async () => ({
    ...(await path.call("send", {
      ...sendParams(plain),
      ...(styled && request.transport !== "applescript" && { text_formatting: runs }),
    })),
  }));
}

/** Through the private API alone: a threaded reply, an effect, a voice message. */
async function sendRich(path: CallPath, request: SendRequest): Promise<SendResult> {
  const { target, text = "", file, replyTo, effect, voice, runs } = request;
  const known = await path.cache.settled();
  if (known === undefined) return err(path.cache.refusal);
  const support = known.capabilities.can(abilityOf(request));
  if (!support.supported) {
    const code: FaultCode = support.missing === "bridge" ? "BRIDGE_UNAVAILABLE" : "ACTION_UNAVAILABLE";
    return err(fault(code, { detail: support.why }));
  }
  if (target.kind === "handle")
    return err(fault("CHAT_NOT_FOUND", { detail: `there is no conversation with ${target.handle} yet` }));
  const at = { ...chatKeyOf(target), reply_to: replyTo };
  if (file !== undefined) {
    const params = { ...at, file, ...(voice && { audio: true }) };
    return answered(() => callBridge(path, known, "send.attachment", params));
  }
  const styled = runs?.length && known.capabilities.can("styles").supported;
  return answered(() =>
    callBridge(path, known, "send.rich" satisfies MethodName, {
      ...at,
      text,
      effect,
      ...(styled && { text_formatting: runs }),
      // With the default no GUID is answered at 0.9.0 (protocol reference 3.2).
      dd_scan: false,
    }),
  );
}

async function answered(call: () => Promise<Record<string, unknown>>): Promise<SendResult> {
  try {
    return sendResult(await call());
  } catch (error) {
    if (error instanceof BridgeError) return err(error);
    throw error;
  }
}
