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

/** Hears what changes, and goes on hearing it after the gateway was away. */
export function listen(): void {
  const stream = new EventSource(`/console/events?after=${cursor}`);
  stream.onmessage = ({ data, lastEventId }) => {
    cursor = lastEventId;
    connection.value = "live";
    for (const topic of JSON.parse(data) as Topic[]) changes[topic].value = (changes[topic].value ?? 0) + 1;
  };
  stream.onerror = () => {
    connection.value = "away";
    stream.close();
    // It tells whether this browser is still let in, which the stream does not.
    get("/v1/phone").catch(() => undefined);
    setTimeout(listen, againMs);
  };
}

setInterval(() => {
  now.value = Date.now();
}, 10_000);
