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

it("tells each owner but the one who knows, once per chat, in words that fit a phone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tapback-notices-"));
  const store = openStore(join(folder, "state.db"));
  const [first, second] = ["+15550100001", "+15550100002"];
  const of = (account: string) => new Set(account === "default" ? [first, second] : []);
  const clock = new FakeClock(1e9);
  const notices = new OwnerNotices({ store, clock, log, owners: async (account) => of(account) });
  const told = async () => (await store.outbox.list({ limit: 99 })).map(({ target, text }) => [target, text]);
  const tell = async (text: string, chatKey: string, except?: string, account = "default") => {
    notices.tell(account, { kind: "held_back", text }, chatKey, except);
    for (let turn = 0; turn < 9; turn++) await new Promise(setImmediate);
    return (await told()).length;
  };
  try {
    // The newest comes first.
    expect(await tell("x".repeat(600), "chat:7", first)).toBe(1);
    expect((await told())[0]).toEqual([expect.objectContaining({ handle: second }), "x".repeat(600)]);
    expect(await tell("again", "chat:7", first)).toBe(1);
    expect(await tell("x".repeat(601), "chat:8")).toBe(3);
    expect((await told()).slice(0, 2).map(([, text]) => text)).toEqual([
      `${"x".repeat(599)}…`,
      `${"x".repeat(599)}…`,
    ]);
    await clock.advance(60 * 60_000 - 1);
    expect(await tell("still fresh", "chat:7", first)).toBe(3);
    await clock.advance(1);
    expect(await tell("told anew", "chat:7", first)).toBe(4);
    expect(await tell("nobody to tell", "chat:7", undefined, "other")).toBe(4);
    expect(await tell("nobody else", "chat:9", first)).toBe(5);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

it("notes in the log that an owner could not be told", async () => {
  const lines: object[] = [];
  const notices = new OwnerNotices({
    ...{ store: {} as never, clock: new FakeClock(1e9) },
    log: { ...log, error: (message: string, fields?: object) => void lines.push({ message, ...fields }) },
    owners: async () => {
      throw new Error("disk full");
    },
  });
  notices.tell("default", { kind: "sms", text: "a" }, "chat:7");
  await new Promise(setImmediate);
  expect(lines).toEqual([
    { message: "an owner could not be told", account: "default", kind: "sms", error: "disk full" },
  ]);
});
