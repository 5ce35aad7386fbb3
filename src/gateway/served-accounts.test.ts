import { expect, it } from "vitest";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { type Config, parseConfig } from "../config/index.js";
import { TapbackError } from "../platform/index.js";
import type { AccountRuntime } from "./account/account.js";
import { ServedAccounts } from "./served-accounts.js";

/** Accounts of one gateway beside another one, which has those of `others`. */
async function bench() {
  const configOf = async (work: object): Promise<Config> => {
    const accounts = { home: { dbPath: "/home/chat.db" }, work: { dbPath: "/office/chat.db", ...work } };
    const parsed = await parseConfig(JSON.stringify({ channels: { imessage: { accounts } } }));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return parsed.value.config;
  };
  let config = await configOf({});
  const others = new Set(["home", "work"]);
  /** How each account was started. */
  const started: string[] = [];
  /** What the claims of accounts wait for. */
  const asked: { now: Promise<void> } = { now: Promise.resolve() };
  const served = new ServedAccounts({
    config: () => config,
    log: rememberingLog().log,
    home: "/",
    make: (account) =>
      ({
        account,
        claim: undefined as object | undefined,
        async start(this: { claim: object | undefined }, { stoodBy }: { stoodBy: boolean }) {
          await asked.now;
          if (others.has(account.id)) throw new TapbackError("ACCOUNT_ELSEWHERE", "another one has it");
          this.claim = {};
          started.push(`${account.id} ${stoodBy}`);
        },
        async stop() {},
      }) as unknown as AccountRuntime,
  });
  const change = async (work: object, restart: string[]) => {
    config = await configOf(work);
    await served.change([], restart);
  };
  return { served, others, started, asked, change };
}

it("has missed nothing of an account for which it stands by, and all of one that it was not to serve meanwhile", async () => {
  const { served, others, started, change } = await bench();
  await served.take();
  expect(served.elsewhere("work")).toBeDefined();
  await change({ enabled: false }, ["work"]);
  expect(served.elsewhere("work")).toBeUndefined();
  // The other gateway is stopped in order.
  others.clear();
  await served.take();
  expect(started).toEqual(["home true"]);
  await change({ enabled: true }, ["work"]);
  expect(started).toEqual(["home true", "work false"]);
});

it("names an account as at work once it has its claim, and none that it asks for while another one has it", async () => {
  const { served, others, started, asked } = await bench();
  others.delete("home");
  let answer = () => {};
  asked.now = new Promise((resolve) => {
    answer = resolve;
  });
  const atWork = () => [served.all.length, ...["home", "work"].filter((id) => served.of(id))];
  const took = served.take();
  await new Promise(setImmediate);
  expect(atWork()).toEqual([0]);
  answer();
  await took;
  expect(atWork()).toEqual([1, "home"]);
  // It looks once more for the one that it stands by for, and begins nothing twice.
  await served.take();
  expect(atWork()).toEqual([1, "home"]);
  expect(started).toEqual(["home false"]);
});
