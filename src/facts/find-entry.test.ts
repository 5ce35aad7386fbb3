import { expect, it } from "vitest";
import type { Store } from "../store/index.js";
import { findEntry } from "./find-entry.js";

it("asks the state for no number that is longer than any of a row", async () => {
  const asked: unknown[] = [];
  const note = async (of: unknown) => void asked.push(of);
  const store = { journal: { get: note, findByGuid: note } } as unknown as Store;
  const [short, long] = ["9".repeat(15), "9".repeat(200)];
  for (const message of [short, long])
    await expect(findEntry(store, message)).rejects.toMatchObject({ code: "MESSAGE_UNKNOWN" });
  // It may be a GUID still.
  expect(asked).toEqual([Number(short), long]);
});
