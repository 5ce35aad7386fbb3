import { expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import type { JournalEntry } from "../store/index.js";
import { lookedThrough, mostLookedThrough } from "./search.js";

const entry = (id: number, text: string, sender = "+15550100123"): JournalEntry => ({
  ...{ id, account: "default", arrival: "live", receivedAt: id, state: "done" },
  row: { ...row(id), text, sender, senderName: "Mia", chat: { ...row(id).chat, name: "Climbers" } },
});
const wishes = { limit: 2, from: undefined, isReached: () => true };

/** The newest first, as a store lists them. */
function listOf(entries: JournalEntry[]) {
  const reads: number[] = [];
  const read = async (behind: number | undefined, size: number) => {
    reads.push(size);
    return entries
      .filter(({ id }) => behind === undefined || id < behind)
      .sort((one, other) => other.id - one.id)
      .slice(0, size);
  };
  return { read, reads };
}

it("reads once without words, and says where to go on", async () => {
  const { read, reads } = listOf([1, 2, 3].map((id) => entry(id, `text ${id}`)));
  const first = await lookedThrough({ ...wishes, words: " " }, read);
  expect([first.entries.map(({ id }) => id), first.at, first.isMore]).toEqual([[3, 2], 2, true]);
  const last = await lookedThrough({ ...wishes, words: "", from: first.at }, read);
  expect([last.entries.map(({ id }) => id), last.at, last.isMore]).toEqual([[1], 1, false]);
  expect(reads).toEqual([2, 2]);
  // What is not reached is left out, and read over.
  const none = await lookedThrough({ ...wishes, words: "", isReached: ({ id }) => id !== 3 }, read);
  expect([none.entries.map(({ id }) => id), none.at]).toEqual([[2], 2]);
});

it("finds words in texts, names, addresses and chats, in any case, and goes on behind the last that it told of", async () => {
  const { read } = listOf([
    entry(1, "Tea at SIX"),
    entry(2, "coffee"),
    entry(3, "six again", "sixto@example.com"),
    entry(4, "no", "sixto@example.com"),
  ]);
  const first = await lookedThrough({ ...wishes, words: "Six" }, read);
  expect([first.entries.map(({ id }) => id), first.at, first.isMore]).toEqual([[4, 3], 3, true]);
  const rest = await lookedThrough({ ...wishes, words: "six", from: first.at }, read);
  expect([rest.entries.map(({ id }) => id), rest.isMore]).toEqual([[1], false]);
  for (const words of ["mia", "climb"])
    expect((await lookedThrough({ ...wishes, words }, read)).entries).toHaveLength(2);
  expect((await lookedThrough({ ...wishes, words: "six", isReached: () => false }, read)).entries).toEqual(
    [],
  );
});

it("looks through so many rows and no more, and says that there may be others", async () => {
  const { read, reads } = listOf(
    Array.from({ length: mostLookedThrough + 1 }, (_, index) => entry(index + 1, index === 0 ? "here" : "x")),
  );
  const nothing = await lookedThrough({ ...wishes, words: "here" }, read);
  expect([nothing.entries, nothing.at, nothing.isMore]).toEqual([[], 2, true]);
  expect(reads.reduce((sum, size) => sum + size, 0)).toBe(mostLookedThrough);
  expect((await lookedThrough({ ...wishes, words: "here", from: nothing.at }, read)).entries).toHaveLength(1);
});
