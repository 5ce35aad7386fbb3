import { Helper, type TrackedText } from "../../helper/helper.js";
import { messageByGuid } from "../../messages-app/threads.js";
import { compiledSelectors } from "../../reading/status.js";
import { notStarted } from "../bridge-gate.js";
import { type Delivery, deliveryError, invalidParams, type RpcError } from "../errors.js";
import type { Call, Method } from "../method.js";
import { chatOfSend, readSend } from "../send-request.js";

const uuid = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/;
/** imsg waits so long for the helper's answer (protocol reference 14). */
const answerMs = 150_000;

/** One text under the GUID that the caller chose; the failures in the order of protocol reference 16.1. */
async function run(call: Call): Promise<Record<string, unknown>> {
  const { world, params, method } = call;
  const { faults } = world;
  const wanted = readSend(call);
  const guid = params.text("attempt_id")?.toLowerCase() ?? "";
  if (!uuid.test(guid)) throw invalidParams("attempt_id must be a UUID");
  if (wanted.text === "" || wanted.file !== "")
    throw invalidParams("send.tracked supports exactly one text message");
  if (wanted.transport === "applescript") throw invalidParams("send.tracked requires bridge transport");
  const chat = chatOfSend(call, wanted);
  if (world.sql("SELECT 1 FROM message WHERE guid = ?").get(guid))
    throw notSent("attempt_id already identifies a message; choose a new UUID");
  if (chat === undefined && wanted.given.to !== undefined)
    throw invalidParams("bridge transport requires an existing chat target");
  if (!world.settings().bridge) throw notSent(notStarted);
  if (!compiledSelectors(world).clientMessageGuidReservation)
    throw notSent("The helper in Messages does not reserve message GUIDs");
  if (chat === undefined) throw notSent(`Chat not found: ${wanted.given.guid ?? wanted.given.identifier}`);
  const parent = wanted.replyTo === undefined ? undefined : messageByGuid(world, wanted.replyTo);
  if (wanted.replyTo !== undefined && parent === undefined)
    throw notSent("Could not resolve reply thread; message was not sent");

  const helper = new Helper(world);
  const text: TrackedText = {
    guid,
    chatId: chat.id,
    text: wanted.text,
    ...(parent && { replyTo: parent.guid }),
    dueAt: world.now(),
    pid: world.host.pid,
  };
  const late = faults.fires("late-claim", method);
  helper.publish({ ...text, dueAt: text.dueAt + (late?.ms ?? 0) });
  const dying = faults.fires("die-published", method);
  if (dying !== undefined) call.exit(dying.code ?? 1);
  if (late !== undefined) await world.host.clock.sleep(late.ms ?? 1000);
  await answered(call, helper, text);
  return {
    ok: true,
    transport: "bridge",
    attempt_id: guid,
    guid,
    message_id: guid,
    chat_guid: chat.guid,
    service: chat.service,
  };
}

/** What the helper makes of a request that was published. @throws the failures of protocol reference 16.1, rows 8 to 13 */
async function answered({ world, method }: Call, helper: Helper, text: TrackedText): Promise<void> {
  const { faults } = world;
  const lost = faults.fires("bridge-lost", method);
  if (lost !== undefined && !lost.inFlight) {
    await world.host.clock.sleep(lost.ms ?? answerMs);
    if (helper.takeBack(text.guid)) throw notSent("Messages did not answer; the request was taken back");
  }
  const claim = helper.claim(text.guid);
  if (claim === "gone") throw unknown("may_have_completed", "The request vanished unanswered");
  if (claim === "reserved") throw notSent("clientMessageGuid is already reserved by another tracked send");
  const death = faults.fires("messages-dies", method);
  if (death !== undefined) {
    if (death.stored) helper.writeRow(world, text, 0);
    helper.die();
    await world.host.clock.sleep(death.ms ?? 100);
    throw unknown("may_have_completed", "The request vanished unanswered");
  }
  if (lost === undefined || lost.stored)
    helper.writeRow(world, text, faults.fires("late-row", method)?.ms ?? 0);
  else helper.drop(text.guid);
  if (lost !== undefined) {
    await world.host.clock.sleep(lost.ms ?? answerMs);
    throw unknown("still_in_flight", "Timed out waiting for response to 'send-message'");
  }
  if (faults.fires("no-guid", method)) throw unknown("may_have_completed", "The answer names no message");
}

function notSent(detail: string): RpcError {
  return failure("not_started", detail);
}

function unknown(disposition: Delivery["disposition"], detail: string): RpcError {
  return failure(disposition, detail);
}

function failure(disposition: Delivery["disposition"], detail: string): RpcError {
  return deliveryError({ disposition, transport: "bridge-v2", operation: "send-message", detail });
}

export const trackedMethods: Record<string, Method> = { "send.tracked": { lane: "mutation", run } };
