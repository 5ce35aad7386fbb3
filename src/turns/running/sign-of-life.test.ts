import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { type ClaimedTurn, type NewOutboxItem, openStore, type Store } from "../../store/index.js";
import type { SignsOfLife } from "./parts.js";
import { SignOfLife } from "./sign-of-life.js";

const afterMs = 30_000;
let folder: string;
let store: Store;
let clock: FakeClock;
let claimed: ClaimedTurn;
let isNeedless: boolean;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapback-sign-"));
  store = openStore(join(folder, "state.db"));
  clock = new FakeClock();
  isNeedless = false;
  const { claim } = await store.accounts.claim("default", "node");
  const { envelope } = fakeTurn("hi");
  const turn = { id: "t", account: "default", sessionKey: "s", agentId: "main", envelope };
  await store.turns.open(claim, turn, [], [], clock.now());
  [claimed] = (await store.turns.claim("node", 1, clock.now())) as [ClaimedTurn];
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const line = (text: string): NewOutboxItem => ({
  target: claimed.turn.target,
  chatKey: claimed.turn.chatKey,
  origin: "turn",
  text,
});

function begin(): SignOfLife {
  const signs: SignsOfLife = {
    of: () => ({ item: line("Still working on it."), afterMs }),
    isNeedless: async () => isNeedless,
  };
  return new SignOfLife(claimed, signs, { store, clock, log: { warn: () => {} } as never });
}

const said = async () => (await store.outbox.ofTurn("t")).map(({ text }) => text);

it("says once that a silent turn is at work (behaviour 6.3a)", async () => {
  begin();
  await clock.advance(afterMs - 1);
  expect(await said()).toEqual([]);
  await clock.advance(1);
  expect(await said()).toEqual(["Still working on it."]);
  await clock.advance(10 * afterMs);
  expect(await said()).toHaveLength(1);
});

it("says it no second time in the run after a crash", async () => {
  begin().end();
  begin();
  await clock.advance(afterMs);
  await store.turns.release(claimed.claim);
  [claimed] = (await store.turns.claim("node", 1, clock.now())) as [ClaimedTurn];
  begin();
  await clock.advance(10 * afterMs);
  expect(await said()).toHaveLength(1);
});

it("says nothing after the end", async () => {
  const sign = begin();
  await clock.advance(afterMs - 1);
  sign.end();
  await clock.advance(10 * afterMs);
  expect(await said()).toEqual([]);
  expect(clock.waiting).toBe(0);
});

it("counts from the last word of the turn", async () => {
  begin();
  await clock.advance(20_000);
  await store.turns.emit(claimed.claim, [line("a block")], 0, clock.now());
  await store.outbox.take((await store.accounts.claim("default", "node")).claim, 1, clock.now());
  await clock.advance(afterMs - 1);
  expect(await said()).toEqual(["a block"]);
  await clock.advance(1);
  expect(await said()).toEqual(["Still working on it.", "a block"]);
});

it("waits while something shows that it works, a person is asked, or its chat is held back", async () => {
  isNeedless = true;
  const sign = begin();
  await clock.advance(10 * afterMs);
  isNeedless = false;
  const goOn = sign.wait();
  await clock.advance(10 * afterMs);
  goOn();
  await store.turns.emit(claimed.claim, [line("held")], 0, clock.now());
  await clock.advance(10 * afterMs);
  expect(await said()).toEqual(["held"]);
});
