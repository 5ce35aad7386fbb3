// Ten accounts in one gateway: what they cost, and whether one that falls again and again disturbs the others.
import { quantile, residentMb, start } from "./gateway.mjs";

const round = (value, digits = 1) => Number(value.toFixed(digits));
const session = { dmScope: "per-account-channel-peer" };
const nine = Array.from({ length: 9 }, (_, index) => `mac${index + 1}`);

/** @param messages to each account, one at a time, with a pause as between people */
export async function severalAccounts(messages) {
  const idle = start({ mode: "idle" }, { accounts: [...nine, "mac10"], session });
  const subscribed = await Promise.all([...nine, "mac10"].map((name) => idle.subscribedAt(name)));
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const memory = residentMb(idle.pid);
  await idle.stop();
  // In turns, so that a busy moment of the machine meets both.
  const healthy = [];
  const beside = [];
  for (let turn = 0; turn < 3; turn++) {
    healthy.push(await latencyOfNine(messages, "mac10"));
    beside.push(await latencyOfNine(messages, "crashes"));
  }
  const [usual, crashing] = [median(healthy), median(beside)];
  return {
    coldStartMs: Math.max(...subscribed) - idle.startedAt,
    residentMb: round(memory),
    latencyMs: usual,
    oneInCrashLoop: { latencyMs: crashing, p95Ratio: round(crashing.p95 / usual.p95, 2) },
  };
}

/** Of the rounds, the one in the middle by its p95. */
function median(rounds) {
  return rounds.sort((a, b) => a.p95 - b.p95)[Math.floor(rounds.length / 2)];
}

async function latencyOfNine(messages, tenth) {
  const plan = { mode: "latency", messages, pauseMs: 250 };
  const program = start(plan, { accounts: [...nine, tenth], session });
  const figures = await Promise.all(nine.map((name) => program.figures(name)));
  await program.stop();
  // The first ones meet cold code.
  const warm = figures.flatMap(({ latencies }) => latencies.slice(20));
  return { p50: round(quantile(warm, 0.5), 2), p95: round(quantile(warm, 0.95), 2) };
}
