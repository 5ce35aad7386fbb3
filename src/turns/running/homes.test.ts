import { expect, it } from "vitest";
import { turnLabs } from "../../../test/support/turn-lab.js";
import { SessionHomes } from "./homes.js";

const open = turnLabs();

it("leaves a turn to its session's home for a second from when it was seen, then takes it", async () => {
  const lab = open();
  let woken = 0;
  let agents = ["main"];
  const homes = new SessionHomes({
    ...{ store: lab.store, clock: lab.clock, name: "here", agents: () => agents },
    wake: () => woken++,
  });
  expect([homes.isOn(), homes.plain]).toEqual([true, { name: "here", agents: [], free: [] }]);
  await lab.queue("a", { session: "a" });
  await lab.queue("of another agent", { session: "x", agentId: "llm" });
  expect(await homes.now()).toEqual({ name: "here", agents: ["main"], free: [] });
  await lab.clock.advance(600);
  await lab.queue("b", { session: "b" });
  expect((await homes.now()).free).toEqual([]);
  await lab.clock.advance(400);
  expect((await homes.now()).free).toEqual(["a"]);
  await lab.clock.advance(1000);
  expect(woken).toBeGreaterThan(0);
  expect((await homes.now()).free).toEqual(["a", "b"]);
  // What waits behind a turn that is passed over is next.
  await lab.queue("unserved", { session: "c", account: "work" });
  await lab.queue("c", { session: "c", chatId: 8 });
  expect((await homes.now(["work"])).free).toEqual(["a", "b"]);
  await lab.clock.advance(1000);
  expect((await homes.now(["work"])).free).toEqual(["a", "b", "c"]);
  // What was taken meanwhile begins anew when it waits again.
  await lab.store.turns.claim("another", 1, lab.clock.now());
  expect((await homes.now(["work"])).free).toEqual(["b", "c"]);
  agents = [];
  expect([homes.isOn(), await homes.now()]).toEqual([false, homes.plain]);
  homes.stop();
});
