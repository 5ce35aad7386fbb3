import { expect, it } from "vitest";
import type { Context } from "../context.js";
import { report } from "./report.js";

it("refuses a complaint where no test is made", async () => {
  await expect(report({} as Context, { wrong: ["1"] })).rejects.toMatchObject({ code: "USAGE" });
});
