import { expect, it } from "vitest";
import { Bench, dispatch, drop, openTurn, row } from "../../test/contract/store/bench.js";
import { openStore } from "../store/index.js";
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
