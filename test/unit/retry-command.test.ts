import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Claim, openStore, type Store } from "../../src/store/index.js";
import { dispatch, drop, row, turn } from "../contract/store/bench.js";
import { commandHere } from "../support/command-here.js";

let home: string;
let store: Store;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-retry-"));
  mkdirSync(join(home, ".tapback"), { mode: 0o700 });
  store = openStore(join(home, ".tapback/state.db"));
});
afterEach(async () => {
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

const env = () => ({ ...process.env, HOME: home, TAPBACK_STATE_DIR: undefined, TAPBACK_CONFIG: undefined });
const retry = (...words: string[]) => commandHere(["retry", ...words], env());
const json = async (...words: string[]) => JSON.parse((await retry(...words, "--json")).stdout);

const claimOf = async (account: string): Promise<Claim> =>
  (await store.accounts.claim(account, "node-1")).claim;

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** Journals rows whose one turn failed. @returns their ids */
async function failed(claim: Claim, rowIds: number[]): Promise<number[]> {
  const rows = rowIds.map((id) => row(id));
  const ids = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
  await fail(claim, ids);
  return ids;
}

async function fail(claim: Claim, ids: number[]): Promise<void> {
  const name = `${claim.id} ${ids[0]} ${(await store.journal.get(ids[0]!))!.arrival}`;
  for (const id of ids) await store.journal.decide(claim, id, dispatch, 1000);
  await store.turns.open(claim, turn(name, name, claim.id), ids, [], 1000);
  const [running] = await store.turns.claim("node-1", 1, 1000);
  await store.turns.end(running!.claim, { outcome: "failed", replies: [] }, 2000, false);
}

it("sends 200 through at a time, the oldest first, and says how many are left", async () => {
  const claim = await claimOf("default");
  const ids = await failed(claim, numbers(1, 205));
  const [kept] = (await store.journal.admit(claim, [row(900)], "live", 1000)) as number[];
  await store.journal.decide(claim, kept!, drop, 1000);
  const first = await json("--failed");
  expect(first).toEqual({ retried: ids.slice(0, 200), skipped: [], left: 5 });
  await fail(claim, first.retried);
  // Those that went before take no place of the others.
  const second = await json("--failed");
  expect([second.retried, second.left]).toEqual([ids.slice(200), 0]);
  expect(second.skipped.map(({ code }: { code: string }) => code)).toEqual(Array(200).fill("RETRIED_BEFORE"));
  expect((await store.journal.get(kept!))?.state).toBe("done");
});

it("tells people how many are left, and of few that are left alone", async () => {
  const claim = await claimOf("default");
  await failed(claim, numbers(1, 201));
  expect((await retry("--failed")).stdout).toContain("One more waits: run it again");
  await fail(claim, numbers(1, 200));
  const { stdout } = await retry("--failed");
  expect(stdout).toContain("Again through the gates: message 201.");
  expect(stdout.match(/^Left alone: message /gm)).toHaveLength(20);
  expect(stdout).toContain("Left alone: 180 more (--json names them).");
});

it("leaves alone what nobody takes up: messages of an account that is disabled, or taken out", async () => {
  const config = { channels: { imessage: { accounts: { work: {}, old: { enabled: false } } } } };
  const [work, old, gone] = [await claimOf("work"), await claimOf("old"), await claimOf("gone")];
  const [[served], [disabled], [unknown]] = [
    await failed(work, [1]),
    await failed(old, [2]),
    await failed(gone, [3]),
  ];
  const file = join(home, ".tapback/tapback.json5");
  writeFileSync(file, JSON.stringify(config));
  expect(await json("--failed")).toMatchObject({
    retried: [served],
    skipped: [
      { id: disabled, code: "ACCOUNT_DISABLED" },
      { id: unknown, code: "ACCOUNT_UNKNOWN" },
    ],
  });
  expect(await json(String(disabled))).toMatchObject({ error: { code: "ACCOUNT_DISABLED" } });
  expect((await store.journal.get(disabled!))?.state).toBe("failed");
  // Without a file nothing says who is served.
  rmSync(file);
  expect(await json(String(disabled))).toMatchObject({ retried: [disabled] });
});
