import { House } from "./house.js";
import { isSettled, readState } from "./state.js";
import { until } from "./wait.js";

/** What a flood came to. */
export interface FloodResult {
  lost: string[];
  doubled: string[];
  unsettled: Record<string, number>;
  kills: number;
}

/**
 * Sends messages of many people through one gateway whose imsg child is killed on the way, again and again.
 * @param kills how often the child gets SIGKILL, spread over the messages
 */
export async function flood(messages: number, kills: number, people = 40): Promise<FloodResult> {
  const house = new House({ watchPollMs: 200 });
  try {
    await house.configure(
      { outbound: { perChatPerMinute: 100_000, perAccountPerHour: 1_000_000 } },
      {
        session: { dmScope: "per-peer" },
        logging: { level: "info" },
      },
    );
    const gateway = await house.start();
    let killed = 0;
    const due = new Map<string, string>();
    for (let n = 0; n < messages; n++) {
      const handle = `+1555010${String(1000 + (n % people))}`;
      due.set(`answer to q${n}`, handle);
      house.mac.say(handle, `q${n} plain`);
      if (n % 25 === 24) await new Promise((resolve) => setTimeout(resolve, 5));
      if (killed < kills && n >= ((killed + 1) * messages) / (kills + 1)) {
        const [child] = await gateway.children();
        if (child === undefined) continue;
        // It may have ended by itself since it was looked for.
        if (!kill(child)) continue;
        killed += 1;
      }
    }
    await until(
      () =>
        gateway.ending !== undefined ||
        (house.agent.runs.length >= messages && isSettled(readState(house.folder))),
      () =>
        `${house.agent.runs.length} turns, ${JSON.stringify(readState(house.folder))}\n${house.log.slice(-5000)}`,
      30_000 + messages * 60,
    );
    const counts = new Map<string, number>();
    for (const { text, handle } of house.mac.sent())
      counts.set(`${handle} ${text}`, (counts.get(`${handle} ${text}`) ?? 0) + 1);
    const { pending: _, sending: __, stored: ___, ...unsettled } = readState(house.folder)?.outbox ?? {};
    return {
      lost: [...due].filter(([text, handle]) => !counts.has(`${handle} ${text}`)).map(([text]) => text),
      doubled: [...counts].filter(([, count]) => count > 1).map(([text]) => text),
      unsettled,
      kills: killed,
    };
  } finally {
    await house.close();
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
