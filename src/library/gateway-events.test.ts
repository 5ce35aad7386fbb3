import { expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import type { AccountEvent, Occasion } from "../telemetry/index.js";
import { type GatewayEvent, GatewayEvents } from "./gateway-events.js";

const at = { account: "default", at: 5 };
const message = (rowId: number): AccountEvent & Occasion => ({
  ...{ type: "message", message: row(rowId), arrival: "live" },
  ...at,
});
const live: AccountEvent & Occasion = { type: "health", state: "live", ...at };

async function all<Event>(stream: AsyncIterable<Event>): Promise<Event[]> {
  const heard: Event[] = [];
  for await (const event of stream) heard.push(event);
  return heard;
}

it("gives each reader what it asked for, from the moment it listens, until the end", async () => {
  const events = new GatewayEvents();
  events.tell(live);
  const [whole, rows] = [events.listen(), events.listen("message")];
  const none = events.listen([]);
  events.tell(live);
  events.tell(message(1));
  events.end();
  events.tell(live);
  expect(await all(whole)).toEqual([
    { ...live, missed: 0 },
    { ...message(1), missed: 0 },
  ]);
  expect(await all(rows)).toEqual([{ ...message(1), missed: 0 }]);
  expect(await all(none)).toEqual([]);
  // Who listens after the end hears the next start.
  const later = events.listen(["health"]);
  events.tell(live);
  expect(await later.next()).toEqual({ done: false, value: { ...live, missed: 0 } });
});

it("keeps the newest thousand for a slow reader, and tells how many it missed", async () => {
  const events = new GatewayEvents();
  const slow = events.listen("message");
  const quick = events.listen("message");
  const taken: number[] = [];
  for (let rowId = 1; rowId <= 2500; rowId++) {
    events.tell(message(rowId));
    const { value } = await quick.next();
    taken.push(value.message.rowId, value.missed);
  }
  expect(taken.filter((_, index) => index % 2 === 1).every((missed) => missed === 0)).toBe(true);
  events.end();
  const heard = await all(slow);
  expect(heard.map(({ message: { rowId } }) => rowId)).toEqual(
    Array.from({ length: 1000 }, (_, index) => index + 1501),
  );
  expect(heard.map(({ missed }) => missed)).toEqual([1500, ...Array(999).fill(0)]);
});

it("wakes who waits, several at once in their order, and lets go of who leaves", async () => {
  const events = new GatewayEvents();
  const stream = events.listen("message");
  const both = Promise.all([stream.next(), stream.next()]);
  events.tell(message(1));
  events.tell(message(2));
  expect((await both).map(({ value }) => value?.message.rowId)).toEqual([1, 2]);
  const waiting = stream.next();
  await stream.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
  events.tell(message(3));
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  const abort = new AbortController();
  const aborted = all(events.listen("message", { signal: abort.signal }));
  abort.abort();
  expect(await aborted).toEqual([]);
  expect(await all(events.listen("message", { signal: abort.signal }))).toEqual([]);
});

it("hands out copies: a reader changes nothing of the gateway's", async () => {
  const events = new GatewayEvents();
  const stream = events.listen("message");
  const told = message(1);
  events.tell(told);
  const { value } = (await stream.next()) as { value: GatewayEvent<"message"> };
  value.message.text = "other words";
  expect(told).toEqual(message(1));
});

it("refuses a kind that there is not", () => {
  const events = new GatewayEvents();
  expect(() => events.listen("mesage" as "message")).toThrowError(
    expect.objectContaining({ code: "OPTIONS_INVALID" }),
  );
});
