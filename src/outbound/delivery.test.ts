import { describe, expect, it } from "vitest";
import { Bench, item } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import type { Bridge } from "../bridge/index.js";
import { type OutboxItem, openStore } from "../store/index.js";
import { DeliveryWatch } from "./delivery.js";

const bench = new Bench(openStore);
type Told = Awaited<ReturnType<Bridge["actions"]["sendStatus"]>>;

/** Follows messages on a Mac that says of each what the test has it say. */
async function following(say: (guid: string, looks: number) => Told) {
  const { store, claim } = await bench.claimed();
  const clock = new FakeClock(10_000);
  const asked: { guid: string; at: number }[] = [];
  const bridge = {
    state: "live" as string,
    actions: {
      sendStatus: async (guid: string) => {
        asked.push({ guid, at: clock.now() - 10_000 });
        return say(guid, asked.filter((each) => each.guid === guid).length);
      },
    },
  };
  const downgraded: number[] = [];
  const watch = new DeliveryWatch({
    ...{ store, clock, bridge: bridge as unknown as Bridge, log: rememberingLog().log },
    onDowngrade: ({ id }) => void downgraded.push(id),
  });
  const sent = async (guid: string, chatId = 7): Promise<OutboxItem> => {
    const id = await store.outbox.add("default", item(guid, chatId), 1000);
    const [taken] = await store.outbox.take(claim, 1, 1000);
    await store.outbox.settle(taken!.claim, { state: "stored", guid }, 1000);
    return (await store.outbox.get(id))!;
  };
  return { store, clock, bridge, asked, watch, downgraded, sent };
}

const facts = (change: object = {}): Told =>
  ({
    state: "done",
    facts: { state: "sent", isThere: true, downgraded: false, ...change },
  }) as unknown as Told;

describe("a sent message", () => {
  it("is followed for some minutes, less and less often, and noted when something is new (behaviour 10.1)", async () => {
    const lab = await following((_, looks) => facts(looks < 3 ? { state: "pending" } : { deliveredAt: 5 }));
    const message = await lab.sent("G");
    const neighbour = await lab.sent("N", 8);
    lab.watch.follow(message);
    await lab.clock.advance(2_000_000);
    expect(lab.asked.map(({ at }) => at)).toEqual([1000, 4000, 14_000, 44_000, 164_000, 764_000]);
    expect(await lab.store.outbox.get(message.id)).toMatchObject({
      state: "delivered",
      delivery: { deliveredAt: 5, downgraded: false, failed: false, checkedAt: 24_000 },
    });
    expect((await lab.store.outbox.get(neighbour.id))?.state).toBe("stored");
    expect(lab.clock.waiting).toBe(0);
  });

  it.each([
    ["was read", { readAt: 7 }],
    ["was given up", { state: "failed" }],
  ])("is followed no more when it %s", async (_, change) => {
    const lab = await following(() => facts(change));
    lab.watch.follow(await lab.sent("G"));
    await lab.clock.advance(2_000_000);
    expect(lab.asked).toHaveLength(1);
  });

  it("that went as SMS is told of once per chat", async () => {
    const lab = await following(() => facts({ downgraded: true }));
    const [first, second, other] = [await lab.sent("A"), await lab.sent("B"), await lab.sent("C", 8)];
    for (const message of [first, second, other]) lab.watch.follow(message);
    await lab.clock.advance(1000);
    expect(lab.downgraded).toEqual([first.id, other.id]);
  });

  it("is not asked for where the build cannot tell, and asked for again where only the bridge is gone", async () => {
    const never = await following(() => ({ state: "unsupported", missing: "version", why: "" }) as never);
    never.watch.follow(await never.sent("G"));
    await never.clock.advance(2_000_000);
    expect(never.asked).toHaveLength(1);
    await bench.clear();
    const later = await following((_, looks) =>
      looks === 1 ? ({ state: "unsupported", missing: "bridge", why: "" } as never) : facts({ readAt: 1 }),
    );
    later.watch.follow(await later.sent("G"));
    await later.clock.advance(2_000_000);
    expect(later.asked).toHaveLength(2);
  });

  it("is not asked for while Messages is away, nor without a GUID, nor after the stop", async () => {
    const lab = await following(() => facts());
    const message = await lab.sent("G");
    lab.bridge.state = "waiting";
    lab.watch.follow(message);
    const { guid: _, ...nameless } = message;
    lab.watch.follow(nameless as OutboxItem);
    await lab.clock.advance(4000);
    expect(lab.asked).toEqual([]);
    lab.bridge.state = "live";
    await lab.clock.advance(10_000);
    expect(lab.asked).toHaveLength(1);
    lab.watch.stop();
    lab.watch.follow(message);
    await lab.clock.advance(2_000_000);
    expect(lab.asked).toHaveLength(1);
    expect(lab.clock.waiting).toBe(0);
  });

  it("is one of fifty at most that are followed at once", async () => {
    const lab = await following(() => facts({ readAt: 1 }));
    const message = await lab.sent("G");
    for (let n = 0; n < 60; n++) lab.watch.follow({ ...message, guid: `G${n}` });
    await lab.clock.advance(1000);
    expect(lab.asked).toHaveLength(50);
    // Those are over: there is room again.
    lab.watch.follow({ ...message, guid: "late" });
    await lab.clock.advance(1000);
    expect(lab.asked.at(-1)!.guid).toBe("late");
  });
});
