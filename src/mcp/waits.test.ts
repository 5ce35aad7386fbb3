import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import type { Agent } from "./agent.js";
import { Waits } from "./waits.js";

function bench() {
  const clock = new FakeClock();
  const listeners = new Set<() => void>();
  const store = {
    watch: (_topic: string, listener: () => void) => {
      const own = () => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
  const ends = new AbortController();
  const waits = new Waits({ store, clock }, ends.signal, new Map());
  const change = () => {
    for (const listener of listeners) listener();
  };
  const agent = (tokenId: string, isStillIn = async () => true) =>
    ({ tokenId, isStillIn }) as unknown as Agent;
  const never = new AbortController().signal;
  return { clock, waits, ends, listeners, change, agent, never };
}

it("looks at once, and again when something changed, and leaves nothing behind", async () => {
  const { clock, waits, listeners, change, agent, never } = bench();
  let there: string | undefined;
  let looks = 0;
  const look = async () => {
    looks += 1;
    return there;
  };
  const found = waits.until(agent("one"), look, 60_000, never);
  await clock.advance(10_000);
  expect(looks).toBe(1);
  change();
  change();
  await clock.advance(1000);
  expect(looks).toBe(2);
  there = "an answer";
  change();
  await clock.advance(100);
  expect(await found).toBe("an answer");
  expect(looks).toBe(3);
  expect([listeners.size, clock.waiting]).toEqual([0, 0]);
});

it("sees what changes while it looks", async () => {
  const { clock, waits, change, agent, never } = bench();
  let there: string | undefined;
  const found = waits.until(
    agent("one"),
    async () => {
      if (there !== undefined) return there;
      there = "came meanwhile";
      change();
      return undefined;
    },
    60_000,
    never,
  );
  await clock.advance(100);
  expect(await found).toBe("came meanwhile");
});

it("gives up when the time is over, the agent is gone, or the gateway stops", async () => {
  const { clock, waits, ends, listeners, agent, never } = bench();
  const left = new AbortController();
  const look = async () => undefined;
  const late = waits.until(agent("one"), look, 5000, never);
  const gone = waits.until(agent("one"), look, 60_000, left.signal);
  const other = waits.until(agent("two"), look, 60_000, never);
  await clock.advance(5000);
  expect(await late).toBeUndefined();
  expect(listeners.size).toBe(4);
  left.abort();
  expect(await gone).toBeUndefined();
  expect(listeners.size).toBe(2);
  ends.abort();
  expect(await other).toBeUndefined();
  expect([listeners.size, clock.waiting]).toEqual([0, 0]);
});

it("tells nothing once the rights are gone", async () => {
  const { clock, waits, listeners, change, agent, never } = bench();
  let isStillIn = true;
  let there: string | undefined;
  const found = waits.until(
    agent("one", async () => isStillIn),
    async () => there,
    60_000,
    never,
  );
  const refused = expect(found).rejects.toMatchObject({ code: "TOKEN_REFUSED" });
  await clock.advance(1000);
  isStillIn = false;
  there = "not for them";
  change();
  await clock.advance(100);
  await refused;
  expect(listeners.size).toBe(0);
});

it("lets one agent wait eight times, others beside it, and 64 times all of them", async () => {
  const { clock, waits, agent, never } = bench();
  const look = async () => undefined;
  const wait = (id: string) => waits.until(agent(id), look, 5000, never);
  const open = Array.from({ length: 8 }, () => wait("one"));
  await expect(wait("one")).rejects.toMatchObject({ code: "RATE_LIMITED" });
  for (let id = 0; id < 7; id += 1) open.push(...Array.from({ length: 8 }, () => wait(`more ${id}`)));
  await expect(wait("other")).rejects.toMatchObject({ code: "RATE_LIMITED" });
  await clock.advance(5000);
  expect(await Promise.all(open)).toHaveLength(64);
  const again = wait("one");
  await clock.advance(5000);
  expect(await again).toBeUndefined();
});

it("begins nothing where there is no place to wait, and counts the time from the beginning of all", async () => {
  const { clock, waits, listeners, agent, never } = bench();
  const begun: string[] = [];
  const ask = (id: string) =>
    waits.holding(agent(id), 5000, never, async (until) => {
      begun.push(id);
      await clock.sleep(2000);
      return (await until(async () => undefined)) ?? clock.now();
    });
  const start = clock.now();
  const open = Array.from({ length: 8 }, () => ask("one"));
  await expect(ask("one")).rejects.toMatchObject({ code: "RATE_LIMITED" });
  open.push(ask("two"));
  await clock.advance(10_000);
  expect(begun).toEqual([...Array(8).fill("one"), "two"]);
  expect(await Promise.all(open)).toEqual(Array(9).fill(start + 5000));
  await expect(
    waits.holding(agent("one"), 5000, never, () => Promise.reject(new Error("it failed"))),
  ).rejects.toThrow("it failed");
  expect([listeners.size, clock.waiting]).toEqual([0, 0]);
});
