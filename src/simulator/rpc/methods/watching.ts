import { messageOf } from "../../../platform/index.js";
import type { MessageObject } from "../../reading/messages.js";
import { invalidParams, RpcError } from "../errors.js";
import { MessageWatch, type WatchOptions } from "../message-watch.js";
import type { Call, Method } from "../method.js";
import { maxRowId } from "../newest-row.js";
import type { Subscription } from "../subscriptions.js";
import { filterOf } from "./reading.js";

/** Subscriptions of one process at most (protocol reference 2.2, -32000). */
const maxSubscriptions = 64;

/** The number of a new subscription. @throws `Server busy` since 0.14.0 */
export function newSubscription({ world, subscriptions }: Call): number {
  if (world.since("0.14.0") && subscriptions.size >= maxSubscriptions)
    throw new RpcError(-32000, "Server busy", "too many subscriptions");
  return subscriptions.next();
}

const subscribe: Method = {
  lane: "control",
  run: (call) => {
    const { world, params } = call;
    const isGiven = params.raw("debounce_ms", "debounceMs") !== undefined;
    const debounceMs = isGiven ? params.integer("debounce_ms", "debounceMs") : 500;
    if (debounceMs === undefined || debounceMs < 0)
      throw invalidParams("debounce_ms must be a non-negative integer");
    const bufferLimit = params.integer("buffer_limit", "bufferLimit") ?? 256;
    if (world.since("0.14.0") && (bufferLimit < 1 || bufferLimit > 4096))
      throw invalidParams("buffer_limit must be between 1 and 4096");
    const includeTapbacks = params.flag("include_reactions") ?? false;
    const options: Omit<WatchOptions, "emit"> = {
      chatId: params.integer("chat_id"),
      sinceRowId: startOf(call),
      filter: filterOf(call),
      detail: {
        attachments: params.flag("attachments") ?? false,
        convert: params.flag("convert_attachments") ?? false,
        reactions: includeTapbacks,
      },
      includeTapbacks,
      liveAfter: tailOf(world),
    };
    const limit = world.since("0.14.0") ? bufferLimit : Number.POSITIVE_INFINITY;
    const { watchPollMs: pollMs } = world.settings();
    const id = newSubscription(call);
    const start = () => startWatch(call, id, options, { debounceMs, pollMs }, limit);
    // Notifications may overtake the answer before 0.14.0 (protocol reference 3.4 item 10).
    if (world.faults.fires("early-notification", call.method)) start();
    else setImmediate(start);
    return { subscription: id, ...(world.since("0.14.0") ? { buffer_limit: bufferLimit } : {}) };
  },
};

function startWatch(
  call: Call,
  id: number,
  options: Omit<WatchOptions, "emit">,
  times: Pick<Subscription, "debounceMs" | "pollMs">,
  bufferLimit: number,
): void {
  const { world, subscriptions } = call;
  let watch: MessageWatch | undefined;
  let buffered: MessageObject[] = [];
  const poll = (): number | false => {
    try {
      if (world.faults.fires("silent-watch", "watch.subscribe")) return Number.POSITIVE_INFINITY;
      if (world.faults.fires("database-locked", "watch.subscribe"))
        throw new Error("database is locked (code: 5)");
      watch ??= new MessageWatch(world, call.chats, call.links, {
        ...options,
        emit: (message) => buffered.push(message),
      });
      buffered = [];
      watch.poll();
      const overflow = buffered.length > 0 ? world.faults.fires("overflow", "watch.subscribe") : undefined;
      const room = overflow ? (overflow.lines ?? 0) : bufferLimit;
      for (const message of buffered.slice(0, room))
        call.notify("message", { subscription: id, message: asReported(world, message) });
      if (buffered.length > room) {
        // At or before the first row that is lost (protocol reference 19); what it still holds back is lost with it.
        const resume = watch.resumeAfter(Math.min(...buffered.slice(room).map(({ id }) => id)));
        const reason = { reason: "buffer_limit_exceeded", terminal: true };
        call.notify("watch.overflow", { subscription: id, resume_after_rowid: resume, ...reason });
        return false;
      }
      return watch.holdsForMs;
    } catch (error) {
      call.notify("error", { subscription: id, error: { message: messageOf(error) } });
      return false;
    }
  };
  subscriptions.start(id, world, { ...times, poll });
}

function asReported({ faults }: Call["world"], message: MessageObject): object {
  const isOdd = faults.fires("odd-row", "watch.subscribe");
  return isOdd ? { ...message, participants: [message.sender, null] } : message;
}

const unsubscribe: Method = {
  lane: "control",
  withoutDatabase: true,
  run: ({ params, subscriptions }) => {
    const id = params.integer("subscription");
    if (id === undefined) throw invalidParams("subscription is required");
    subscriptions.stop(id);
    return { ok: true };
  },
};

/** Absent or 0 means "from now on"; "now" is when the request came in. */
function startOf({ world, params }: Call): number {
  const given = params.integer("since_rowid") ?? 0;
  return given === 0 ? tailOf(world) : given;
}

/** The newest row now; -1 where there is none. */
function tailOf(world: Call["world"]): number {
  try {
    return maxRowId(world) || -1;
  } catch {
    // A database that cannot be read shows at the first look, as an `error` notification.
    return -1;
  }
}

export const watchingMethods: Record<string, Method> = {
  "watch.subscribe": subscribe,
  "watch.unsubscribe": unsubscribe,
};
