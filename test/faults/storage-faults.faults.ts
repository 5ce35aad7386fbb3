import { expect, it, vi } from "vitest";
import { seedsOf } from "./harness/matrix.js";
import { storageFaults } from "./harness/storage-faults.js";

vi.setConfig({ testTimeout: 240_000 });

it.each(seedsOf(20))(
  "leaves no chat behind when statements of the state database failed, seed %i",
  async (seed) => {
    const { got, code } = await storageFaults(20, [0.05, 0.2, 0.5][seed % 3]!, seed);
    expect(got).toEqual(got.map((_, n) => [`answer to q${n}`]));
    expect(code).toBe(0);
  },
);
