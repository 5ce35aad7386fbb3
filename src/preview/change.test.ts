import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { commandRules } from "../commands/index.js";
import { type Config, parseConfig, resolveAccount } from "../config/index.js";
import { openStore, type Store } from "../store/index.js";
import { configChange } from "./change.js";

const mia = "+15550100123";
const sam = "+15550100321";
/** Who is named alone is the owner, whose words are commands. */
const eve = "+15550100555";
const clock = new FakeClock(10_000);
let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-change-"));
  store = openStore(join(folder, "state.db"));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function configOf(imessage: object): Promise<Config> {
  const parsed = await parseConfig(JSON.stringify({ channels: { imessage } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.config;
}

/** What people wrote to two accounts. */
async function written(): Promise<void> {
  const said = (id: number, from: string, more = {}) => row(id, { from, sentAt: 1000 * id, ...more });
  const own = await store.accounts.claim("default", "node");
  for (const each of [said(1, mia), said(2, mia), said(3, sam), said(4, sam, { text: "STOP" })])
    await store.journal.admit(own.claim, [each], "live", each.sentAt);
  const other = await store.accounts.claim("work", "node");
  await store.journal.admit(other.claim, [said(1, mia)], "live", 1000);
}

const both = { accounts: { default: {}, work: { dmPolicy: "open", allowFrom: ["*"] } } };
const changed = async (now: object, next: object, since = 0, id = "default") => {
  const config = await configOf({ ...both, ...now });
  const parts = { store, clock, commands: commandRules };
  const edited = await configOf({ ...both, ...next });
  return configChange(resolveAccount(config, id)!, [config, edited], since, parts);
};
const lists = (...allowFrom: string[]) => ({ dmPolicy: "allowlist", allowFrom });

it("names who would fare otherwise, how often and why, and nobody else", async () => {
  await written();
  const { messages, people } = await changed(lists(mia, sam), lists(sam, eve));
  expect(messages).toBe(4);
  expect(people).toMatchObject([
    {
      ...{ sender: mia, chatId: 7, group: null, messages: 2 },
      before: { answered: 2, dropped: 0 },
      after: { answered: 0, dropped: 2 },
      reasons: [{ reason: "dm_not_allowed", count: 2 }],
    },
  ]);
  expect((await changed(lists(mia), lists(mia), 0)).people).toEqual([]);
  expect((await changed(lists(mia), lists(sam), 0, "work")).people).toEqual([]);
});

it("looks at what came since a time alone", async () => {
  await written();
  expect(await changed(lists(mia, sam), lists(), 2000)).toMatchObject({
    messages: 3,
    people: [{ sender: sam }, { sender: mia, messages: 1 }],
  });
});

it("lets an account that is switched off answer nobody", async () => {
  await written();
  const { people } = await changed(lists(mia, sam), { accounts: { default: { enabled: false } } });
  expect(people.map(({ sender, after }) => [sender, after])).toEqual(
    [mia, sam].map((sender) => [sender, { answered: 0, commands: 0, codes: 0, context: 0, dropped: 2 }]),
  );
});
