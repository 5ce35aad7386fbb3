import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../faults/harness/random.js";
import { isSettled, readState } from "../faults/harness/state.js";
import { until } from "../faults/harness/wait.js";
import { RemoteHouse } from "./remote-house.js";

/** What a conversation over a bad line came to. */
export interface CutResult {
  lost: string[];
  doubled: string[];
  unsettled: Record<string, number>;
  /** Whether the line was cut at least as often as was asked for. */
  enough: boolean;
}

/**
 * Lets people write over a line that is cut again and again, at any byte of what the Mac says or is told.
 * @param cuts how often
 */
export async function conversationOverCuts(cuts: number, random: Random): Promise<CutResult> {
  const house = await RemoteHouse.open();
  try {
    await house.configure();
    const gateway = await house.start();
    const due = new Map<string, string>();
    const { line } = house.sshd;
    let n = 0;
    const say = () => {
      const handle = `+1555010${1000 + (n % 7)}`;
      due.set(`answer to q${n}`, handle);
      house.mac.say(handle, `q${n++} plain`);
    };
    while (line.cuts < cuts) {
      const before = line.cuts;
      // Anywhere: in the handshake, in a subscription's answer, in a row, in the answer to a send.
      const most = random.chance(0.3) ? 4000 : 1500;
      // A request that is cut never reaches imsg: what it asked for is to be done over the next line.
      line.cut(1 + random.between(0, most), random.chance(0.3) ? "near" : "far");
      const end = Date.now() + 10_000;
      while (line.cuts === before && Date.now() < end) {
        say();
        await pause(random.between(20, 100));
      }
      // A line that says too little for its cut is cut at once.
      if (line.cuts === before) line.cut();
    }
    line.cut(Number.POSITIVE_INFINITY);
    say();
    await until(
      () => house.agent.runs.length >= n && isSettled(readState(house.folder)),
      () =>
        `${house.agent.runs.length} of ${n} turns, ${JSON.stringify(readState(house.folder))}\n${gateway.log.slice(-6000)}`,
      120_000,
    );
    const counts = new Map<string, number>();
    for (const { text, handle } of house.mac.sent())
      counts.set(`${handle} ${text}`, (counts.get(`${handle} ${text}`) ?? 0) + 1);
    const { pending: _, sending: __, stored: ___, ...unsettled } = readState(house.folder)?.outbox ?? {};
    return {
      lost: [...due].filter(([text, handle]) => !counts.has(`${handle} ${text}`)).map(([text]) => text),
      doubled: [...counts].filter(([, count]) => count > 1).map(([text]) => text),
      unsettled,
      enough: line.cuts >= cuts,
    };
  } finally {
    await house.close();
  }
}
