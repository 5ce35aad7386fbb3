import { join } from "node:path";
import { cursorPath, readCursor, writeCursor } from "../../../src/inbound/index.js";
import { openDatabase } from "../../../src/platform/index.js";
import { openStore } from "../../../src/store/index.js";
import { accountingOf } from "./accounting.js";
import { House } from "./house.js";
import { isSettled, readState } from "./state.js";
import { until } from "./wait.js";

const hour = 3600_000;
const owner = "+15550100999";
// Longer than rows stay out on a busy machine, shorter than the ten seconds of a real one.
const env = { TAPBACK_TEST_MISSED_MS: "3000" };
const people = ["+15550100001", "+15550100002", "+15550100003"];

/** What became of messages that came while the gateway was away. */
export interface AwayResult {
  /** Texts that the agent was asked, in the order of the starts. */
  asked: string[][];
  /** What does not add up. */
  problems: string[];
  /** Reasons of the rows that were dropped, counted. */
  dropped: Record<string, number>;
  /** What the owner was told. */
  told: string[];
}

/**
 * Messages of twelve hours come while the gateway is stopped.
 * @param perRunLimit messages that one start replays; undefined: catch-up is off
 */
export async function awayForHours(rows: number, perRunLimit: number | undefined): Promise<AwayResult> {
  const house = new House({ watchPollMs: 200 });
  try {
    await house.configure(
      {
        catchup:
          perRunLimit === undefined ? { enabled: false } : { enabled: true, perRunLimit, maxAgeMinutes: 720 },
      },
      { commands: { ownerAllowFrom: [owner] } },
    );
    const first = await house.start({ env });
    house.mac.say(owner, "q0 silent");
    await until(
      () => house.agent.runs.length > 0 && isSettled(readState(house.folder)),
      () => house.log,
    );
    await first.stop();
    const away = 11.9 * hour;
    age(house, away + 60_000);
    for (let n = 0; n < rows; n++)
      house.mac.say(
        people[n % people.length]!,
        `m${n} plain`,
        undefined,
        Date.now() - away + Math.floor((n * (away - 60_000)) / rows),
      );
    const asked: string[][] = [];
    const starts = perRunLimit === undefined ? 1 : Math.ceil(rows / perRunLimit);
    for (let start = 0; start < starts; start++) {
      const before = house.agent.runs.length;
      const gateway = await house.start({ env });
      await until(
        () =>
          (perRunLimit === undefined
            ? house.textsTo(owner).length > 0
            : gateway.log.includes("imessage catchup: replayed=")) && isSettled(readState(house.folder)),
        () => `${house.agent.runs.length} turns\n${gateway.log.slice(-3000)}`,
        60_000 + rows * 100,
      );
      await gateway.stop();
      asked.push(house.agent.runs.slice(before).map(({ text }) => text));
    }
    return { ...(await judge(house)), asked };
  } finally {
    await house.close();
  }
}

/** Apple hands over old messages with fresh ids while the gateway runs; one is late by 17 minutes, one comes twice. */
export async function backlog(rows: number): Promise<AwayResult> {
  const house = new House({ watchPollMs: 200 });
  const mia = people[0]!;
  try {
    await house.configure({}, { commands: { ownerAllowFrom: [owner] } });
    const gateway = await house.start({ env });
    house.mac.say(owner, "q0 silent");
    const answered = house.mac.say(mia, "q1 plain");
    await house.got(mia, 1);
    house.mac.burst(mia, rows, 5 * hour);
    house.mac.reinsert(answered);
    const late = house.mac.say(mia, "late plain", undefined, Date.now() - 17 * 60_000);
    house.mac.reinsert(late);
    house.mac.say(mia, "q2 plain");
    await house.got(mia, 2, 60_000 + rows * 50);
    await house.settled("all is judged", 60_000 + rows * 50);
    await house.got(owner, 1);
    await house.settled();
    await gateway.stop();
    return { ...(await judge(house)), asked: [house.agent.runs.map(({ text }) => text)] };
  } finally {
    await house.close();
  }
}

async function judge(house: House): Promise<Omit<AwayResult, "asked">> {
  const store = openStore(join(house.stateDir, "state.db"));
  const dropped: Record<string, number> = {};
  for (const { decision, reason, count } of await store.journal.counts("default"))
    if (decision === "drop" && reason !== "own_message" && reason !== "echo")
      dropped[reason] = (dropped[reason] ?? 0) + count;
  void store.close();
  return { problems: await accountingOf(house.folder, house.mac), dropped, told: house.textsTo(owner) };
}

/** Makes a stopped gateway one that was stopped so long ago. */
function age(house: House, ms: number): void {
  const database = openDatabase(join(house.stateDir, "state.db"));
  database.prepare("UPDATE account SET stopped_at = stopped_at - ?").run(ms);
  database.close();
  const path = cursorPath(house.stateDir, "default");
  const cursor = readCursor(path);
  if (cursor) writeCursor(path, { ...cursor, lastSeenMs: cursor.lastSeenMs - ms });
}
