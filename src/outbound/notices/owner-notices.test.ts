import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { type OutboxItem, openStore, type SendOutcome } from "../../store/index.js";
import { OwnerNotices } from "./owner-notices.js";
import { sendNotice } from "./texts.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const target = { kind: "chat_id" as const, chatId: 7 };

it("reports every send whose outcome is unknown, and the same failure of a chat once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tapback-notices-"));
  const store = openStore(join(folder, "state.db"));
  const owners = async () => new Set(["+15550100001"]);
  const notices = new OwnerNotices({ store, clock: new FakeClock(1e9), log, owners });
  const told = async (id: number, state: "unknown" | "not_sent", code: string) => {
    const item = { id, target, chatKey: "chat:7", origin: "turn" } as OutboxItem;
    const outcome = { state, error: { code, message: "no answer" } } as SendOutcome;
    notices.tell("default", sendNotice(item, outcome)!, item.chatKey);
    await new Promise(setImmediate);
    return (await store.outbox.list({ limit: 9 })).length;
  };
  try {
    await expect.poll(() => told(1, "unknown", "REQUEST_TIMEOUT")).toBe(1);
    await expect.poll(() => told(2, "unknown", "REQUEST_TIMEOUT")).toBe(2);
    await expect.poll(() => told(3, "not_sent", "NOT_PERMITTED")).toBe(3);
    await expect.poll(() => told(4, "not_sent", "SERVICE")).toBe(4);
    await told(5, "not_sent", "NOT_PERMITTED");
    await told(2, "unknown", "REQUEST_TIMEOUT");
    expect(await store.outbox.list({ limit: 9 })).toHaveLength(4);
    expect((await store.outbox.list({ limit: 9 })).map(({ text }) => text)).toContainEqual(
      expect.stringContaining("tapback message status 2"),
    );
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
