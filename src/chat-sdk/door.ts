import { createHash, randomUUID } from "node:crypto";
import type { FunctionTurn } from "../agents/index.js";
import type { ActionInConversation } from "../gateway/index.js";
import type { Gateway } from "../library/index.js";
import { codeFromOutside, TapbackError } from "../platform/index.js";
import type { PostedFile } from "./postable.js";

type Facts = Record<string, unknown>;

/** The way into one conversation. */
export interface Door {
  /** Sends a text. @param markdown not blank @returns the id of its first message */
  say(markdown: string): Promise<string>;
  /** Answers a message in its thread. @param markdown not blank @returns the id of the answer */
  reply(messageId: string, markdown: string): Promise<string>;
  /** Sends a file. @returns the id of its message */
  send(file: PostedFile): Promise<string>;
  /** Does an action of behaviour 11. @throws a `TapbackError` */
  act(action: string, parameters: Facts): Promise<Facts>;
}

/**
 * The conversation of a turn, while it goes on: with the turn's rights. What a run said that a crash cut off is not said again,
 * in other words neither: the first text of a run is the first one of the run before it, and so on.
 */
export function doorOfTurn({ act, begun, attempt }: Pick<FunctionTurn, "act" | "begun" | "attempt">): Door {
  const does = async (action: string, parameters: Facts) => (await act(action, parameters)) as Facts;
  let earlier: ReturnType<typeof begun> | undefined;
  const counts = { send: 0, reply: 0 };
  const says = async (action: "send" | "reply", { text, ...parameters }: { text: string } & Facts) => {
    const place = counts[action]++;
    earlier ??= attempt > 1 ? begun() : Promise.resolve([]);
    const said = (await earlier).filter((each) => each.action === action && each.state !== "failed");
    const before = said[place]?.parameters.text;
    return idIn(await does(action, { ...parameters, text: typeof before === "string" ? before : text }));
  };
  return {
    say: (text) => says("send", { text }),
    reply: (messageId, text) => says("reply", { messageId, text }),
    send: async (file) => idIn(await does("upload-file", inBase64(file))),
    act: does,
  };
}

/**
 * Any conversation, with the rights of the program.
 * @param keyOf names what is sent next, the same whenever the same occasion comes again
 */
export function doorOfGateway(
  gateway: Pick<Gateway, "send" | "act">,
  where: ActionInConversation,
  keyOf: () => string,
): Door {
  const sends = (action: string, parameters: Facts) =>
    once(keyOf(), async (key) => idIn(await gateway.act(action, { ...where, ...parameters, key })));
  return {
    say: (text) => once(keyOf(), (key) => sentThere(gateway, { ...where, text, key })),
    reply: (messageId, text) => sends("reply", { messageId, text }),
    send: (file) => sends("upload-file", inBase64(file)),
    act: (action, parameters) => gateway.act(action, { ...where, ...parameters }),
  };
}

/** Names what one occasion sends: first, second, … @param occasion absent: one that never comes again */
export function keysOf(occasion: string = randomUUID()): () => string {
  let count = 0;
  return () => `chat-sdk ${occasion} ${count++}`;
}

/** What was sent under the key before, in other words too, is not sent again. */
export async function once(key: string, send: (key: string) => Promise<string>): Promise<string> {
  try {
    return await send(key);
  } catch (error) {
    if (!(error instanceof TapbackError) || error.code !== "KEY_REUSED") throw error;
    return `sent:${createHash("sha256").update(key).digest("hex").slice(0, 16)}`;
  }
}

async function sentThere(
  gateway: Pick<Gateway, "send">,
  message: Parameters<Gateway["send"]>[0],
): Promise<string> {
  return sentId(await gateway.send(message));
}

/** @returns the id of the first message of what was sent @throws why it was not */
export function sentId({ state, parts }: Awaited<ReturnType<Gateway["send"]>>): string {
  const lost = parts.find((part) => part.state === "not_sent" || part.state === "unknown");
  if (lost || state === "unknown") {
    const { code = "NOT_SENT", message: why = "it was not sent" } = lost?.error ?? {};
    throw new TapbackError(codeFromOutside(code), why);
  }
  const [first] = parts;
  return first?.guid ?? outboxId(first?.id);
}

/** The id of what an action sent. Without a GUID it waits: for its turn, for a limit, or for an owner's yes. */
export function idIn({ MessageSidFull: guid, ids, draft }: Facts): string {
  if (typeof guid === "string") return guid;
  return draft === undefined ? outboxId(Array.isArray(ids) ? ids[0] : undefined) : `draft:${String(draft)}`;
}

function outboxId(id: unknown): string {
  return `outbox:${String(id ?? "")}`;
}

function inBase64({ bytes, filename }: PostedFile): Facts {
  return { buffer: bytes.toString("base64"), filename };
}
