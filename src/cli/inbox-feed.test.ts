import { expect, it } from "vitest";
import { Bench, dispatch, drop, openTurn, row, turn } from "../../test/contract/store/bench.js";
import { type Claim, openStore, type Store } from "../store/index.js";
import { InboxFeed } from "./inbox-feed.js";

const bench = new Bench(openStore);

async function told(feed: InboxFeed): Promise<number[]> {
  const ids: number[] = [];
  for await (const { row } of feed.next()) ids.push(row.rowId);
  return ids;
}

it("tells of what fails each once, also where a later message failed before it", async () => {
  const { store, claim } = await bench.claimed();
  for (const id of [1, 2, 3, 4]) await openTurn(store, claim, `t${id}`, [id], `s${id}`);
  const running = await store.turns.claim("node-1", 9, 1000);
  const end = async (id: number, outcome: "failed" | "done") => {
    const { claim } = running.find(({ turn }) => turn.id === `t${id}`)!;
    await store.turns.end(claim, { outcome, replies: [] }, 2000, false);
  };
  await end(3, "failed");
  const feed = await InboxFeed.open(store, { state: "failed", limit: 1 });
  expect(await told(feed)).toEqual([]);
  await end(4, "failed");
  await end(2, "done");
  expect(await told(feed)).toEqual([4]);
  await end(1, "failed");
  expect(await told(feed)).toEqual([1]);
  expect(await told(feed)).toEqual([]);
});

it("skips none, however many come at once, and waits for the decision of each", async () => {
  const { store, claim } = await bench.claimed();
  const admit = async (...rowIds: number[]) =>
    (await store.journal.admit(
      claim,
      rowIds.map((id) => row(id)),
      "live",
      1000,
    )) as number[];
  const [before, waits] = await admit(1, 2);
  await store.journal.decide(claim, before!, dispatch, 1000);
  const feed = await InboxFeed.open(store, { limit: 50 });
  const dropped = await InboxFeed.open(store, { decision: "drop", limit: 50 });
  const many = Array.from({ length: 600 }, (_, n) => n + 3);
  const ids = await admit(...many);
  for (const id of ids) await store.journal.decide(claim, id, drop, 1000);
  expect(await told(dropped)).toEqual(many);
  expect(await told(feed)).toEqual([]);
  await store.journal.decide(claim, waits!, drop, 1000);
  expect(await told(feed)).toEqual([2, ...many]);
  expect(await told(dropped)).toEqual([2]);
  expect([await told(feed), await told(dropped)]).toEqual([[], []]);
});

/** Journals rows of an account and has the gates drop them. @returns their ids */
async function dropped(store: Store, claim: Claim, rowIds: number[]): Promise<number[]> {
  const rows = rowIds.map((id) => row(id));
  const ids = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
  for (const id of ids) await store.journal.decide(claim, id, drop, 1000);
  return ids;
}

it("is held up by no account that nobody serves, however much comes of the others", async () => {
  const { store, claim } = await bench.claimed();
  const { claim: old } = await store.accounts.claim("old", "node-1");
  const [waits] = (await store.journal.admit(old, [row(1)], "live", 1000)) as number[];
  const feed = await InboxFeed.open(store, { limit: 50 });
  await dropped(store, claim, [2]);
  expect(await told(feed)).toEqual([2]);
  const many = Array.from({ length: 150 }, (_, n) => n + 3);
  await dropped(store, claim, many);
  expect(await told(feed)).toEqual(many);
  await dropped(store, claim, [200]);
  // What is written later in the account is told behind what waits there.
  await dropped(store, old, [201]);
  expect(await told(feed)).toEqual([200]);
  await store.journal.decide(old, waits!, drop, 1000);
  expect(await told(feed)).toEqual([1, 201]);
  expect(await told(feed)).toEqual([]);
});

it("tells of an old message that is sent through again and comes to fit, and of no other old one", async () => {
  const { store, claim } = await bench.claimed();
  for (const id of [1, 2]) {
    await openTurn(store, claim, `t${id}`, [id], `s${id}`);
    const [running] = await store.turns.claim("node-1", 1, 1000);
    await store.turns.end(running!.claim, { outcome: "failed", replies: [] }, 2000, false);
  }
  await dropped(
    store,
    claim,
    Array.from({ length: 150 }, (_, n) => n + 3),
  );
  const failed = await InboxFeed.open(store, { state: "failed", limit: 1 });
  const droppedOnes = await InboxFeed.open(store, { decision: "drop", limit: 1 });
  const whole = await InboxFeed.open(store, { limit: 1 });
  const looks = async () => [await told(failed), await told(droppedOnes), await told(whole)];
  expect(await looks()).toEqual([[], [], []]);
  await store.journal.reopen([1, 2], "retry");
  expect(await looks()).toEqual([[], [], []]);
  const { claim: again } = await store.accounts.claim("default", "node-1");
  await store.journal.decide(again, 1, drop, 3000);
  await store.journal.decide(again, 2, dispatch, 3000);
  await store.turns.open(again, turn("t3", "s3"), [2], [], 3000);
  expect(await looks()).toEqual([[], [1], []]);
  const [running] = await store.turns.claim("node-1", 1, 4000);
  await store.turns.end(running!.claim, { outcome: "failed", replies: [] }, 5000, false);
  expect(await looks()).toEqual([[2], [], []]);
  expect(await looks()).toEqual([[], [], []]);
});
