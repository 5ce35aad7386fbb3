import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import type { LeftAccounts, NodeStore, Store } from "../store/index.js";
import { GatewayNode } from "./gateway-node.js";

/** A gateway among others that the test tells of. */
function bench() {
  const asked: string[] = [];
  const others: { now: LeftAccounts } = { now: { served: [], unserved: [] } };
  const nodes = {
    join: async () => void asked.push("join"),
    renew: async () => "ok",
    expire: async () => {
      asked.push("expire");
      return [];
    },
    keep: async () => false,
    leave: async () => {},
    elsewhere: async () => others.now,
  } as Partial<NodeStore> as NodeStore;
  const store = { nodes, watch: () => () => {} } as Partial<Store> as Store;
  const clock = new FakeClock();
  const { log } = rememberingLog();
  const deps = { clock, log, ttlMs: 15_000, look: async () => {}, lost: () => {} };
  const own = { missing: ["starting"], of: (id: string) => (id === "own" ? ({} as never) : undefined) };
  return {
    asked,
    others,
    own,
    node: new GatewayNode({ ...deps, store }),
    alone: new GatewayNode({ ...deps, store: {} as Store }),
  };
}

it("tells accounts that others serve from those that nobody does", async () => {
  const { others, own, node, alone } = bench();
  others.now = { served: ["theirs"], unserved: ["gone", "own"] };
  await node.join("one", undefined);
  expect(node.left(own)).toEqual({ served: ["theirs"], unserved: ["gone", "starting"] });
  expect(await node.refresh()).toEqual({ isNewKeeper: false, isOther: false });
  others.now = { served: ["starting"], unserved: ["theirs"] };
  expect(await node.refresh()).toEqual({ isNewKeeper: false, isOther: true });
  expect(node.left(own)).toEqual({ served: ["starting"], unserved: ["theirs"] });
  expect(alone.left(own)).toEqual({ served: [], unserved: [] });
  await node.leave();
});

it("frees nobody when it joins: the server may just be back for everybody", async () => {
  const { asked, node } = bench();
  await node.join("one", undefined);
  expect(asked).toEqual(["join"]);
  await node.leave();
});
