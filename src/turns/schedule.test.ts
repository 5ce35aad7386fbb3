import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { openStore, type Store } from "../store/index.js";
import { ScheduleClock } from "./schedule.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const hourMs = 3600_000;

let folder: string;
let store: Store;
let time: FakeClock;
let clocks: ScheduleClock[];
/** End of the quiet hours of the account `work`, which last from now on; undefined when it has none. */
let quietUntil: number | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-schedule-"));
  store = openStore(join(folder, "state.db"));
  time = new FakeClock(100_000_000);
  clocks = [];
  quietUntil = undefined;
});

afterEach(async () => {
  for (const clock of clocks) clock.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const add = (id: string, dueAt: number, account = "default") =>
  store.schedule.add({
    id,
    account,
    sessionKey: "s",
    dueAt,
    createdAt: 1,
    item: {
      target: { kind: "chat_id", chatId: 7 },
      chatKey: "chat:7",
      origin: "schedule",
      text: `text of ${id}`,
    },
  });

function start(): void {
  const clock = new ScheduleClock({
    store,
    clock: time,
    log,
    owners: async () => ["+15550100001"],
    lateMs: () => hourMs,
    quietEnd: (account, at) =>
      account === "work" && quietUntil !== undefined && at < quietUntil ? quietUntil : undefined,
  });
  clocks.push(clock);
  clock.start();
}

const waiting = async () => (await store.schedule.list()).map(({ id }) => id);
const sent = async () => (await store.outbox.list({ limit: 9 })).map(({ text }) => text);
const now = () => time.now();

it("sends what is a little late, and reports what is far too late to the owner", async () => {
  await add("late", now() - 59 * 60_000);
  await add("lost", now() - 5 * hourMs);
  await add("later", now() + 1e9);
  start();
  await time.advance(1);
  const all = await store.outbox.list({ limit: 9 });
  expect(all).toHaveLength(2);
  const [first, second] = all.sort((a, b) => a.origin.localeCompare(b.origin));
  expect(first).toMatchObject({ origin: "owner-notice", chatKey: "handle:+15550100001" });
  expect(first!.text).toMatch(/to chat_id:7 fell due 5 hours ago.*not sent: text of lost/);
  expect(second).toMatchObject({ origin: "schedule", text: "text of late" });
  expect(await waiting()).toEqual(["later"]);
});

it("keeps what falls due in quiet hours until they end, however long that is, and no other account's", async () => {
  quietUntil = now() + 8 * hourMs;
  await add("night", now() - 3 * hourMs, "work");
  await add("other", now() - 1);
  start();
  await time.advance(1);
  expect(await sent()).toEqual(["text of other"]);
  expect(await waiting()).toEqual(["night"]);
  await time.advance(8 * hourMs);
  await time.advance(1);
  expect((await sent()).sort()).toEqual(["text of night", "text of other"]);
  expect(await waiting()).toEqual([]);
});

it("counts lateness from the end of the quiet hours", async () => {
  quietUntil = now();
  await add("night", now() - 8 * hourMs, "work");
  await time.advance(2 * hourMs);
  start();
  await time.advance(1);
  expect(await waiting()).toEqual([]);
  expect(await sent()).toHaveLength(1);
  expect((await sent())[0]).toMatch(/not sent: text of night/);
});

it("notices within a minute that quiet hours were taken back", async () => {
  quietUntil = now() + 8 * hourMs;
  await add("night", now() - 1, "work");
  start();
  await time.advance(1);
  quietUntil = undefined;
  await time.advance(59_000);
  expect(await sent()).toEqual([]);
  await time.advance(1000);
  expect(await sent()).toEqual(["text of night"]);
});
