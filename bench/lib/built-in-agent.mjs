// The built-in agent against a model server that answers in 0 ms: what a turn costs in bytes, and in time beside the model.
import { quantile, start } from "./gateway.mjs";
import { startModels } from "./models.mjs";

const perPeer = { dmScope: "per-peer" };

/** Runs a plan with a model server of its own. @returns the figures of both */
async function run(plan, session = {}) {
  const models = await startModels();
  const program = start(plan, { ...models.settings, session });
  try {
    const figures = await program.figures();
    return { ...figures, requests: await models.figures() };
  } finally {
    await program.stop();
    models.stop();
  }
}

/** One conversation of one-line messages, short enough that nothing is summarised. */
async function requestBytes() {
  const { requests } = await run({ mode: "latency", messages: 20 });
  const { bytes, kept, tools } = requests;
  const growth = bytes.slice(1).map((size, index) => size - bytes[index]);
  return {
    tools,
    firstMessage: bytes[0],
    growthPerTurn: { p50: quantile(growth, 0.5), max: Math.max(...growth) },
    keptPrefixPercent: Math.floor(Math.min(...kept) * 1000) / 10,
  };
}

async function latency(messages) {
  const { latencies } = await run({ mode: "latency", messages, senders: messages }, perPeer);
  const warm = latencies.slice(50);
  const round = (value) => Number(value.toFixed(2));
  return { p50: round(quantile(warm, 0.5)), p95: round(quantile(warm, 0.95)) };
}

async function burst(session) {
  const { ms } = await run({ mode: "burst", messages: 200, senders: 200 }, session);
  return Math.round(ms);
}

/** @param quick fewer messages */
export async function builtInAgent(quick) {
  return {
    requestBytes: await requestBytes(),
    latencyMs: await latency(quick ? 200 : 600),
    burstOf200SendersMs: { perPeer: await burst(perPeer), inOneSession: await burst({}) },
  };
}
