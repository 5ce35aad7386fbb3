import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { TapbackError } from "../platform/index.js";
import type { Store } from "../store/index.js";
import { OpenState } from "./open-state.js";

/** A state whose server is away. */
function bench() {
  const clock = new FakeClock();
  const givenUp = new AbortController();
  const closed: unknown[] = [];
  const direct = {
    turns: { counts: () => Promise.reject(new TapbackError("STORE_UNAVAILABLE", "away")) },
    close: async (options: unknown) => void closed.push(options),
  } as unknown as Store;
  const state = new OpenState(direct, { clock, log: rememberingLog().log }, givenUp.signal);
  return { clock, givenUp, closed, state };
}

it("ends what waits for it once it is given up, and closes a moment later, once", async () => {
  const { clock, givenUp, closed, state } = bench();
  const failed = expect(state.storage.store.turns.counts()).rejects.toMatchObject({
    code: "STORE_UNAVAILABLE",
  });
  await clock.advance(60_000);
  givenUp.abort();
  await failed;
  await clock.advance(1999);
  expect(closed).toEqual([]);
  await clock.advance(1);
  await state.close();
  expect(closed).toEqual([{ settle: true }]);
});

it("waits for nothing where it was given up before it was opened, and is not closed again where it was closed before", async () => {
  const { closed, state, givenUp, clock } = bench();
  await state.close();
  givenUp.abort();
  await clock.advance(60_000);
  expect(closed).toHaveLength(1);
  const over = AbortSignal.abort();
  const direct = { turns: { counts: () => Promise.reject(new Error("away")) }, close: async () => {} };
  const late = new OpenState(direct as unknown as Store, { clock, log: rememberingLog().log }, over);
  await expect(late.storage.store.turns.counts()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
});
