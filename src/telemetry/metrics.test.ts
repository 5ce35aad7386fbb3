import parse from "parse-prometheus-text-format";
import { beforeEach, expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import type { Decision } from "../conversation/index.js";
import type { GatewayStatus } from "../health/index.js";
import type { AccountEvent } from "./events.js";
import { Metrics } from "./metrics.js";

let metrics: Metrics;
let at = 0;
beforeEach(() => {
  metrics = new Metrics();
  at = 0;
});

const nobody = { gateway: null, defaultAccount: "home", accounts: [] } satisfies GatewayStatus;
const account = {
  ...{ id: "home", connected: true, restarts: 2 },
  stages: [
    { name: "child", ok: true },
    { name: "sends", ok: false },
  ],
  queues: {
    ...{ inbound: 1, turns: 2, running: 3 },
    outbox: { held: 4, pending: 5, sending: 6, delivered: 70, stored: 80, not_sent: 90, unknown: 7 },
  },
} as unknown as GatewayStatus["accounts"][number];

function tell(event: AccountEvent, account = "home"): void {
  metrics.heard({ ...event, account, at });
  at += 1000;
}

/** What a reader of the format that is not ours makes of it: the samples of a family. */
async function samples(name: string, status: GatewayStatus = nobody) {
  const family = parse(await metrics.text(status)).find((one) => one.name === name);
  return family?.metrics.map(({ value, labels }) => [labels, value]);
}

const message = { ...row(7), guid: "A", sender: "+15550100001", text: "a secret" };
const dispatch = { kind: "dispatch", isOwner: false, gates: [] } as unknown as Decision;
const refusal = { kind: "drop", reason: "sender-not-allowed", gates: [] } as unknown as Decision;
const turn = { type: "turn", turnId: "t1", agentId: "main", sessionKey: "s", attempt: 1 } as const;
const sent = {
  type: "sent",
  id: 4,
  chatKey: "c",
  origin: "turn",
  turnId: "t1",
  state: "stored",
  queuedAt: 0,
} as const;

it("counts messages, decisions, turns and sends, and how long they took", async () => {
  tell({ type: "message", message, arrival: "live" });
  tell({ type: "decision", message, decision: dispatch });
  tell({ ...turn, state: "started", messages: ["A"] });
  tell({ ...turn, state: "done", messages: ["A"] });
  tell(sent);
  tell(sent);
  tell({ type: "decision", message, decision: refusal }, "work");
  expect(await samples("tapback_messages_total")).toEqual([[{ account: "home", arrival: "live" }, "1"]]);
  expect(await samples("tapback_decisions_total")).toEqual([
    [{ account: "home", decision: "dispatch", reason: "" }, "1"],
    [{ account: "work", decision: "drop", reason: "sender-not-allowed" }, "1"],
  ]);
  expect(await samples("tapback_turns_total")).toEqual([
    [{ account: "home", agent: "main", outcome: "done" }, "1"],
  ]);
  expect(await samples("tapback_sends_total")).toEqual([
    [{ account: "home", origin: "turn", outcome: "stored" }, "2"],
  ]);
  // The reader keeps nothing of a histogram but its steps.
  const text = await metrics.text(nobody);
  expect(text).toContain('tapback_turn_seconds_sum{account="home",agent="main"} 1\n');
  // From the message to the first send, not to the second.
  expect(text).toContain('tapback_answer_seconds_sum{account="home"} 4\n');
  expect(text).toContain('tapback_answer_seconds_count{account="home"} 1\n');
});

it("tells how accounts do now, and nothing of one that is gone", async () => {
  const status = { ...nobody, accounts: [account] };
  expect(await samples("tapback_connected", status)).toEqual([[{ account: "home" }, "1"]]);
  expect(await samples("tapback_imsg_restarts", status)).toEqual([[{ account: "home" }, "2"]]);
  expect(await samples("tapback_stage_ok", status)).toEqual([
    [{ account: "home", stage: "child" }, "1"],
    [{ account: "home", stage: "sends" }, "0"],
  ]);
  const queues = { inbound: 1, turns: 2, running: 3, held: 4, pending: 5, sending: 6, unknown: 7 };
  expect(await samples("tapback_queue", status)).toEqual(
    Object.entries(queues).map(([queue, count]) => [{ account: "home", queue }, String(count)]),
  );
  expect(await samples("tapback_connected")).toEqual([]);
});

it("names no person and no chat, and has what every program has", async () => {
  tell({ type: "message", message, arrival: "live" });
  tell({ type: "decision", message, decision: refusal });
  const text = await metrics.text({ ...nobody, accounts: [account] });
  expect(text).not.toMatch(/secret|1555/);
  expect(Number((await samples("process_resident_memory_bytes"))?.[0]?.[1])).toBeGreaterThan(1e6);
  expect(Number((await samples("process_cpu_seconds_total"))?.[0]?.[1])).toBeGreaterThan(0);
  expect(await samples("tapback_info")).toEqual([[{ version: "0.0.0-test" }, "1"]]);
  expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
});
