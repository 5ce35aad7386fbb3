import { afterEach, expect, it, vi } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { scopedClock } from "../platform/index.js";
import type { Held } from "./claim.js";
import { NodeLease } from "./node-lease.js";
import type { NodeStore } from "./nodes.js";

const ttlMs = 15_000;
const node = { id: "one", kind: "gateway" as const, name: "here", pid: 7, version: "1.0.0" };

/** The store as a lease sees it: what it answers, and what it was asked. */
class Nodes {
  answer: () => Promise<Held> = async () => "ok";
  dead: string[] = [];
  readonly asked: string[] = [];
  hint = () => {};

  readonly store = {
    watch: (_topic: string, listener: () => void) => {
      this.hint = listener;
      return () => {};
    },
    nodes: {
      join: async () => void this.asked.push("join"),
      renew: async () => {
        this.asked.push("renew");
        return this.answer();
      },
      expire: async () => {
        this.asked.push("expire");
        return this.dead;
      },
      leave: async () => void this.asked.push("leave"),
    } as Partial<NodeStore> as NodeStore,
  };

  count(what: string): number {
    return this.asked.filter((one) => one === what).length;
  }
}

let lease: NodeLease | undefined;
let clock: FakeClock;
/** The time that nobody sets. */
let elapsed: number;
/** How far the machine's time of day is set ahead. */
let aheadMs: number;
let looks: number;
let losses: number;
afterEach(() => lease?.stop());

async function started(): Promise<Nodes> {
  clock = new FakeClock();
  elapsed = 0;
  aheadMs = 0;
  looks = 0;
  losses = 0;
  const nodes = new Nodes();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  lease = new NodeLease({
    ...{ store: nodes.store, clock: scopedClock(clock, () => aheadMs).clock, log, ttlMs },
    elapsed: () => elapsed,
    look: async () => void looks++,
    lost: () => void losses++,
  });
  await lease.start(node);
  return nodes;
}

/** Both clocks go on. */
async function pass(ms: number): Promise<void> {
  elapsed += ms;
  await clock.advance(ms);
}

it("renews every third of its time, and holds as long as that is taken", async () => {
  const nodes = await started();
  for (let third = 0; third < 9; third++) {
    await pass(ttlMs / 3);
    expect(lease!.holds()).toBe(true);
  }
  expect(nodes.count("renew")).toBe(9);
});

it("holds no longer than four fifths after the last renewal that was taken, and again after the next", async () => {
  const nodes = await started();
  nodes.answer = async () => {
    throw new Error("away");
  };
  await pass(0.79 * ttlMs);
  expect(lease!.holds()).toBe(true);
  await pass(0.02 * ttlMs);
  expect(lease!.holds()).toBe(false);
  // It tries more often now.
  expect(nodes.count("renew")).toBeGreaterThan(5);
  nodes.answer = async () => "ok";
  await pass(1000);
  expect(lease!.holds()).toBe(true);
  expect(losses).toBe(0);
});

it("counts from when a renewal was sent, not from when it was answered", async () => {
  const nodes = await started();
  let answer = (_: Held) => {};
  nodes.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  await pass(ttlMs / 3);
  await pass(0.3 * ttlMs);
  answer("ok");
  await pass(0);
  nodes.answer = () => new Promise(() => {});
  await pass(0.4 * ttlMs);
  expect(lease!.holds()).toBe(true);
  await pass(0.15 * ttlMs);
  expect(lease!.holds()).toBe(false);
});

it("waits for no answer longer than a third: another one may come through", async () => {
  const nodes = await started();
  nodes.answer = () => new Promise(() => {});
  await pass(ttlMs);
  expect(nodes.count("renew")).toBeGreaterThanOrEqual(2);
});

it.each(["wall", "elapsed"] as const)(
  "is over at the first step when the %s clock alone went on",
  async (which) => {
    const nodes = await started();
    nodes.answer = () => new Promise(() => {});
    if (which === "wall") await clock.jump(ttlMs);
    else elapsed += ttlMs;
    expect(lease!.holds()).toBe(false);
  },
);

it("is told once that it is lost, and holds no more", async () => {
  const nodes = await started();
  nodes.answer = async () => "lost";
  await pass(ttlMs / 3);
  expect([losses, lease!.holds()]).toEqual([1, false]);
  await pass(ttlMs);
  expect([losses, nodes.count("renew")]).toEqual([1, 1]);
});

it("looks every second for what is free, and at once on a hint; not while it does not hold", async () => {
  const nodes = await started();
  await pass(5000);
  expect(looks).toBeGreaterThanOrEqual(5);
  const before = looks;
  nodes.hint();
  await pass(0);
  expect(looks).toBe(before + 1);
  nodes.answer = () => new Promise(() => {});
  await pass(ttlMs);
  const [then, expired] = [looks, nodes.count("expire")];
  await pass(3000);
  expect([looks, nodes.count("expire")]).toEqual([then, expired]);
});

it("calls nobody dead for a moment after a server that was away: others could not renew either", async () => {
  const nodes = await started();
  nodes.answer = async () => {
    throw new Error("away");
  };
  await pass(ttlMs / 3);
  nodes.answer = async () => "ok";
  await pass(1000);
  const expired = nodes.count("expire");
  await pass(2000);
  expect(nodes.count("expire")).toBe(expired);
  await pass(ttlMs / 3);
  expect(nodes.count("expire")).toBeGreaterThan(expired);
});

it("calls nobody dead for a moment after it joined: the server may just be back for everybody", async () => {
  const nodes = await started();
  await pass(ttlMs / 3 - 1000);
  expect([nodes.count("expire"), looks > 0]).toEqual([0, true]);
  await pass(3000);
  expect(nodes.count("expire")).toBeGreaterThan(0);
});

it("leaves nothing behind at each look, and looks no more once it is stopped", async () => {
  const any = vi.spyOn(AbortSignal, "any");
  await started();
  await pass(20_000);
  expect(looks).toBeGreaterThan(15);
  expect(any).not.toHaveBeenCalled();
  any.mockRestore();
  await lease!.stop();
  await pass(0);
  expect(clock.waiting).toBe(0);
});

it("frees what is over also when the machine's clock was set back meanwhile", async () => {
  const nodes = await started();
  nodes.answer = async () => {
    throw new Error("away");
  };
  await pass(ttlMs / 3);
  nodes.answer = async () => "ok";
  aheadMs = -90_000;
  await pass(1000);
  const expired = nodes.count("expire");
  await pass(2000 + ttlMs / 3);
  expect(nodes.count("expire")).toBeGreaterThan(expired);
});

it("holds nothing before it joined, and after it left", async () => {
  const nodes = await started();
  expect(nodes.asked[0]).toBe("join");
  await lease!.stop();
  await lease!.leave();
  expect([nodes.asked.at(-1), lease!.holds()]).toEqual(["leave", false]);
});

it("takes its own leave for no loss, whatever a renewal on its way is told", async () => {
  const nodes = await started();
  let told: (held: Held) => void = () => {};
  nodes.answer = () => new Promise((resolve) => (told = resolve));
  await pass(ttlMs / 3);
  await lease!.leave();
  told("lost");
  await pass(ttlMs);
  expect([nodes.count("renew"), losses]).toEqual([1, 0]);
});
