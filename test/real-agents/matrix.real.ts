import { afterAll, afterEach, describe, it } from "vitest";
import { installedAgents, realAgents } from "./agents.js";
import { RealHouse } from "./real-house.js";
import { scenarios } from "./scenarios.js";
import { table } from "./table.js";

const installed = installedAgents();
const agents = realAgents.filter(({ name }) => installed[name] !== undefined);
const results = new Map<string, string | true>();
const keyOf = (agent: string, scenario: string) => `${agent} × ${scenario}`;
let real: RealHouse | undefined;

afterEach(() => real?.close());
afterAll(() => {
  const names = agents.map(({ name }) => name);
  const columns = scenarios.map(({ name }) => name);
  process.stdout.write(
    `\n${table(names, columns, (agent, scenario) => results.get(keyOf(agent, scenario)))}\n`,
  );
});

describe.each(agents)("$name", (agent) => {
  it.each(scenarios)("$name", async ({ name, run }) => {
    real = await RealHouse.open(agent, installed[agent.name]!);
    const key = keyOf(agent.name, name);
    try {
      await run(real);
      results.set(key, true);
    } catch (error) {
      results.set(key, `${(error as Error).message}${real.failures()}`);
      throw error;
    }
  });
});
