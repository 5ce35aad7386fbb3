import { createHash, randomUUID } from "node:crypto";
import { TapbackError } from "../platform/index.js";
import type { OutboxItem, OutboxState, Store } from "../store/index.js";
import type { Actor } from "./context.js";
import type { BytesOfFile } from "./files.js";
import type { MessageActions } from "./message-actions.js";
import { whyHeld } from "./sends.js";

/**
 * Files that a program gives as bytes, as `media` of the action `send`: each by its content and its name, so that the log of actions
 * holds neither bytes nor a path, and the same file is the same message under a key.
 */
export function mediaOf(files: readonly BytesOfFile[]): { media: string[]; given: Map<string, BytesOfFile> } {
  const named = files.map((file) => {
    const digest = createHash("sha256").update(file.bytes).digest("hex");
    return [`sha256:${digest}/${file.name}`, file] as const;
  });
  return { media: named.map(([path]) => path), given: new Map(named) };
}

/** Longest key, UTF-16 code units. */
const longestKey = 255;

/** A part of a message that was sent: a text or a file. `id` is its number in the outbox. */
export type SentPart = Pick<OutboxItem, "id" | "state" | "guid" | "error">;

/** What became of a message so far (behaviour 10.1). */
export interface SentMessage {
  /** That of the part that came least far. */
  state: OutboxState;
  /** Its texts, then its files, in their order. */
  parts: SentPart[];
  /** What it waits for, in words; absent where it waits for Messages alone, or for nothing. */
  waitsFor?: string;
}

/** The states, from the one that needs somebody's eyes most. */
const leastFar: readonly OutboxState[] = [
  ...["unknown", "not_sent", "held", "pending", "sending", "stored", "delivered"],
] as OutboxState[];

/**
 * Sends what a program asks for, as a person at the command line does, and waits up to 30 s for what becomes of it.
 * @param parameters what the action `send` takes, with the conversation (behaviour 11)
 * @param key the same message under the same key is sent once, whenever it is asked for (behaviour 17.10c)
 * @throws what refuses it before anything is sent; `KEY_REUSED` when the key is another message's, `ACTION_PARAMETERS`
 */
export async function sendForProgram(
  { actions, store }: { actions: MessageActions; store: Store },
  actor: Actor,
  parameters: Record<string, unknown>,
  key: string = randomUUID(),
): Promise<SentMessage> {
  checkKey(key);
  let ids: number[] | undefined;
  const queued = (items: number[]) => {
    ids = items;
  };
  const done = await actions.act({ ...actor, keyed: { key: digestOf(key), queued } }, "send", parameters);
  // Once it is in the outbox, what became of it is told and not thrown: the numbers of its parts belong to it.
  if (ids === undefined) throw done.ok ? new TapbackError("ACTION_FAILED", "nothing was sent") : done.error;
  const items = await store.outbox.getAll(ids);
  const waitsFor = await whyHeld(store, items);
  return {
    state: leastFar.find((state) => items.some((item) => item.state === state)) ?? "unknown",
    parts: items.map(({ id, state, guid, error }) => ({
      ...{ id, state },
      ...(guid !== undefined && { guid }),
      ...(error && { error }),
    })),
    ...(waitsFor !== undefined && { waitsFor }),
  };
}

/**
 * Does an action for a program, as a person at the command line does (behaviour 17.10d).
 * @param key what was sent under it is not sent again; absent: it is done whenever it is asked for
 * @throws why it was not done, or `OUTCOME_UNKNOWN`
 */
export async function actForProgram(
  actions: MessageActions,
  actor: Actor,
  action: string,
  parameters: Record<string, unknown>,
  key?: string,
): Promise<Record<string, unknown>> {
  if (key !== undefined) checkKey(key);
  const keyed = key === undefined ? {} : { keyed: { key: digestOf(key), queued: () => {} } };
  const done = await actions.act({ ...actor, ...keyed }, action, parameters);
  if (!done.ok) throw done.error;
  return done.value;
}

function checkKey(key: unknown): void {
  if (typeof key !== "string" || key === "" || key.length > longestKey)
    throw new TapbackError("ACTION_PARAMETERS", `key: expected 1 to ${longestKey} characters`);
}

/** A key may name people, and stays when what they wrote is forgotten. */
function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
