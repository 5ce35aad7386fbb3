import { normalizeHandle } from "../../conversation/index.js";
import { appleScriptError, ghostText } from "../messages-app/applescript.js";
import { type ChatRow, ensureDirectChat, ensureHandle } from "../messages-app/chats.js";
import { deliver } from "../messages-app/deliver.js";
import { insertMessage, type Written } from "../messages-app/insert.js";
import { deliveryError, internal, type RpcError } from "./errors.js";
import type { Call } from "./method.js";
import type { SendRequest } from "./send-request.js";
import { laterFields, lookupDelay, stageFile } from "./sent.js";
import { isName } from "./target.js";

/**
 * Sends by script, text first, then the file as a second message (protocol reference 3.5).
 * @param found the chat that is known already
 */
export async function throughAppleScript(
  call: Call,
  wanted: SendRequest,
  found: ChatRow | undefined,
): Promise<Record<string, unknown>> {
  const { world, method } = call;
  const way = { transport: "applescript", operation: "send" };
  const staged = wanted.file === "" ? [] : [stageFile(call, wanted.file, way)];
  const by = wanted.given.to === undefined ? "chat" : "person";
  const refused = world.faults.fires("send-error", method, { by });
  if (refused !== undefined && !refused.stored) throw scriptFailure(call, Number(refused.error ?? -1743));
  const chat =
    wanted.given.to === undefined
      ? ((found && otherChat(call, found)) ?? found ?? buddyChat(call, wanted))
      : directChat(call, wanted, found);
  if (chat === undefined) throw scriptFailure(call, -1728);
  if (chat.isGroup && world.faults.fires("ghost-row", method))
    throw ghostFailure(call, ghostText(ghostRow(call, chat)));
  let text: Written | undefined;
  let file: Written | undefined;
  if (wanted.text !== "") text = deliver(world, { chat, from: "me", text: wanted.text }, method);
  if (staged.length > 0) file = deliver(world, { chat, from: "me", text: "", files: staged }, method);
  if (refused !== undefined) throw scriptFailure(call, Number(refused.error ?? -1712));
  await lookupDelay(call);
  // A file alone is looked for since 0.15 (protocol reference 18).
  const row = text ?? (world.since("0.15.0") ? file : undefined);
  const seen = row !== undefined && canSeeRow(call);
  if (row === undefined || !seen || world.faults.fires("no-guid", method)) {
    if (world.since("0.15.0") && canSeeRow(call)) throw notVerified(text ? "text" : "attachment");
    return { ok: true, transport: "applescript" };
  }
  return {
    ok: true,
    transport: "applescript",
    id: row.id,
    guid: row.guid,
    ...laterFields(call, chat, row),
  };
}

/** Whether imsg finds the row of a send: by its text column before 0.14.0, and where it may read (protocol reference 3.5). */
function canSeeRow({ world, method }: Call): boolean {
  if (!world.since("0.14.0")) return world.settings().body !== "attributed";
  return world.faults.fires("permission-denied", method) === undefined;
}

/** An unknown chat that is named by a phone number or an address is sent to that person (protocol reference 3.5). */
function buddyChat({ world }: Call, { given }: SendRequest): ChatRow | undefined {
  const handle = (given.identifier ?? given.guid ?? "").replace(/^.*;-;/, "");
  if (!/^\+\d{7,15}$|^[^\s;@]+@[^\s;@]+$/.test(handle)) return undefined;
  return world.write(() => ensureDirectChat(world, handle));
}

/** A chat whose identifier is an address is sent to as that person, who may have another chat (protocol reference 3.5). */
function otherChat({ world, method }: Call, found: ChatRow): ChatRow | undefined {
  if (found.isGroup || world.faults.fires("other-chat", method) === undefined) return undefined;
  return world.write(() => ensureDirectChat(world, found.identifier));
}

/** The chat of a person by address: over iMessage unless SMS is asked for, or known since 0.11.0. */
function directChat(call: Call, wanted: SendRequest, found: ChatRow | undefined): ChatRow {
  const { world } = call;
  const byHistory = wanted.service === "auto" && found?.service === "SMS" && world.since("0.11.0");
  const service = wanted.service === "sms" || byHistory ? "SMS" : "iMessage";
  const to = wanted.given.to!;
  const address = isName(to) ? to : normalizeHandle(to, wanted.region);
  return world.write(() => ensureDirectChat(world, address, service));
}

function ghostRow({ world }: Call, chat: ChatRow): number {
  return world.write(
    () =>
      insertMessage(world, {
        text: "",
        handleId: ensureHandle(world, chat.identifier, "SMS"),
        fromMe: true,
        service: "SMS",
        destination: world.settings().me[0] ?? null,
        at: world.now(),
        columns: { is_empty: 1 },
      }).id,
  );
}

function ghostFailure({ world }: Call, detail: string): RpcError {
  // In 0.15 its outcome is unknown (protocol reference 2.2).
  return world.since("0.15.0") ? mayHaveCompleted(detail) : internal(detail);
}

/** Messages said yes, and nothing that was sent is in the database (protocol reference 18). */
function notVerified(what: "text" | "attachment"): RpcError {
  return mayHaveCompleted(
    `Messages automation returned success, but no matching outgoing ${what} row was observed within 8 seconds.`,
  );
}

function mayHaveCompleted(detail: string): RpcError {
  const disposition = "may_have_completed";
  return deliveryError({ disposition, transport: "applescript", operation: "send", detail });
}

function scriptFailure({ world }: Call, number: number): RpcError {
  const detail = appleScriptError(number);
  if (!world.since("0.14.0")) return internal(detail);
  // -1712 is a time-out: Messages may have taken it.
  return deliveryError({
    disposition: number === -1712 ? "may_have_completed" : "not_started",
    transport: "applescript",
    operation: "send",
    detail,
  });
}
