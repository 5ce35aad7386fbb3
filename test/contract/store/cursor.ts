import { expect, it } from "vitest";
import { type Bench, row } from "./bench.js";

/** How far the subscription of an account has come, which rows that it reported move (behaviour 9.5). */
export function cursorContract(bench: Bench): void {
  it("never moves the cursor back, and tells rows without a GUID apart by their number", async () => {
    const { store, claim } = await bench.claimed();
    const ids = await store.journal.admit(
      claim,
      [row(30, { guid: "" }), row(31, { guid: "" })],
      "live",
      1000,
    );
    expect(ids.every((id) => id !== undefined)).toBe(true);
    await store.journal.admit(claim, [row(4)], "live", 1000);
    expect(await store.accounts.cursor("default")).toBe(31);
  });

  it("moves the cursor to no absurd row before a row near it is there, whenever it came", async () => {
    const { store, claim } = await bench.claimed();
    const cursorAfter = async (...ids: number[]) => {
      await store.journal.admit(
        claim,
        ids.map((id) => row(id)),
        "live",
        1000,
      );
      return store.accounts.cursor("default");
    };
    expect(await cursorAfter(10, Number.MAX_SAFE_INTEGER)).toBe(10);
    expect(await cursorAfter(11)).toBe(11);
    // The same row once more stands for nothing.
    expect(await cursorAfter(Number.MAX_SAFE_INTEGER)).toBe(11);
    await store.journal.admit(claim, [row(12, { cursor: 2 ** 40 })], "live", 1000);
    expect(await store.accounts.cursor("default")).toBe(11);
    expect(await cursorAfter(5_000_000)).toBe(11);
    expect(await cursorAfter(5_000_007)).toBe(5_000_007);
  });

  it("leaves the cursor where it is for rows that no subscription reported: others may come before them", async () => {
    const { store, claim } = await bench.claimed();
    const found = { ...row(30), cursor: undefined };
    await store.journal.admit(claim, [row(10), found], "live", 1000);
    expect(await store.accounts.cursor("default")).toBe(10);
    await store.journal.admit(claim, [{ ...row(31), cursor: undefined }], "catchup", 1000);
    expect(await store.accounts.cursor("default")).toBe(10);
    // It is journaled all the same, and moves the cursor when it is reported.
    expect(await store.journal.admit(claim, [row(30)], "live", 1000)).toEqual([undefined]);
    expect(await store.accounts.cursor("default")).toBe(30);
  });

  it("keeps the cursor before rows that were held back, where a row says so", async () => {
    const { store, claim } = await bench.claimed();
    await store.journal.admit(claim, [row(11, { cursor: 9 })], "live", 1000);
    expect(await store.accounts.cursor("default")).toBe(9);
    await store.journal.admit(claim, [row(10, { cursor: 11 })], "live", 1000);
    expect(await store.accounts.cursor("default")).toBe(11);
  });
}
