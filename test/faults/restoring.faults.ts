import { expect, it, vi } from "vitest";
import { moveUnderLoad } from "./harness/restoring.js";

vi.setConfig({ testTimeout: 600_000 });

it.each([1, 2, 3, 4, 5])("loses nothing and answers nothing twice over a restore, run %i", async (run) => {
  const { lost, doubled } = await moveUnderLoad(5 * run, 20);
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
});
