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
  const served = new ServedAccounts({
    config: () => config,
    log: rememberingLog().log,
    home: "/",
    make: (account) =>
      ({
        account,
        async start({ stoodBy }: { stoodBy: boolean }) {
          if (others.has(account.id)) throw new TapbackError("ACCOUNT_ELSEWHERE", "another one has it");
          started.push(`${account.id} ${stoodBy}`);
        },
        async stop() {},
      }) as unknown as AccountRuntime,
  });
  const change = async (work: object, restart: string[]) => {
    config = await configOf(work);
    await served.change([], restart);
  };
  return { served, others, started, change };
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
