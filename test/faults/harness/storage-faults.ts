import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { House } from "./house.js";
import { until } from "./wait.js";

const longestFaultMs = 10_000;

/** What a run with a failing state database came to. */
export interface StorageFaultsResult {
  /** What people got who wrote once each, by their number. */
  got: string[][];
  /** Whether the status named the state database while it failed. */
  named: boolean;
  /** The last gateway's end. */
  code: number | null;
}

/**
 * People write while statements of the state database fail, by chance and whatever they are called; then the disk is
 * well again and nothing is started anew.
 * @param chance of each statement, 0 to 1
 * @param seed decides which ones
 */
export async function storageFaults(
  people: number,
  chance: number,
  seed: number,
): Promise<StorageFaultsResult> {
  const house = new House({ watchPollMs: 200 }, () => 20);
  const handle = (n: number) => `+1555010${1000 + n}`;
  const all = Array.from({ length: people }, (_, n) => n);
  try {
    await house.configure();
    const faults = join(house.folder, "storage-faults");
    const gateway = await house.start({ env: { TAPBACK_STORAGE_FAULTS: faults } });
    house.mac.say(handle(0), "q0 plain");
    await house.got(handle(0), 1);
    writeFileSync(faults, `${chance} ${seed}`);
    for (const n of all.slice(1)) house.mac.say(handle(n), `q${n} plain`);
    await until(
      () => gateway.log.includes("the state database cannot be read or written"),
      () => house.log,
    );
    const { stdout } = await house.tapback(["channels", "status", "--json"]);
    const named = JSON.parse(stdout).accounts[0].stages.some(
      ({ name, ok }: { name: string; ok: boolean }) => name === "store" && !ok,
    );
    // The faults outlast the first answers, for every step of a message is to fail; but where each second statement fails,
    // nobody is answered before the disk is well.
    const end = Date.now() + longestFaultMs;
    await until(
      () => Date.now() > end || all.some((n) => n > 0 && house.textsTo(handle(n)).length > 0),
      () => house.log,
    );
    rmSync(faults);
    for (const n of all) await house.got(handle(n), 1);
    await house.settled();
    const got = all.map((n) => house.textsTo(handle(n)));
    return { got, named, code: (await gateway.stop()).code };
  } finally {
    await house.close();
  }
}
