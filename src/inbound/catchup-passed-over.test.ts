import { expect, it } from "vitest";
import { intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";
import { CatchUp } from "./catchup.js";
import { cursorPath } from "./catchup-cursor.js";
import { SkippedRows } from "./skipped-rows.js";

const open = intakeBenches();
const limits = {
  maxAgeMinutes: 120,
  perRunLimit: 50,
  firstRunLookbackMinutes: 30,
  maxFailureRetries: 3,
  quietMs: 0,
};

it("looks back for a row that was passed over, where the gateway was stopped before it came", async () => {
  const bench = await open();
  const skipped = new SkippedRows(bench.clock, 2750);
  const asked: string[] = [];
  /** A start whose pass is over. */
  const started = async () => {
    const { store, bridge, claim, clock, mac, log } = bench;
    const rows = {
      take: (some: Parameters<typeof bench.intake.takeMissed>[0]) => bench.intake.takeMissed(some),
      release: () => {},
      misses: () => skipped.misses,
    };
    const settings = { ...limits, limitKey: "catchup.perRunLimit", crashedAt: undefined };
    const deps = { store, bridge, claim, clock, mac, log, settings, rows };
    const catchUp = new CatchUp(deps, cursorPath(bench.folder, "default"), { lookMs: 5, retryMs: 5 });
    const sums = () => bench.lines.filter((line) => line.includes("replayed=")).length;
    const before = sums();
    catchUp.begin();
    await until(async () => {
      asked.push(...(await bench.runTurns()));
      expect(sums()).toBe(before + 1);
    });
    return catchUp;
  };
  const catchUp = await started();
  const row = (text: string) => {
    bench.now += 10;
    const written = bench.row(directMessage(), { text });
    bench.bridge.rows.push(written);
    return written;
  };
  const comes = async (live: ReturnType<typeof row>) => {
    skipped.came(live);
    bench.intake.receive(live);
    await until(async () => expect(await bench.fate(live.guid)).toMatch(/^(in_turn|done)/));
    catchUp.sawLive(live);
  };
  await comes(row("first"));
  // imsg waits for its chat, and what was written after it comes before it.
  row("passed over");
  await comes(row("later"));
  await catchUp.stop();
  skipped.forget();
  asked.push(...(await bench.runTurns()));
  const next = await started();
  next.stop();
  expect(asked).toEqual(["first", "later", "passed over"]);
});
