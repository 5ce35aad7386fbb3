import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { openStore, type ScheduledMessage, type Store } from "../../store/index.js";
import { ScheduleClock } from "./clock.js";
import type { Verdict } from "./makers.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const hourMs = 3600_000;

let folder: string;
let store: Store;
let time: FakeClock;
let clocks: ScheduleClock[];
/** End of the quiet hours of the account `work`, which last from now on; undefined when it has none. */
let quietUntil: number | undefined;
/** What is found out about who made a schedule. */
let verdict: Verdict;
/** The same, by the schedule; what `verdict` says where absent. */
let judge: ((schedule: ScheduledMessage) => Verdict) | undefined;
/** Done before it is found out. */
let asked: () => void;
/** For which of its times. */
let judgedFor: string[];
let isAtWork: boolean;
let textChunkLimit: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-schedule-"));
  store = openStore(join(folder, "state.db"));
  time = new FakeClock(100_000_000);
  clocks = [];
  quietUntil = undefined;
  verdict = { kind: "runs" };
  judge = undefined;
  asked = () => {};
  judgedFor = [];
  isAtWork = true;
  textChunkLimit = 4000;
});

afterEach(async () => {
  for (const clock of clocks) clock.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const later = (id: string, dueAt: number, account = "default") => ({
  ...{ id, account, sessionKey: "s", dueAt, createdAt: 1 },
});

const add = (id: string, dueAt: number, account = "default", more: Partial<ScheduledMessage> = {}) =>
  store.schedule.add({
    ...more,
    ...later(id, dueAt, account),
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
    makers: {
      isAtWork: () => isAtWork,
      judge: async (schedule, newest) => {
        judgedFor.push(new Date(newest).toISOString());
        asked();
        return judge?.(schedule) ?? verdict;
      },
    },
    owners: async () => ["+15550100001"],
    drafts: { holdScheduled: async () => undefined },
    settingsOf: () => ({ textChunkLimit, chunkMode: "length", outbound: { ttlMinutes: 60 } }),
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

it("sends what is just as late as it may be, and nothing that is later", async () => {
  await add("edge", now() - hourMs);
  await add("over", now() - hourMs - 1);
  start();
  await time.advance(0);
  const all = await sent();
  expect(all).toHaveLength(2);
  expect(all).toContain("text of edge");
  expect(all.find((text) => text !== "text of edge")).toMatch(/not sent: text of over/);
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

const hourly = { repeat: { cron: "0 * * * *", zone: "Europe/Berlin" } };
const nextDue = async () => new Date((await store.schedule.nextDue())!).toISOString();

it("comes again and again, and keeps its next time with each run", async () => {
  time = new FakeClock(Date.parse("2026-05-11T04:30:00Z"));
  await add("tick", Date.parse("2026-05-11T05:00:00Z"), "default", hourly);
  start();
  await time.advance(30 * 60_000 - 1);
  expect(await sent()).toEqual([]);
  await time.advance(1);
  expect(await sent()).toEqual(["text of tick"]);
  expect(await nextDue()).toBe("2026-05-11T06:00:00.000Z");
  await time.advance(hourMs);
  expect(await sent()).toEqual(["text of tick", "text of tick"]);
  expect(await waiting()).toEqual(["tick"]);
});

it("runs once for all that was missed, and says so", async () => {
  time = new FakeClock(Date.parse("2026-05-11T09:30:00Z"));
  await add("tick", Date.parse("2026-05-11T05:00:00Z"), "default", hourly);
  start();
  await time.advance(1);
  expect(await sent()).toEqual([
    "text of tick\n(Once for all the times since 2026-05-11 07:00 (Europe/Berlin), when it could not be sent.)",
  ]);
  expect(await nextDue()).toBe("2026-05-11T10:00:00.000Z");
  // A turn says so itself.
  expect(judgedFor).toEqual(["2026-05-11T09:00:00.000Z"]);
});

it("leaves out a run that is far too late, tells the owner, and comes again", async () => {
  time = new FakeClock(Date.parse("2026-05-11T12:00:00Z"));
  const daily = { repeat: { cron: "0 7 * * MON-FRI", zone: "Europe/Berlin" } };
  await add("tick", Date.parse("2026-05-11T05:00:00Z"), "default", daily);
  start();
  await time.advance(1);
  expect(await sent()).toEqual([
    "A scheduled message to chat_id:7 fell due 7 hours ago, while nothing could send it. It was not sent: text of tick\nIt comes again at 2026-05-12 07:00 (Europe/Berlin).",
  ]);
  expect(await nextDue()).toBe("2026-05-12T05:00:00.000Z");
});

it("ends with the admission of who made it, and tells the owner once", async () => {
  await add("tick", now() + 1, "default", {
    ...hourly,
    maker: { handle: "+15550100777", isOwner: false, chat: {} as never },
  });
  verdict = { kind: "ended" };
  start();
  await time.advance(2 * hourMs);
  expect(await sent()).toHaveLength(1);
  expect((await sent())[0]).toMatch(/has ended, because \+15550100777, .*not let in.*: text of tick/);
  expect(await waiting()).toEqual([]);
});

it("is left out while its maker has said STOP, and goes on after START", async () => {
  time = new FakeClock(Date.parse("2026-05-11T04:59:00Z"));
  await add("tick", Date.parse("2026-05-11T05:00:00Z"), "default", hourly);
  verdict = { kind: "stopped" };
  start();
  await time.advance(hourMs);
  expect(await sent()).toEqual([]);
  verdict = { kind: "runs" };
  await time.advance(hourMs);
  expect(await sent()).toEqual(["text of tick"]);
});

it("waits for its account to be at work", async () => {
  isAtWork = false;
  await add("tick", now() + 1);
  start();
  await time.advance(50_000);
  isAtWork = true;
  expect(await sent()).toEqual([]);
  await time.advance(60_000);
  expect(await sent()).toEqual(["text of tick"]);
});

it("waits for an account that ends while what is due is handed over, and ends no schedule of it", async () => {
  const maker = { handle: "+15550100777", isOwner: false, chat: {} as never };
  for (const id of ["one", "two"]) await add(id, now() + 1, "leaving", { ...hourly, maker });
  await add("other", now() + 2);
  judge = ({ account }) => ({ kind: account === "leaving" ? "waits" : "runs" });
  start();
  await time.advance(2);
  expect(await sent()).toEqual(["text of other"]);
  expect(await waiting()).toEqual(["one", "two"]);
  judge = () => ({ kind: "runs" });
  await time.advance(60_000);
  expect((await sent()).toSorted()).toEqual(["text of one", "text of other", "text of two"]);
});

it("comes for the last time when its line cannot be read here, and holds up nothing", async () => {
  await add("odd", now() + 1, "default", { repeat: { cron: "0 * * * *", zone: "Mars/Base" } });
  await add("tick", now() + 2);
  start();
  await time.advance(2);
  expect((await sent()).toSorted()).toEqual(["text of odd", "text of tick"]);
  expect(await waiting()).toEqual([]);
});

it.each([
  ["goes on", () => {}],
  [
    "fails",
    () => {
      throw new Error("the store is closed");
    },
  ],
])("looks no more once it is stopped, also while it hands something over that %s", async (_, then) => {
  await add("first", now() - 2);
  await add("second", now() - 1);
  asked = () => {
    clocks[0]!.stop();
    then();
  };
  start();
  await time.advance(5000);
  expect(await waiting()).toContain("second");
  expect(time.waiting).toBe(0);
});

it("divides and renders what it sends as an answer is, and leaves what a file is named by", async () => {
  const { now } = time;
  const target = { kind: "chat_id" as const, chatId: 7 };
  const of = { target, chatKey: "chat:7", origin: "schedule" as const };
  const text = "**Three** things for today:\n\n- one\n- two\u0000\n- three";
  await store.schedule.add({ ...later("long", now() + 1000), item: { ...of, text } });
  await store.schedule.add({ ...later("file", now() + 2000), item: { ...of, file: "/a/**b**.png" } });
  textChunkLimit = 30;
  start();
  await time.advance(2000);
  const items = await store.outbox.list({ limit: 9 });
  expect(items.map(({ text, file }) => text ?? file)).toEqual([
    "/a/**b**.png",
    "• two\n• three",
    "Three things for today:\n\n• one",
  ]);
  expect(items.at(-1)?.runs).toEqual([{ start: 0, length: 5, styles: ["bold"] }]);
});

it("hands over what fell due while the machine slept, or its clock was set, within a minute", async () => {
  await add("due", now() + 8 * hourMs);
  await add("later", now() + 9 * hourMs);
  start();
  await time.advance(1000);
  time.leap(8 * hourMs);
  await time.advance(60_000);
  expect(await sent()).toEqual(["text of due"]);
  expect(await waiting()).toEqual(["later"]);
});
