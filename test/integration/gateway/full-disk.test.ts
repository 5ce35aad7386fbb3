import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { House } from "../../faults/harness/house.js";
import { until } from "../../faults/harness/wait.js";
import { casesOf } from "../../support/cases.js";

// A disk that is full needs root; a limit on the size of files does not, and SQLite meets it in the same place.
const canLimit = spawnSync("prlimit", ["--version"]).status === 0;
const mia = "+15550100001";
// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });
let house: House;

beforeEach(async () => {
  house = new House();
  await house.configure();
});
afterEach(() => house.close());

/** Largest size of a file that the process may write, bytes. */
const limit = (pid: number, bytes: number | "unlimited") =>
  execFileSync("prlimit", [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]);

describe.runIf(canLimit)("a disk that is full", () => {
  it("is named when a gateway starts, with its code", async () => {
    const command = `ulimit -S -f 1; exec "$0" "$@"`;
    const { tapbackPath } = await import("../../faults/harness/gateway-process.js");
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["-c", command, process.execPath, tapbackPath, "gateway", "--json"],
      {
        encoding: "utf8",
        env: {
          ...process.env,
          HOME: house.folder,
          TAPBACK_STATE_DIR: house.stateDir,
          TAPBACK_CONFIG: join(house.folder, "tapback.json5"),
        },
      },
    );
    expect(status).toBe(1);
    expect(JSON.parse(stderr || stdout)).toMatchObject({
      error: { code: "STORE_FULL", hint: expect.stringContaining("disk space") },
    });
  });

  const moments: [string, number][] = [
    ["while messages come in", 0],
    ["while turns run", 400],
  ];
  it.each(casesOf(moments, 1))(
    "loses nothing %s, is told, and is done with when there is space again",
    async (_, thinkMs) => {
      await house.close();
      house = new House({}, () => thinkMs);
      await house.configure();
      const gateway = await house.start();
      house.mac.say(mia, "q0 plain");
      await house.got(mia, 1);
      await house.settled();
      if (thinkMs > 0) {
        for (const name of ["q1", "q2"]) house.mac.say(`sam${name}@example.com`, `${name} plain`);
        await until(
          () => house.agent.runs.length === 3,
          () => house.log,
        );
      }
      const wal = join(house.stateDir, "state.db-wal");
      limit(gateway.pid, existsSync(wal) ? statSync(wal).size : 4096);
      for (const name of ["q3", "q4"]) house.mac.say(mia, `${name} parts`);
      await until(
        () => /cannot be (written|stored|journaled|taken)/.test(gateway.log),
        () => gateway.log,
      );
      limit(gateway.pid, "unlimited");
      await house.got(mia, 7);
      await house.settled();
      expect(house.textsTo(mia).filter((text) => text.includes("part 1"))).toHaveLength(2);
      expect(house.textsTo(mia)).toHaveLength(7);
      if (thinkMs > 0) expect(house.textsTo("samq1@example.com")).toEqual(["answer to q1"]);
      expect(await gateway.stop()).toEqual({ code: 0, signal: null });
      const guids = new Set(house.agent.runs.flatMap((run) => run.guids));
      expect(new Set(house.agent.runs.map(({ turnId }) => turnId)).size).toBe(guids.size);
    },
  );
});
