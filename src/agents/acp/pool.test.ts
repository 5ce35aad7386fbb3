import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { type Pooled, ProcessPool } from "./pool.js";

class Fake implements Pooled {
  static running = 0;
  alive = true;
  constructor() {
    Fake.running += 1;
  }
  async close(): Promise<void> {
    if (this.alive) Fake.running -= 1;
    this.alive = false;
  }
}

/** A fresh one each: a signal that 200 listen to warns of a leak. */
const never = () => new AbortController().signal;

describe("ProcessPool", () => {
  it("never runs more than its bound, whatever comes, and closes all", async () => {
    const turns = fc.array(
      fc.record({ key: fc.integer({ min: 0, max: 9 }), ticks: fc.nat({ max: 4 }), fails: fc.boolean() }),
      {
        maxLength: 60,
      },
    );
    await fc.assert(
      fc.asyncProperty(turns, fc.integer({ min: 1, max: 4 }), async (all, max) => {
        Fake.running = 0;
        const pool = new ProcessPool<Fake>(max, 60_000, new FakeClock());
        const busy = new Set<string>();
        const chains = new Map<number, Promise<void>>();
        const one = async (key: string, ticks: number, fails: boolean) => {
          const start = async () => {
            await Promise.resolve();
            if (fails) throw new Error("no start");
            return new Fake();
          };
          const value = await pool.acquire(key, start, never()).catch(() => undefined);
          if (value === undefined) return;
          expect(busy.has(key)).toBe(false);
          busy.add(key);
          for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
          expect(value.alive).toBe(true);
          expect(Fake.running).toBeLessThanOrEqual(max);
          busy.delete(key);
          await pool.release(key, value, ticks % 2 === 0);
        };
        for (const { key, ticks, fails } of all)
          chains.set(
            key,
            (chains.get(key) ?? Promise.resolve()).then(() => one(`s${key}`, ticks, fails)),
          );
        await Promise.all(chains.values());
        await pool.close();
        expect(Fake.running).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it("serves 200 sessions in their order with four processes", async () => {
    const pool = new ProcessPool<Fake>(4, 60_000, new FakeClock());
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const value = await pool.acquire(`s${index}`, async () => new Fake(), never());
        order.push(index);
        await Promise.resolve();
        await pool.release(`s${index}`, value, true);
      }),
    );
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(pool.list()).toHaveLength(4);
    await pool.close();
  });

  it("gives a new process to a session whose last turn never ended", async () => {
    const pool = new ProcessPool<Fake>(2, 60_000, new FakeClock());
    const first = await pool.acquire("s", async () => new Fake(), never());
    const second = await pool.acquire("s", async () => new Fake(), never());
    expect(first.alive).toBe(false);
    await pool.release("s", first, false);
    expect(second.alive).toBe(true);
    await pool.close();
  });

  it("starts nothing after its end", async () => {
    const pool = new ProcessPool<Fake>(1, 60_000, new FakeClock());
    await pool.acquire("a", async () => new Fake(), never());
    const waiting = pool.acquire("b", async () => expect.unreachable(), never());
    await pool.close();
    await pool.release("a", new Fake(), false);
    await expect(waiting).rejects.toMatchObject({ code: "AGENT_CLOSED" });
    await expect(pool.acquire("c", async () => new Fake(), never())).rejects.toMatchObject({
      code: "AGENT_CLOSED",
    });
  });

  it("closes what idles", async () => {
    const clock = new FakeClock();
    const pool = new ProcessPool<Fake>(1, 60_000, clock);
    const value = await pool.acquire("a", async () => new Fake(), never());
    await pool.release("a", value, true);
    await clock.advance(59_999);
    expect(value.alive).toBe(true);
    await clock.advance(1);
    expect([value.alive, pool.list()]).toEqual([false, []]);
  });
});
