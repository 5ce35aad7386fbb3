import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../../../src/platform/index.js";
import { openStore } from "../../../src/store/index.js";
import { removeFolder } from "../../support/remove-folder.js";
import { GatewayProcess } from "./gateway-process.js";
import { House } from "./house.js";
import { isSettled, readState } from "./state.js";
import { until } from "./wait.js";

/** What became of messages around a backup that was restored elsewhere. */
export interface Moved {
  /** Messages that got no answer and that the inbox does not name as such. */
  lost: string[];
  /** Texts that somebody got twice. */
  doubled: string[];
  /** How many wait for a person, because they may have been answered. */
  aside: number;
  /** What `tapback restore --json` printed. */
  restored: { accounts: { generation: string }[] };
}

/**
 * People write all the time; in the middle a backup is made; the gateway goes on for a while and is killed; the backup is
 * restored on an empty machine beside the same Messages, where a gateway goes on.
 * @param people who write at once; @param each messages of each of them
 */
export async function moveUnderLoad(people: number, each: number): Promise<Moved> {
  const house = new House({ watchPollMs: 200 }, () => 30);
  const elsewhere = mkdtempSync(join(tmpdir(), "tapback-elsewhere-"));
  const handles = Array.from({ length: people }, (_, n) => `+155501000${String(n).padStart(2, "0")}`);
  let second: GatewayProcess | undefined;
  try {
    await house.configure();
    const first = await house.start();
    const file = join(house.folder, "backup.tar.gz");
    const total = people * each;
    const answered = () => house.mac.sent().length;
    const say = (from: number, to: number) => {
      for (let n = from; n < to; n++)
        for (const [who, handle] of handles.entries()) house.mac.say(handle, `q${who * each + n} plain`);
    };
    say(0, Math.ceil(each / 2));
    await until(
      () => answered() >= people,
      () => house.log,
    );
    const backup = await house.program(["backup", file]);
    if (backup.code !== 0) throw new Error(backup.stderr);
    say(Math.ceil(each / 2), each);
    await until(
      () => answered() >= Math.floor(total * 0.7),
      () => house.log,
      120_000,
    );
    first.kill("SIGKILL");
    await first.ended;
    const env = {
      TAPBACK_STATE_DIR: join(elsewhere, "state"),
      TAPBACK_CONFIG: join(elsewhere, "tapback.json5"),
    };
    const restore = await house.program(["restore", file, "--json"], env);
    if (restore.code !== 0) throw new Error(restore.stdout + restore.stderr);
    second = new GatewayProcess(elsewhere, { env: { HOME: house.folder, IMSG_SIM_HOME: house.folder } });
    const running = second;
    await running.live();
    await until(
      () => received(elsewhere) >= total && isSettled(readState(elsewhere)),
      () => `${JSON.stringify(readState(elsewhere))}\n${running.log.slice(-3000)}`,
      120_000,
    );
    await second.stop();
    return { ...(await judge(house, elsewhere, handles, each)), restored: JSON.parse(restore.stdout) };
  } finally {
    second?.kill("SIGKILL");
    await second?.ended;
    await house.close();
    await removeFolder(elsewhere);
  }
}

/** How many messages of others the journal has. */
function received(folder: string): number {
  const database = openDatabase(join(folder, "state/state.db"), { readOnly: true });
  try {
    return Number(database.prepare("SELECT count(*) AS n FROM journal WHERE own = 0").get()!.n);
  } finally {
    database.close();
  }
}

async function judge(house: House, elsewhere: string, handles: string[], each: number) {
  if (!existsSync(join(elsewhere, "tapback.json5"))) throw new Error("there is no configuration");
  const store = openStore(join(elsewhere, "state/state.db"));
  const told = await store.journal.list({ reason: "restored", limit: 10_000 });
  await store.close();
  const named = new Set(told.map(({ row }) => row.text));
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const [who, handle] of handles.entries()) {
    const texts = house.textsTo(handle);
    doubled.push(...texts.filter((text, place) => texts.indexOf(text) !== place));
    for (let n = 0; n < each; n++) {
      const name = `q${who * each + n}`;
      if (!texts.includes(`answer to ${name}`) && !named.has(`${name} plain`)) lost.push(name);
    }
  }
  return { lost, doubled, aside: told.length };
}
