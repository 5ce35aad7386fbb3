import { join } from "node:path";
import type { Fault } from "../../../src/simulator/world/fault.js";
import { openStore } from "../../../src/store/index.js";
import { House } from "./house.js";
import { until } from "./wait.js";

const mia = "+15550100001";
const sam = "sam@example.com";

/** What became of answers of which every one goes wrong. */
export interface SendingResult {
  /** Texts that reached each person. */
  got: Record<string, string[]>;
  /** Answers in the outbox, by state and code of their error. */
  outbox: Record<string, number>;
  /** Sends that the log reports as not sent. */
  reported: number;
}

/** Two people write so often each, and the same goes wrong with every answer. */
export async function everySend(fault: Fault, messages: number): Promise<SendingResult> {
  const house = new House({ watchPollMs: 200 });
  try {
    await house.configure({ sendTransport: "applescript" });
    const gateway = await house.start({ env: { TAPBACK_TEST_SEND_MS: "400", TAPBACK_TEST_HUNG_MS: "100" } });
    house.mac.misbehave(fault);
    for (let n = 0; n < messages; n++) for (const handle of [mia, sam]) house.mac.say(handle, `q${n} plain`);
    await until(
      () => house.agent.runs.length >= 2 * messages,
      () => house.log,
    );
    await house.settled("every send came to an end", 60_000 + messages * 10_000);
    await gateway.stop();
    const store = openStore(join(house.stateDir, "state.db"));
    const outbox: Record<string, number> = {};
    for (const { origin, state, error } of await store.outbox.list({ limit: 10_000 })) {
      if (origin !== "turn") continue;
      const key = error === undefined ? state : `${state} ${error.code}`;
      outbox[key] = (outbox[key] ?? 0) + 1;
    }
    await store.close();
    return {
      got: { [mia]: house.textsTo(mia), [sam]: house.textsTo(sam) },
      outbox,
      reported: gateway.log.split("send not_sent:").length - 1,
    };
  } finally {
    await house.close();
  }
}

/** A subscription stays up and says nothing. @returns how long each message waited until it was journaled, milliseconds */
export async function silentWatch(messages: number): Promise<{ waitedMs: number[]; stalls: number }> {
  const house = new House({ watchPollMs: 200 });
  try {
    await house.configure();
    const gateway = await house.start();
    house.mac.say(mia, "q0 plain");
    await house.got(mia, 1);
    house.mac.misbehave({ kind: "silent-watch" });
    for (let n = 1; n <= messages; n++) {
      house.mac.say(mia, `q${n} plain`);
      await house.got(mia, n + 1);
    }
    await house.settled();
    await gateway.stop();
    const store = openStore(join(house.stateDir, "state.db"));
    const entries = (await store.journal.list({ own: false, limit: 1000 })).filter(
      ({ row }) => row.text !== "q0 plain",
    );
    await store.close();
    return {
      waitedMs: entries.map(({ row, receivedAt }) => receivedAt - row.sentAt),
      stalls: gateway.log.split("subscribed and silent").length - 1,
    };
  } finally {
    await house.close();
  }
}
