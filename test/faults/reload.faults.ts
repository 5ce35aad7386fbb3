import { it } from "vitest";
import { reloadUnderLoad } from "../support/reload-under-load.js";

it("judges each of 2,000 messages by exactly one configuration over 200 flips", async () => {
  await reloadUnderLoad(200, 2000);
});
