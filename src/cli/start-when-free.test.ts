import { expect, it } from "vitest";
import { TapbackError } from "../platform/index.js";
import { parentEnded } from "./parent-ended.js";
import { startWhenFree } from "./start-when-free.js";

const never = new Promise<never>(() => {});

/** A gateway that starts at this try; before, another one runs. */
function free(at: number, code: "GATEWAY_RUNNING" | "STORE_FULL" = "GATEWAY_RUNNING") {
  let tries = 0;
  const start = async () => {
    tries += 1;
    if (tries < at) throw new TapbackError(code, "no");
  };
  return { start };
}

it("waits for the gateway before, as long as it may", async () => {
  expect(await startWhenFree(free(2), { waitMs: 60_000, ended: never })).toBe(true);
  await expect(startWhenFree(free(2), { waitMs: 0, ended: never })).rejects.toThrow("no");
  await expect(startWhenFree(free(2, "STORE_FULL"), { waitMs: 60_000, ended: never })).rejects.toThrow("no");
});

it("waits no longer once it is to end", async () => {
  expect(await startWhenFree(free(99), { waitMs: 60_000, ended: Promise.resolve() })).toBe(false);
});

it("knows that the parent is gone, also when it was before anybody looked", async () => {
  expect(await parentEnded(1)).toBe("the app ended");
  expect(await parentEnded(2 ** 22 + 1)).toBe("the app ended");
  const waits = Symbol("waits");
  expect(await Promise.race([parentEnded(process.ppid), Promise.resolve(waits)])).toBe(waits);
});
