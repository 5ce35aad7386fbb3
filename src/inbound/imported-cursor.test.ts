import { expect, it } from "vitest";
import { intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";
import { CatchUp } from "./catchup.js";
import { cursorPath, readCursor, writeCursor } from "./catchup-cursor.js";

const open = intakeBenches();
const minute = 60_000;

it("answers nothing again that the other system had handled, and all that came after it", async () => {
  const bench = await open();
  const missed = (text: string, ago: number) => {
    const row = bench.row(directMessage(), { text, sentAt: bench.now - ago });
    bench.bridge.rows.push(row);
    return row;
  };
  missed("handled before", 20 * minute + 300);
  const last = missed("handled last", 20 * minute);
  missed("in the same second", 20 * minute - 400);
  missed("later", 3 * minute);
  // The other system kept the time of the row in whole seconds.
  const ms = Math.floor(last.sentAt / 1000) * 1000;
  const path = cursorPath(bench.folder, "default");
  writeCursor(path, {
    lastSeenMs: ms,
    lastSeenRowid: last.rowId,
    updatedAt: bench.now,
    failureRetries: {},
    imported: { ms, rowId: last.rowId },
  });
  const told = () => bench.lines.filter((line) => line.includes("replayed="));
  const asked: string[] = [];
  for (const start of [1, 2]) {
    const pass = new CatchUp(
      {
        store: bench.store,
        bridge: bench.bridge,
        claim: bench.claim,
        clock: bench.clock,
        mac: bench.mac,
        log: bench.log,
        settings: {
          maxAgeMinutes: 120,
          perRunLimit: 50,
          firstRunLookbackMinutes: 30,
          maxFailureRetries: 3,
          quietMs: 0,
          limitKey: "catchup.perRunLimit",
          crashedAt: undefined,
        },
        rows: { take: (rows) => bench.intake.takeMissed(rows), release: () => {}, misses: () => false },
      },
      path,
      { lookMs: 5, retryMs: 5 },
    );
    pass.begin();
    await until(async () => {
      asked.push(...(await bench.runTurns()));
      expect(told()).toHaveLength(start);
    });
    await pass.stop();
  }
  expect(asked).toEqual(["in the same second", "later"]);
  expect(readCursor(path)).toMatchObject({ imported: { ms, rowId: last.rowId } });
});
