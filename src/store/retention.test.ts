import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import type { Log } from "../platform/index.js";
import type { Rest } from "./rest.js";
import { Retention, type RetentionDeps } from "./retention.js";

const hour = 3600_000;

it("forgets every six hours, and begins nothing while an earlier time still goes on", async () => {
  const clock = new FakeClock();
  let running = 0;
  const begun: number[] = [];
  const retention = new Retention({
    ...{ clock, log: {} as Log, days: () => 30, isKeeper: () => true, tidy: async () => {} },
    store: {
      journal: {
        forget: async () => {
          begun.push(++running);
          await clock.sleep(begun.length === 1 ? 13 * hour : 0);
          running--;
        },
      },
      events: { forget: async (_: number, rest: Rest) => void (await rest()) },
    } as unknown as RetentionDeps["store"],
  });
  retention.start(1000);
  await clock.advance(13 * hour + 2000);
  expect(begun).toEqual([1]);
  await clock.advance(12 * hour);
  expect(begun).toEqual([1, 1, 1]);
  retention.stop();
});
