import { TapbackError } from "../platform/index.js";
import type { AccountEvent, Occasion } from "../telemetry/index.js";
import { EventStream, type Heard } from "./event-stream.js";

/** What kinds of events there are. */
export type EventType = AccountEvent["type"];

/** An event of a kind: what happened, where and when, and how many before it this reader missed (behaviour 17.10b). */
export type GatewayEvent<Type extends EventType = EventType> = Heard<
  Extract<AccountEvent, { type: Type }> & Occasion
>;

/** Which events are listened to, and until when. */
export interface ListenOptions {
  /** Ends the iteration. */
  signal?: AbortSignal;
}

const known: Record<EventType, true> = {
  message: true,
  decision: true,
  turn: true,
  sent: true,
  health: true,
};

type Happened = AccountEvent & Occasion;

/** Hands what happens to whoever listens. Nothing of it is durable. */
export class GatewayEvents {
  readonly #streams = new Map<EventStream<Happened>, ReadonlySet<EventType>>();

  /** Something happened; costs nothing while nobody listens. */
  tell(event: Happened): void {
    const listening = [...this.#streams].filter(([, types]) => types.has(event.type));
    if (listening.length === 0) return;
    // What a reader does to it is no matter of the gateway, which goes on with its own.
    const copy = structuredClone(event);
    for (const [stream] of listening) stream.push(copy);
  }

  /**
   * What happens from now on, until the signal aborts, the loop is left, or {@link end}.
   * @throws `OPTIONS_INVALID` for a kind that there is not
   */
  listen<Type extends EventType>(
    types: Type | readonly Type[] = Object.keys(known) as Type[],
    { signal }: ListenOptions = {},
  ): AsyncIterableIterator<GatewayEvent<Type>> {
    const wanted = new Set<EventType>(typeof types === "string" ? [types] : types);
    for (const type of wanted)
      if (!Object.hasOwn(known, type))
        throw new TapbackError("OPTIONS_INVALID", `there are no events of the kind ${String(type)}`, {
          hint: `Kinds are ${Object.keys(known).join(", ")}.`,
        });
    const onAbort = () => void stream.return();
    const stream = new EventStream<Happened>(() => {
      this.#streams.delete(stream);
      signal?.removeEventListener("abort", onAbort);
    });
    this.#streams.set(stream, wanted);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort);
    return stream as AsyncIterableIterator<unknown> as AsyncIterableIterator<GatewayEvent<Type>>;
  }

  /** Nothing happens any more: whoever listens comes to the end of what there was. */
  end(): void {
    for (const stream of [...this.#streams.keys()]) stream.end();
  }
}
