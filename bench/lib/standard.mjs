// The standard case: the built-in agent over a model that answers at once, beside the durable floor over the same model.
// They run in turns, so that a busy moment of the machine meets both; each figure is the median of the rounds, each ratio
// that of the ratios within a round.
import { cpuSeconds, quantile, start } from "./gateway.mjs";
import { startModels } from "./models.mjs";

/** Each sender has a session. */
export const perPeer = { dmScope: "per-peer" };
const median = (values) => quantile(values, 0.5);
const round = (value, digits = 2) => Number(value.toFixed(digits));

/** @returns the figures of one program in one round */
export async function measure(options, messages) {
  const latency = await run({ mode: "latency", messages: messages.single + warmUp, senders: 100 }, options);
  const warm = latency.figures.latencies.slice(warmUp);
  const burst = await run({ mode: "burst", messages: messages.burst, senders: 100 }, options);
  return {
    p50: quantile(warm, 0.5),
    p95: quantile(warm, 0.95),
    burstMs: burst.figures.ms,
    cpuMsSingle: latency.cpuMs,
    cpuMsBurst: burst.cpuMs,
  };
}

/** The first ones meet cold code. */
const warmUp = 100;

async function run(plan, { withModel }) {
  const models = await startModels();
  const program = start(plan, withModel(models));
  try {
    await program.subscribedAt();
    const before = cpuSeconds(program.pid);
    const figures = await program.figures();
    return { figures, cpuMs: ((cpuSeconds(program.pid) - before) * 1000) / plan.messages };
  } finally {
    await program.stop();
    models.stop();
  }
}

/** @returns the median of each figure over the rounds of a program */
export function medianOf(rounds) {
  return Object.fromEntries(
    Object.keys(rounds[0]).map((key) => [key, round(median(rounds.map((each) => each[key])))]),
  );
}

/**
 * @param rounds of each program
 * @param messages.single one after the other
 * @param messages.burst at once, of 100 senders
 * @param builds folders of other builds to measure beside this one, by name
 */
export async function standardCase(rounds, messages, builds = {}) {
  const gateway = (build) => ({
    withModel: ({ settings }) => ({ ...settings, session: perPeer, ...(build && { build }) }),
  });
  const programs = {
    durableFloor: { withModel: ({ address }) => ({ floor: { kind: "durable", model: address } }) },
    ...Object.fromEntries(Object.entries(builds).map(([name, build]) => [name, gateway(build)])),
    gateway: gateway(),
  };
  const measured = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let number = 0; number < rounds; number++)
    for (const [name, options] of Object.entries(programs))
      measured[name].push(await measure(options, messages));
  const floor = measured.durableFloor;
  return Object.fromEntries(
    Object.entries(measured).map(([name, of]) => {
      const figure = (key) => round(median(of.map((each) => each[key])));
      const ratio = (key) => round(median(of.map((each, index) => each[key] / floor[index][key])));
      const keys = Object.keys(of[0]);
      return [
        name,
        {
          ...Object.fromEntries(keys.map((key) => [key, figure(key)])),
          ...(name !== "durableFloor" && {
            ratio: Object.fromEntries(keys.map((key) => [key, ratio(key)])),
          }),
        },
      ];
    }),
  );
}
