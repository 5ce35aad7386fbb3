import { expect, it, vi } from "vitest";
import { storageFaults } from "./harness/storage-faults.js";

vi.setConfig({ testTimeout: 120_000 });

// A sample of storage-faults.faults.ts.
it("leaves no chat behind when statements of the state database failed for a while", async () => {
  const { got, named, code } = await storageFaults(12, 0.05, 7);
  expect(got).toEqual(got.map((_, n) => [`answer to q${n}`]));
  expect([named, code]).toEqual([true, 0]);
});
