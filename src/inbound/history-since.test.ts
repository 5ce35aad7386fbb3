import { describe, expect, it } from "vitest";
import { Bench, dispatch, row } from "../../test/contract/store/bench.js";
import { chatOf } from "../../test/support/send-bench.js";
import { BridgeError, type HistoryQuery } from "../bridge/index.js";
import type { Chat, MessageRow } from "../conversation/index.js";
import { openStore } from "../store/index.js";
import { historySince, keyOf } from "./history-since.js";
import { sameDatabase } from "./same-database.js";

/** A Mac with these rows; chats by their newest row. */
function mac(rows: MessageRow[], chats: Chat[] = []) {
  const queries: HistoryQuery[] = [];
  const limits: number[] = [];
  const failing = new Map<number, Error>();
  const bridge = {
    chats: async (limit: number) => {
      limits.push(limit);
      return chats.slice(0, limit);
    },
    history: async (query: HistoryQuery) => {
      queries.push(query);
      const failure = failing.get(query.chatId);
      if (failure) throw failure;
      return rows
        .filter(({ chat, sentAt }) => chat.id === query.chatId && sentAt >= (query.since ?? 0))
        .filter(({ sentAt }) => sentAt < (query.until ?? Number.POSITIVE_INFINITY))
        .sort((a, b) => b.sentAt - a.sentAt || b.rowId - a.rowId)
        .slice(0, query.limit);
    },
  };
  return { bridge, queries, limits, failing };
}

const chat = (id: number, lastMessageAt?: number) => ({
  ...chatOf(id, `+1555010${id}`),
  ...(lastMessageAt !== undefined && { lastMessageAt }),
});
const rowsOf = (id: number, count: number, sentAt: (n: number) => number) =>
  Array.from({ length: count }, (_, n) => row(id * 10_000 + n, { chat: chat(id), sentAt: sentAt(n) }));

describe("what the history has since a time", () => {
  it("is read of the chats with anything since then, and given oldest first", async () => {
    const rows = [...rowsOf(1, 2, (n) => 5000 + n), ...rowsOf(2, 1, () => 5000), ...rowsOf(3, 1, () => 5000)];
    const { bridge, queries } = mac(rows, [chat(1, 5001), chat(2, 5000), chat(3, 4999), chat(4)]);
    const found = await historySince(bridge, 5000, 6000);
    expect(found.rows.map(({ rowId }) => rowId)).toEqual([10_000, 20_000, 10_001]);
    expect(found.unread).toEqual([]);
    expect(queries.map(({ chatId }) => chatId)).toEqual([1, 2, 4]);
    expect(queries[0]).toEqual({
      chatId: 1,
      limit: 100,
      since: 5000,
      until: 6000,
      attachments: true,
      faulty: true,
    });
  });

  it("asks for more chats while all that were given had something", async () => {
    const chats = Array.from({ length: 120 }, (_, n) => chat(n + 1, 5000));
    const { bridge, limits } = mac([], chats);
    await historySince(bridge, 5000);
    expect(limits).toEqual([50, 200]);
    const quiet = mac([], [...chats.slice(0, 49), chat(99, 1), ...chats.slice(50)]);
    await historySince(quiet.bridge, 5000);
    expect(quiet.limits).toEqual([50]);
  });

  it("does not lose the older rows of a busy chat to a limit", async () => {
    const { bridge, queries } = mac(
      rowsOf(1, 250, (n) => 5000 + n),
      [chat(1, 9999)],
    );
    const { rows } = await historySince(bridge, 5000);
    expect(rows).toHaveLength(250);
    expect(new Set(rows.map(({ rowId }) => rowId)).size).toBe(250);
    expect(queries.length).toBe(3);
  });

  it("gets behind a moment with more rows than a page", async () => {
    const { bridge } = mac(
      [...rowsOf(1, 150, () => 6000), row(1, { chat: chat(1), sentAt: 5500 })],
      [chat(1, 9999)],
    );
    expect((await historySince(bridge, 5000)).rows).toHaveLength(151);
  });

  it("names the chats that cannot be read, and goes on with the others; a child that is gone ends it", async () => {
    const { bridge, failing } = mac(
      rowsOf(2, 1, () => 5000),
      [chat(1, 9999), chat(2, 9999)],
    );
    failing.set(1, new Error("malformed"));
    expect(await historySince(bridge, 5000)).toMatchObject({ rows: [{ rowId: 20_000 }], unread: [1] });
    for (const code of ["IMSG_INTERNAL", "DATABASE_LOCKED"] as const) {
      failing.set(1, new BridgeError(code, "no", { disposition: "unknown", answered: true }));
      expect(await historySince(bridge, 5000), code).toMatchObject({ unread: [1] });
    }
    failing.set(1, new BridgeError("REQUEST_TIMEOUT", "slow", { disposition: "unknown" }));
    expect(await historySince(bridge, 5000)).toMatchObject({ unread: [1] });
    // Of a Mac that is elsewhere the line broke, or its imsg ended with words of its own.
    for (const code of ["CHILD_DOWN", "SSH_DROPPED", "REMOTE_UNREACHABLE", "DATABASE_LOCKED"] as const) {
      failing.set(1, new BridgeError(code, "gone", { disposition: "unknown" }));
      await expect(historySince(bridge, 5000), code).rejects.toThrow("gone");
    }
  });

  it("knows a row by its GUID, for want of one by its number", () => {
    expect(keyOf({ guid: "G", rowId: 1 })).toBe("G");
    expect(keyOf({ guid: "", rowId: 1 })).toBe("row:1");
  });
});

describe("the database file (protocol reference 9.9)", () => {
  const stores = new Bench(openStore);

  async function judged(there: MessageRow[], known: MessageRow[], failing: number[] = []) {
    const { store, claim } = await stores.claimed();
    for (const each of known) {
      const [entry] = await store.journal.admit(claim, [each], "live", 1000);
      await store.journal.decide(claim, entry!, dispatch, 1000);
    }
    const { bridge, queries, failing: failures } = mac(there);
    for (const id of failing) failures.set(id, new Error("malformed"));
    return { kind: await sameDatabase(bridge, store, "default"), queries };
  }
  const at = (rowId: number, id: number, change: Partial<MessageRow> = {}) =>
    row(rowId, { chat: chat(id), sentAt: 5000 + rowId, ...change });

  it("is the same where a row has its number, and another where it has not", async () => {
    const same = await judged([at(1, 1)], [at(1, 1)]);
    expect(same.kind).toBe("same");
    expect(same.queries).toEqual([{ chatId: 1, limit: 20, since: 5000, until: 5003 }]);
    await stores.clear();
    expect((await judged([at(7, 1, { guid: "GUID-1", sentAt: 5001 })], [at(1, 1)])).kind).toBe("other");
  });

  it("is looked for by three rows, the newest first, of chats that can be read", async () => {
    const known = [1, 2, 3, 4].map((n) => at(n, n));
    const gone = await judged([at(1, 1)], known);
    expect(gone.kind).toBe("unknown");
    expect(gone.queries.map(({ chatId }) => chatId)).toEqual([4, 3, 2]);
    await stores.clear();
    const unreadable = await judged([at(1, 1)], [...known, at(5, 4)], [4]);
    expect(unreadable.kind).toBe("same");
    expect(unreadable.queries.map(({ chatId }) => chatId)).toEqual([4, 3, 2, 1]);
  });

  it("is not judged by what the history never shows", async () => {
    const tapback = { kind: "love", emoji: "", added: true, targetGuid: "G" };
    const known = [
      at(1, 1),
      at(2, 2, { tapback }),
      at(3, 3, { guid: "" }),
      at(4, 4, { chat: { ...chat(4), id: 0 } }),
    ];
    const { kind, queries } = await judged([at(1, 1)], known);
    expect(kind).toBe("same");
    expect(queries.map(({ chatId }) => chatId)).toEqual([1]);
  });
});
