import { signal } from "@preact/signals";
import { get } from "./ask.js";

const topics = [
  ...(["journal", "turns", "outbox", "schedule", "drafts", "questions"] as const),
  ...(["health", "log"] as const),
] as const;

export type Topic = (typeof topics)[number];

/** How often something of each topic changed; whoever shows something of it reads it anew then. */
export const changes = Object.fromEntries(topics.map((topic) => [topic, signal(0)])) as Record<
  Topic,
  ReturnType<typeof signal<number>>
>;

export const connection = signal<"opening" | "live" | "away">("opening");

/** Ages are told anew by it, milliseconds since the epoch. */
export const now = signal(Date.now());

const againMs = 1500;
let cursor = "";

let stream: EventSource | undefined;

/**
 * Hears what changes, and goes on hearing it after the gateway was away. A browser has six connections to one place for all of its
 * tabs: one that nobody sees waits, and is told then what changed meanwhile.
 */
export function listen(): void {
  stream?.close();
  if (document.hidden) return;
  const opened = new EventSource(`/console/events?after=${cursor}`);
  stream = opened;
  opened.onmessage = ({ data, lastEventId }) => {
    cursor = lastEventId;
    connection.value = "live";
    for (const topic of JSON.parse(data) as Topic[]) changes[topic].value = (changes[topic].value ?? 0) + 1;
  };
  opened.onerror = () => {
    connection.value = "away";
    opened.close();
    // It tells whether this browser is still let in, which the stream does not.
    get("/v1/phone").catch(() => undefined);
    setTimeout(listen, againMs);
  };
}

document.addEventListener("visibilitychange", listen);

setInterval(() => {
  now.value = Date.now();
}, 10_000);
