import { afterEach, expect, it } from "vitest";
import { Simulator } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";
let lab: GatewayLab;
afterEach(() => lab.close());

it.each([false, true])(
  "does not take what Messages fetched last for new at the first start (catch-up: %s)",
  { timeout: 60_000 },
  async (enabled) => {
    lab = new GatewayLab();
    const world = openWorld({ db: lab.mac.dbPath, env: {} });
    const sim = new Simulator(world);
    sim.say({ from: mia, text: "the newest", at: Date.now() - 3_600_000 });
    // As iCloud does it: older and older messages, under higher and higher numbers.
    const day = 86_400_000;
    for (let days = 1; days <= 5; days++)
      sim.say({ from: mia, text: `${days} days old`, at: Date.now() - days * day });
    world.close();
    lab.configure({ allowFrom: [mia], catchup: { enabled } });
    await lab.start();
    lab.mac.say(mia, "hello");
    await lab.until(() => lab.got(mia).length === 1);
    const texts = await lab.look(async (store) =>
      (await store.journal.list({ limit: 50 })).map(({ row }) => row.text),
    );
    expect(texts).toEqual(["hello"]);
  },
);
