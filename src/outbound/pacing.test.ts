import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drop, row } from "../../test/contract/store/bench.js";
import { chatOf } from "../../test/support/send-bench.js";
import { type Chat, chatKeyOf, type Target } from "../conversation/index.js";
import { type Claim, type Origin, openStore, type Store } from "../store/index.js";
import { Pacing } from "./pacing.js";

const limits = { perChatPerMinute: 2, perAccountPerHour: 4, newConversationsPerDay: 2 };
let folder: string;
let store: Store;
let claim: Claim;
let pacing: Pacing;
/** What Messages lists. */
let listed: Chat[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapback-pace-"));
  store = openStore(join(folder, "state.db"));
  pacing = new Pacing(store, async () => listed);
  ({ claim } = await store.accounts.claim("default", "node"));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Puts one item out as the sender does. @returns whether it was sent, else until when it waits */
async function send(
  to: number | string,
  at: number,
  origin: Origin = "person",
  urgent = false,
): Promise<true | number> {
  const target: Target =
    typeof to === "number"
      ? { kind: "chat_id", chatId: to }
      : { kind: "handle", handle: to, service: "auto" };
  await store.outbox.add("default", { target, chatKey: chatKeyOf(target), origin, text: "x", urgent }, at);
  const [taken] = await store.outbox.take(claim, 1, at);
  const held = await pacing.heldBack(taken!.item, limits, at);
  const error = { code: "PACED" as const, message: held?.detail ?? "" };
  await store.outbox.settle(
    taken!.claim,
    held ? { state: "not_sent", error } : { state: "stored", guid: `G${taken!.item.id}` },
    at,
  );
  return held ? held.until : true;
}

describe("Pacing", () => {
  it("holds a chat for a minute, the account for an hour, new people for a day", async () => {
    expect(await send(1, 1000)).toBe(true);
    expect(await send(1, 2000)).toBe(true);
    expect(await send(1, 3000)).toBe(61_000);
    expect(await send(1, 61_001)).toBe(true);
    expect(await send(2, 61_002)).toBe(true);
    expect(await send(2, 61_003)).toBe(3_601_000);
    expect(await send(2, 3_700_000)).toBe(true);
    expect(await send(3, 3_700_001)).toBe(86_401_000);
    expect(await send(3, 3_700_001, "owner-notice")).toBe(true);
    expect(await send(3, 3_700_001, "command", true)).toBe(true);
    // Whoever wrote first is answered.
    expect(await send(4, 3_700_002, "turn")).toBe(true);
    expect(await send(3, 90_000_000)).toBe(true);
  });

  it("knows a conversation that was begun by the address, and no other one, when the day is full", async () => {
    const group = { ...chatOf(9, "chat9"), isGroup: true, participants: ["+15550100123"] };
    listed = [chatOf(7, "+15550100123"), chatOf(8, "+15550100456"), group];
    expect(await send("+15550100123", 1000)).toBe(true);
    expect(await send("+15550100789", 2000)).toBe(true);
    expect(await send(7, 3000)).toBe(true);
    for (const other of [8, 9, 10]) expect(await send(other, 4000)).toBe(86_401_000);
    // Whoever wrote is known without Messages.
    listed = [];
    const wrote = row(1, { from: "+15550100789", chat: chatOf(11, "+15550100789") });
    const [entry] = await store.journal.admit(claim, [wrote], "live", 4500);
    await store.journal.decide(claim, entry!, drop, 4500);
    expect(await send(11, 5000)).toBe(true);
  });

  it("holds nothing back for what it sent while the clock was ahead", async () => {
    const ahead = 1000 + 3 * 3_600_000;
    for (const at of [ahead, ahead + 1]) expect(await send(1, at)).toBe(true);
    expect(await send(1, ahead + 2)).toBe(ahead + 60_000);
    // Set right again: the next ones count by the time that holds now.
    for (const at of [1000, 2000]) expect(await send(1, at)).toBe(true);
    expect(await send(1, 3000)).toBe(61_000);
  });

  it("lets those through that come first when several are sent at once", async () => {
    for (const chatId of [1, 2, 3, 4])
      await store.outbox.add(
        "default",
        { target: { kind: "chat_id", chatId }, chatKey: `chat:${chatId}`, origin: "person", text: "x" },
        1000,
      );
    const taken = await store.outbox.take(claim, 8, 1000);
    const held = await Promise.all(taken.map(({ item }) => pacing.heldBack(item, limits, 1000)));
    expect(held.map((one) => one?.limit)).toEqual([
      undefined,
      undefined,
      "newConversationsPerDay",
      "newConversationsPerDay",
    ]);
  });

  it("keeps every limit in every window, whatever is asked for", async () => {
    const step = fc.record({
      chat: fc.integer({ min: 1, max: 3 }),
      wait: fc.integer({ min: 1, max: 900_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        // Each run has its own stretch of time, a year from the last.
        runs += 400 * 86_400_000;
        let at = runs;
        const sent: { chat: number; at: number }[] = [];
        for (const { chat, wait } of steps) {
          at += wait;
          if ((await send(chat, at)) === true) sent.push({ chat, at });
        }
        for (const { chat, at: end } of sent) {
          const within = (ms: number) => sent.filter((one) => one.at <= end && one.at > end - ms);
          expect(within(60_000).filter((one) => one.chat === chat).length).toBeLessThanOrEqual(2);
          expect(within(3_600_000).length).toBeLessThanOrEqual(4);
        }
      }),
      { numRuns: 15 },
    );
  });
});

let runs = 0;
