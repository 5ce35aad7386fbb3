import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { directMessage } from "../../../test/support/message.js";
import { type Database, systemClock } from "../../platform/index.js";
import type { Store } from "../store.js";
import { storeOver } from "./index.js";
import { openStateDatabase } from "./open.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-query-plans-"));
const account = "default";
const row = directMessage();
let database: Database;
let store: Store;
/** The statements that the store has prepared. */
let prepared: string[] = [];

beforeAll(() => {
  const path = join(folder, "state.db");
  database = openStateDatabase(path);
  const heard: Database = {
    prepare: (sql) => {
      prepared.push(sql);
      return database.prepare(sql);
    },
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  };
  store = storeOver(heard, path, systemClock);
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** How SQLite carries out the statements that a call prepares, a line a step. */
async function plansOf(call: (store: Store) => Promise<unknown>): Promise<string[]> {
  prepared = [];
  await call(store);
  return prepared.flatMap((sql) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail)),
  );
}

// A chat of ten years has 20,000 rows: what is asked for each message may not read or sort them all.
it.each<[string, (store: Store) => Promise<unknown>, RegExp]>([
  [
    "the newest of a chat",
    ({ journal }) => journal.list({ account, chatId: 7, own: true, limit: 3 }),
    /journal USING INDEX journal_chat \(account=\? AND chat_id=\?\)/,
  ],
  [
    "what a chat got after a row",
    ({ journal }) => journal.list({ account, chatId: 7, after: 9, limit: 20 }),
    /journal USING INDEX journal_chat \(account=\? AND chat_id=\? AND id>\?\)/,
  ],
  [
    "what stood in a chat before a row",
    ({ journal }) => journal.list({ account, chatId: 7, before: 9, own: false, limit: 1 }),
    /journal USING INDEX journal_chat \(account=\? AND chat_id=\? AND id<\?\)/,
  ],
  [
    "the newest of an account",
    ({ journal }) => journal.list({ account, own: true, limit: 1 }),
    // From its end, where the newest are, to the last that fits.
    /^SCAN journal$/,
  ],
  [
    "what a chat got after a row, from the oldest on",
    ({ journal }) => journal.list({ account, chatId: 7, after: 9, own: true, oldestFirst: true, limit: 20 }),
    /journal USING INDEX journal_chat \(account=\? AND chat_id=\? AND id>\?\)/,
  ],
  [
    "what the human wrote last in a chat",
    ({ journal }) => journal.lastByHand(account, 7),
    /^SEARCH journal USING INDEX journal_by_hand \(account=\? AND chat_id=\?\)/,
  ],
  [
    "what waits for its chat",
    ({ journal }) => journal.placedUpTo(account, 9),
    /journal USING INDEX journal_open \(account=\? AND id>\?\)/,
  ],
  [
    "the chats",
    ({ journal }) => journal.chats(account),
    /journal USING COVERING INDEX journal_chat \(account=\? AND chat_id>\?\)/,
  ],
  [
    "what was done in a chat",
    ({ actions }) => actions.inChat(account, "chat_id:7", "shareContact"),
    /action USING INDEX action_chat \(account=\? AND chat=\? AND name=\?\)/,
  ],
  ["what a chat is told", ({ journal }) => journal.notes(account, 7, 5), /journal_context/],
  [
    "rows of a moment",
    ({ journal }) => journal.sentBetween(account, 7, 1000, 2000),
    /journal_sent \(account=\? AND chat_id=\? AND sent_at>\? AND sent_at<\?\)/,
  ],
  [
    "what the gates ask",
    ({ gate }) =>
      gate.about({
        account,
        entryId: 9,
        row,
        handle: row.sender,
        chatKeys: ["handle:+15550100123"],
        at: row.sentAt,
        sentSince: row.sentAt - 60_000,
        near: { before: 1000, after: 1000 },
        pairs: true,
        hushes: true,
      }),
    /journal USING INDEX journal_sent \(account=\? AND chat_id=\? AND sent_at>\? AND sent_at<\?\)/,
  ],
  [
    "when a send falls due",
    ({ outbox }) => outbox.nextDue(account, 1000),
    /outbox USING COVERING INDEX outbox_open \(account=\?\)/,
  ],
])("finds %s without reading a history", async (_, call, way) => {
  const plans = await plansOf(call);
  expect(plans).toContainEqual(expect.stringMatching(way));
  expect(plans.filter((plan) => plan === "SCAN journal")).toHaveLength(
    way.source === "^SCAN journal$" ? 1 : 0,
  );
});

it("looks through each chat of a person once, not for each message in it", async () => {
  const plans = await plansOf(({ people }) => people.about(() => true));
  expect(plans).toContainEqual(expect.stringMatching(/^(CO-ROUTINE|MATERIALIZE) own$/));
});
