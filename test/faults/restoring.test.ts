import { expect, it, vi } from "vitest";
import { moveUnderLoad } from "./harness/restoring.js";

vi.setConfig({ testTimeout: 120_000 });

it("loses nothing and answers nothing twice when a backup made under load is restored elsewhere", {
  tags: ["long"],
}, async () => {
  const { lost, doubled, restored } = await moveUnderLoad(4, 6);
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
  expect(restored.accounts).toMatchObject([{ generation: "same" }]);
});
