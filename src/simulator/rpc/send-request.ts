import { normalizeHandle } from "../../conversation/index.js";
import { type ChatRow, chatByAnyName, chatByGuid, chatById } from "../messages-app/chats.js";
import { expandHome } from "../world/place.js";
import { invalidParams } from "./errors.js";
import { type Call, replyParameters } from "./method.js";
import { type Given, givenTarget, isName } from "./target.js";

const services = ["auto", "imessage", "sms"] as const;
type Service = (typeof services)[number];
const transports = ["auto", "bridge", "applescript"] as const;

/** A `send` that passed validation. */
export interface SendRequest {
  given: Given;
  text: string;
  file: string;
  service: Service;
  region: string;
  transport: (typeof transports)[number];
  replyTo: string | undefined;
}

/** Reads and checks the parameters of `send` (protocol reference 3.5). @throws `-32602` with imsg's reasons */
export function readSend(call: Call): SendRequest {
  const { world, params } = call;
  if (call.method === "send" && params.raw("attempt_id") !== undefined)
    throw invalidParams("attempt_id is only supported by send.tracked");
  const service = (params.text("service") ?? "auto") as Service;
  if (!services.includes(service)) throw invalidParams("invalid service");
  const transport = (params.text("transport") ?? "auto").toLowerCase() as SendRequest["transport"];
  if (!transports.includes(transport)) throw invalidParams("invalid transport");
  const given = givenTarget(call);
  if (Object.keys(given).length === 0) throw invalidParams("to is required for direct sends");
  const text = params.text("text") ?? "";
  const file = params.text("file") ?? "";
  if (text === "" && file === "") throw invalidParams("text or file is required");
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

/** The chat that a send names; of `to` the one that exists already. */
export function chatOfSend(call: Call, { given, service, region }: SendRequest): ChatRow | undefined {
  const { world } = call;
  if (given.chatId !== undefined) {
    const chat = chatById(world, given.chatId);
    if (chat === undefined) throw invalidParams(`unknown chat_id ${given.chatId}`);
    return chat;
  }
  const name = given.guid ?? given.identifier;
  if (name !== undefined) return chatByGuid(world, name) ?? chatByAnyName(world, name);
  // In 0.15 it is normalized before anything else (protocol reference 3.5).
  const to = world.since("0.15.0") && !isName(given.to!) ? normalizeHandle(given.to!, region) : given.to!;
  const forms = service === "sms" ? [`SMS;-;${to}`] : [`iMessage;-;${to}`, `any;-;${to}`];
  if (service === "auto") forms.push(`SMS;-;${to}`, to);
  for (const guid of forms) {
    const chat = chatByGuid(world, guid);
    if (chat !== undefined) return chat;
  }
  return undefined;
}
