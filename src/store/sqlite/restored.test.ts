import { join } from "node:path";
import { expect, it } from "vitest";
import { about, Bench, dispatch, item, openTurn, row, turn } from "../../../test/contract/store/bench.js";
import { openStore } from "./index.js";
import { settleRestored } from "./restored.js";

const bench = new Bench(openStore);

it("ends a turn that runs a schedule, and lets come what waits behind it", async () => {
  const { store, claim } = await bench.claimed();
  const run = async (id: string, sessionKey: string) => {
    const queued = turn(id, sessionKey);
    const envelope = { ...queued.envelope, scheduled: { id, dueAt: "" } };
    await store.schedule.add({
      ...{ account: "default", sessionKey, createdAt: 1, item: item("x") },
      id,
      dueAt: 900,
    });
    await store.schedule.hand({ id, dueAt: 900 }, { items: [], turn: { ...queued, envelope } }, 1000);
  };
  await run("runs", "a");
  await run("waits", "a");
  await openTurn(store, claim, "behind", [1], "a");
  await run("another", "b");
  await store.turns.claim("node-1", 1, 1500);
  await store.close();
  settleRestored(join(bench.folder, "state.db"), {
    ...{
      at: 9000,
      waiting: { folder: "/new/outgoing", names: ["1/a.png", "2/b.png"] },
      accounts: [],
      schedules: [],
    },
  });
  const after = bench.store();
  for (const id of ["runs", "waits", "another"])
    expect(await after.turns.get(id), id).toMatchObject({ state: "cancelled", endedAt: 9000 });
  expect((await after.turns.claim("node-2", 9, 9500)).map(({ turn: { id } }) => id)).toEqual(["behind"]);
});

it("makes a state from a backup fit: what may have been answered since waits for a person (behaviour 1.8a)", async () => {
  const { store, claim } = await bench.claimed();
  await openTurn(store, claim, "aside", [1, 2], "a");
  await openTurn(store, claim, "behind", [3], "a");
  await openTurn(store, claim, "other", [4], "b");
  const idOf = async (guid: string) => (await store.journal.findByGuid(guid))!.id;
  const [first, kept] = [await idOf("GUID-1"), await idOf("GUID-4")];
  await store.turns.claim("node-1", 1, 1500);
  const files = {
    moved: await store.outbox.add("default", item("", 1, { file: "/old/outgoing/1/a.png" }), 1000),
    linked: await store.outbox.add("default", item("", 2, { file: "/disk/state/outgoing/2/b.png" }), 1000),
    missing: await store.outbox.add("default", item("", 2, { file: "/old/outgoing/3/a.png" }), 1000),
    inStore: await store.outbox.add("default", item("", 2, { file: "blob:1/a.png" }), 1000),
    text: await store.outbox.add("default", item("waits", 3), 1000),
  };
  const later = { account: "default", sessionKey: "s", createdAt: 1, item: item("x") };
  for (const id of ["next", "over", "untouched"]) await store.schedule.add({ ...later, id, dueAt: 1000 });
  const token = { id: "t", name: "t", hash: "0", scopes: ["read" as const], perMinute: 1, createdAt: 1 };
  await store.tokens.add(token);
  const { cursor: read } = await store.events.follow("reader", 1000);
  const path = join(bench.folder, "state.db");
  await store.close();
  settleRestored(path, {
    at: 9000,
    waiting: { folder: "/new/outgoing", names: ["1/a.png", "2/b.png"] },
    accounts: [
      {
        ...{ account: "default", aside: [first], stoppedAt: 800 },
        ...{ seen: [row(50)], own: [row(51, { fromMe: true })] },
        stops: [{ handle: "+15550100125", since: 7000 }],
      },
    ],
    schedules: [{ id: "next", next: 12_000 }, { id: "over" }],
  } as never);
  const after = bench.store();
  // The ids that are left out for what came since are no events.
  const { events } = await after.events.after(read, { limit: 1000 });
  expect(await after.events.countAfter(read)).toBe(events.length);
  // A right that was taken back since is not given again.
  expect(await after.tokens.list()).toEqual([]);
  expect(await after.pairing.optedOut()).toEqual([
    { account: "default", handle: "+15550100125", since: 7000 },
  ]);
  // A turn answers all its rows or none, and what is behind it in its session comes next.
  expect((await after.turns.get("aside"))?.state).toBe("cancelled");
  for (const guid of ["GUID-1", "GUID-2", "GUID-50"])
    expect(await after.journal.findByGuid(guid), guid).toMatchObject({
      ...{
        state: "done",
        decidedAt: 9000,
        decision: { kind: "drop", reason: "restored", treatedAs: "direct" },
      },
    });
  expect(await after.journal.findByGuid("GUID-51")).toMatchObject({
    decision: { kind: "drop", reason: "echo" },
  });
  expect(await after.journal.get(kept)).toMatchObject({ state: "in_turn", decision: { kind: "dispatch" } });
  expect((await after.turns.claim("node-2", 9, 9500)).map(({ turn: { id } }) => id)).toEqual([
    "behind",
    "other",
  ]);
  // What waited to be sent is looked for before it is sent.
  for (const id of Object.values(files))
    expect(await after.outbox.get(id)).toMatchObject({ state: "sending", attempts: 1, takenAt: 9000 });
  expect((await after.outbox.get(files.moved))?.file).toBe("/new/outgoing/1/a.png");
  expect((await after.outbox.get(files.linked))?.file).toBe("/new/outgoing/2/b.png");
  expect((await after.outbox.get(files.missing))?.file).toBe("/old/outgoing/3/a.png");
  expect((await after.outbox.get(files.inStore))?.file).toBe("blob:1/a.png");
  expect((await after.schedule.list()).map(({ id, dueAt }) => [id, dueAt])).toEqual([
    ["untouched", 1000],
    ["next", 12_000],
  ]);
});

it("moves a STOP of the backup to when it was said again since, and none back", async () => {
  const { store, claim } = await bench.claimed();
  for (const [index, sentAt] of [1000, 9000].entries()) {
    const said = row(index + 1, { from: `+1555010012${index}`, sentAt });
    const [id] = (await store.journal.admit(claim, [said], "live", sentAt)) as number[];
    await store.journal.decide(claim, id!, { ...dispatch, kind: "command", name: "opt-out" }, sentAt);
    const optOut = { handle: said.sender, value: true };
    await store.journal.complete(claim, id!, { replies: [], optOut }, sentAt);
  }
  await store.close();
  const stops = [0, 1].map((index) => ({ handle: `+1555010012${index}`, since: 7000 }));
  const accounts = [{ account: "default", aside: [], seen: [], own: [], stops }];
  const waiting = { folder: "/new/outgoing", names: [] };
  settleRestored(join(bench.folder, "state.db"), { at: 9500, waiting, accounts, schedules: [] } as never);
  const stands = async (from: string) =>
    (await bench.store().gate.about(about(row(9, { from }), 9600))).person?.stop;
  expect(await stands("+15550100120")).toEqual({ since: 7000, sentAt: 7000 });
  expect(await stands("+15550100121")).toEqual({ since: 9000, sentAt: 9000 });
});
