import { existsSync } from "node:fs";
import { normalizeHandle } from "../../../conversation/index.js";
import { sleep } from "../../../platform/index.js";
import { appleScriptError, ghostText } from "../../messages-app/applescript.js";
import {
  type ChatRow,
  chatByAnyName,
  chatByGuid,
  chatById,
  ensureDirectChat,
  ensureHandle,
} from "../../messages-app/chats.js";
import { deliver } from "../../messages-app/deliver.js";
import { storeFile } from "../../messages-app/files.js";
import { insertMessage, type Written } from "../../messages-app/insert.js";
import { expandHome } from "../../world/place.js";
import { passBridge } from "../bridge-gate.js";
import { deliveryError, internal, invalidParams, RpcError } from "../errors.js";
import { type Call, type Method, replyParameters, targetParameters } from "../method.js";
import { dylibError, type Given, givenTarget } from "../target.js";

const services = ["auto", "imessage", "sms"] as const;
type Service = (typeof services)[number];
const transports = ["auto", "bridge", "applescript"] as const;

/** A `send` that passed validation. */
interface Wanted {
  given: Given;
  text: string;
  file: string;
  service: Service;
  region: string;
  transport: (typeof transports)[number];
  replyTo: string | undefined;
}

const send: Method = {
  parameters: [
    "to",
    ...targetParameters,
    "text",
    "file",
    "service",
    "region",
    "transport",
    "text_formatting",
    "textFormatting",
    "formatting",
    ...replyParameters,
    "allow_sms_fallback",
    "allowSMSFallback",
  ],
  lane: "mutation",
  withoutDatabase: true,
  async run(call) {
    const wanted = validate(call);
    const { world } = call;
    const chat = findChat(call, wanted);
    const bridgeReady = world.settings().bridge;
    if (wanted.replyTo !== undefined && (!bridgeReady || wanted.transport === "applescript"))
      throw invalidParams("reply_to requires bridge transport: run imsg launch, or leave reply_to out");
    // A bare identifier reaches the bridge unresolved at 0.9.0 and is not found there (protocol reference 3.5).
    const known = wanted.given.identifier === undefined || world.since("0.10.0") ? chat : undefined;
    const addressed = known ?? (wanted.given.identifier === undefined ? undefined : "unresolved");
    if (wanted.transport === "bridge" && addressed === undefined)
      throw invalidParams("bridge transport requires an existing chat target");
    if (
      wanted.transport !== "applescript" &&
      addressed !== undefined &&
      (wanted.transport === "bridge" || bridgeReady)
    ) {
      try {
        return await throughBridge(call, wanted, known);
      } catch (error) {
        const mayGoOn = !world.since("0.14.0") || disposition(error) === "not_started";
        if (wanted.transport === "bridge" || !mayGoOn) throw error;
      }
    }
    return throughAppleScript(call, wanted, chat);
  },
};

function validate(call: Call): Wanted {
  const { world, params } = call;
  const given = givenTarget(call);
  if (Object.keys(given).length === 0) throw invalidParams("to is required for direct sends");
  const text = params.text("text") ?? "";
  const file = params.text("file") ?? "";
  if (text === "" && file === "") throw invalidParams("text or file is required");
  const service = (params.text("service") || "auto") as Service;
  if (!services.includes(service)) throw invalidParams("invalid service");
  const transport = (params.text("transport") || "auto").toLowerCase() as Wanted["transport"];
  if (!transports.includes(transport)) throw invalidParams("invalid transport");
  if (transport === "bridge" && text !== "" && file !== "")
    throw invalidParams("bridge transport does not support text and file together");
  const replyTo = world.since("0.12.0") ? params.text(...replyParameters) : undefined;
  return {
    given,
    text,
    file: file && expandHome(file),
    service,
    region: params.text("region") || "US",
    transport,
    replyTo,
  };
}

function findChat(call: Call, { given, service }: Wanted): ChatRow | undefined {
  const { world } = call;
  if (given.chatId !== undefined) {
    const chat = chatById(world, given.chatId);
    if (chat === undefined) throw invalidParams(`unknown chat_id ${given.chatId}`);
    return chat;
  }
  const name = given.guid ?? given.identifier;
  if (name !== undefined) return chatByGuid(world, name) ?? chatByAnyName(world, name);
  const to = given.to!;
  const forms = service === "sms" ? [`SMS;-;${to}`] : [`iMessage;-;${to}`, `any;-;${to}`];
  if (service === "auto") forms.push(`SMS;-;${to}`, to);
  for (const guid of forms) {
    const chat = chatByGuid(world, guid);
    if (chat !== undefined) return chat;
  }
  return undefined;
}

async function throughBridge(
  call: Call,
  wanted: Wanted,
  chat: ChatRow | undefined,
): Promise<Record<string, unknown>> {
  const { world, method } = call;
  const action = wanted.file === "" ? "send-message" : "send-attachment";
  await passBridge(call, action);
  if (chat === undefined) throw dylibError(call, action, `Chat not found: ${wanted.given.identifier}`);
  if (wanted.text !== "" && wanted.file !== "")
    throw invalidParams("bridge transport does not support text and file together");
  const files = wanted.file === "" ? [] : [stored(call, wanted.file)];
  const written = deliver(
    world,
    {
      chat,
      from: "me",
      text: wanted.text,
      files,
      ...(wanted.replyTo === undefined ? {} : { replyTo: wanted.replyTo, throughBridge: true }),
    },
    method,
  );
  await lookupDelay(call);
  const silent = world.faults.fires("no-guid", method) !== undefined;
  return {
    ok: true,
    transport: "bridge",
    ...(silent ? {} : { guid: written.guid, ...laterFields(call, chat, written) }),
  };
}

async function throughAppleScript(
  call: Call,
  wanted: Wanted,
  found: ChatRow | undefined,
): Promise<Record<string, unknown>> {
  const { world, method } = call;
  const refused = world.faults.fires("send-error", method);
  if (refused !== undefined && !refused.stored) throw scriptFailure(call, Number(refused.error ?? -1743));
  const chat = wanted.given.to === undefined ? found : directChat(call, wanted, found);
  if (chat === undefined) throw scriptFailure(call, -1728);
  if (chat.isGroup && world.faults.fires("ghost-row", method))
    throw internal(ghostText(ghostRow(call, chat)));
  let text: Written | undefined;
  if (wanted.text !== "") text = deliver(world, { chat, from: "me", text: wanted.text }, method);
  if (wanted.file !== "")
    deliver(world, { chat, from: "me", text: "", files: [stored(call, wanted.file)] }, method);
  if (refused !== undefined) throw scriptFailure(call, Number(refused.error ?? -1712));
  await lookupDelay(call);
  // The row is found by its text column (protocol reference 3.5).
  const seen = text !== undefined && (world.settings().body !== "attributed" || world.since("0.14.0"));
  if (text === undefined || !seen || world.faults.fires("no-guid", method))
    return { ok: true, transport: "applescript" };
  return {
    ok: true,
    transport: "applescript",
    id: text.id,
    guid: text.guid,
    ...laterFields(call, chat, text),
  };
}

/** The chat of a person by address: over iMessage unless SMS is asked for, or known since 0.11.0. */
function directChat(call: Call, wanted: Wanted, found: ChatRow | undefined): ChatRow {
  const { world } = call;
  const byHistory = wanted.service === "auto" && found?.service === "SMS" && world.since("0.11.0");
  const service = wanted.service === "sms" || byHistory ? "SMS" : "iMessage";
  const address = addressOf(call, wanted.given.to!, wanted.region);
  return world.write(() => ensureDirectChat(world, address, service));
}

/** A contact's name becomes the contact's handle (protocol reference 3.1). */
function addressOf({ world }: Call, to: string, region: string): string {
  if (to.includes("@") || to.startsWith("+") || /^[\d\s().-]+$/.test(to)) return normalizeHandle(to, region);
  const matches = Object.entries(world.settings().names).filter(
    ([, name]) => name.toLowerCase() === to.toLowerCase(),
  );
  if (matches.length > 1)
    throw invalidParams(`Invalid chat target: ${to} matches ${matches.length} contacts`);
  return matches[0]?.[0] ?? to;
}

function stored({ world }: Call, path: string) {
  if (!existsSync(path)) throw internal(`Attachment not found at ${path}`);
  return storeFile(world, path, "imsg");
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

async function lookupDelay({ world, method }: Call): Promise<void> {
  const fault = world.faults.fires("lookup-delay", method);
  if (fault !== undefined) await sleep(fault.ms ?? 2000);
}

/** What a result carries since 0.10.0. */
export function laterFields({ world }: Call, chat: ChatRow, written: Written): Record<string, unknown> {
  if (!world.since("0.10.0")) return {};
  return {
    id: written.id,
    guid: written.guid,
    message_id: written.guid,
    chat_guid: chat.guid,
    service: chat.service,
  };
}

function disposition(error: unknown): unknown {
  return error instanceof RpcError
    ? (error.data as { disposition?: unknown } | undefined)?.disposition
    : undefined;
}

export const sendingMethods: Record<string, Method> = { send };
