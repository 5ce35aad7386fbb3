import { err, ok } from "../../platform/index.js";
import type { SendRequest, SendResult } from "../contract.js";
import { BridgeError } from "../error.js";
import type { CallPath } from "./bridge-call.js";
import { shakes } from "./capability-cache.js";
import { type FaultCode, fault } from "./faults.js";
import { chatKeyOf, sendResult } from "./send.js";

/** Refusals of a reply, after which the text goes alone unless the reply was asked for. */
const repliesRefused = new Set(["REPLY_UNSUPPORTED", "MESSAGE_NOT_FOUND"]);

/**
 * Sends one text under a GUID of ours (protocol reference 16). That an earlier attempt was handed over is no failure: this
 * one has done nothing, and the message is in Messages or on its way.
 */
export async function sendTracked(
  path: CallPath,
  request: SendRequest,
  attemptId: string,
): Promise<SendResult> {
  const { target, text = "", replyTo, runs, strict } = request;
  const known = await path.cache.settled();
  if (known === undefined) return err(path.cache.refusal);
  const support = known.capabilities.can("tracked");
  if (!support.supported) {
    const code: FaultCode = support.missing === "bridge" ? "BRIDGE_UNAVAILABLE" : "ACTION_UNAVAILABLE";
    return err(fault(code, { detail: support.why }));
  }
  if (target.kind === "handle")
    return err(fault("CHAT_NOT_FOUND", { detail: "a first message cannot be tracked" }));
  if (await isOfOtherService(path, known.status.methods, target))
    return err(fault("ACTION_UNAVAILABLE", { detail: "only chats of iMessage take tracked messages" }));
  const params = {
    ...chatKeyOf(target),
    text,
    attempt_id: attemptId,
    ...(runs?.length && { text_formatting: runs }),
  };
  const sent = await answered(path, { ...params, ...(replyTo !== undefined && { reply_to: replyTo }) });
  const isAlone = replyTo === undefined || strict || sent.ok;
  if (isAlone || sent.error.disposition === "unknown" || !repliesRefused.has(sent.error.code)) return sent;
  return answered(path, params);
}

/** Whether a chat is surely none of iMessage; its GUID does not say so on macOS 26 (protocol reference 9.3). */
async function isOfOtherService(
  { call }: CallPath,
  methods: readonly string[],
  target: Exclude<SendRequest["target"], { kind: "handle" }>,
): Promise<boolean> {
  if (target.kind !== "chat_id" || !methods.includes("chats.get")) return false;
  try {
    const { service } = await call("chats.get", { chat_id: target.chatId });
    return typeof service === "string" && /^(sms|rcs)$/i.test(service);
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    return false;
  }
}

async function answered(
  { call, cache }: CallPath,
  params: Parameters<typeof call<"send.tracked">>[1],
): Promise<SendResult> {
  try {
    const sent = sendResult(await call("send.tracked", params));
    return sent.ok ? ok({ ...sent.value, guid: params.attempt_id }) : sent;
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    // The last words of a child that died may be of an earlier one.
    if (error.code === "ALREADY_HANDED_OVER" && error.answered) return ok({ guid: params.attempt_id });
    if (shakes(error)) cache.doubt();
    return err(error);
  }
}
