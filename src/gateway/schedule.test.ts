import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openSqliteStore } from "../store/index.js";
import { ScheduleClock } from "./schedule.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };

it("sends what is a little late, and reports what is far too late to the owner", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tapback-schedule-"));
  const store = openSqliteStore(join(folder, "state.db"));
  const now = 100_000_000;
  const target = { kind: "chat_id" as const, chatId: 7 };
  const add = (id: string, dueAt: number) =>
    store.schedule.add({
      id,
      account: "default",
      sessionKey: "s",
      dueAt,
      createdAt: 1,
      item: { target, chatKey: "chat:7", origin: "schedule", text: `text of ${id}` },
    });
  await add("late", now - 59 * 60_000);
  await add("lost", now - 5 * 3600_000);
  await add("later", now + 1e9);
  const clock = new ScheduleClock({
    store,
    clock: { now: () => now },
    log,
    owners: () => ["+15550100001"],
    lateMs: () => 3600_000,
  });
  clock.start();
  try {
    await vi.waitFor(() => expect(store.outbox.list({ limit: 9 })).toHaveLength(2), { timeout: 10_000 });
    const [first, second] = store.outbox.list({ limit: 9 }).sort((a, b) => a.origin.localeCompare(b.origin));
    expect(first).toMatchObject({ origin: "owner-notice", chatKey: "handle:+15550100001" });
    expect(first!.text).toMatch(/to chat_id:7 fell due 5 hours ago.*not sent: text of lost/);
    expect(second).toMatchObject({ origin: "schedule", text: "text of late" });
    expect(store.schedule.list().map(({ id }) => id)).toEqual(["later"]);
  } finally {
    clock.stop();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
