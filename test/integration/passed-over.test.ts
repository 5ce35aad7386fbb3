import { afterEach, expect, it } from "vitest";
import { Simulator } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";

let lab: GatewayLab;
afterEach(() => lab.close());

const texts = () => lab.envelopes().map(({ text }) => text);

/** imsg looks 20 times for the chat of a row, then drops it (protocol reference 3.4, item 8). */
it("answers a message whose chat was written after imsg had given it up, also after a restart", async () => {
  lab = new GatewayLab({ version: "0.19.1", watchHoldMs: 300, watchPollMs: 5 });
  const world = openWorld({ db: lab.mac.dbPath, env: {} });
  const sim = new Simulator(world);
  lab.configure({ allowFrom: [mia] });
  await lab.startHere();
  sim.say({ from: mia, text: "first" });
  await lab.until(() => texts().length === 1);
  // Longer than the test takes.
  sim.fault({ kind: "late-join", method: "say", ms: 600_000, times: 1 });
  const { guid } = sim.say({ from: mia, text: "given up" });
  sim.say({ from: mia, text: "behind it" });
  await lab.until(() => texts().length === 2);
  await lab.stop();
  await lab.startHere();
  sim.say({ from: mia, text: "after the restart" });
  await lab.until(() => texts().length === 3);
  world.write(() =>
    world
      .sql(
        "INSERT INTO chat_message_join (chat_id, message_id, message_date) SELECT 1, ROWID, date FROM message WHERE guid = ?",
      )
      .run(guid),
  );
  await lab.until(() => texts().length === 4);
  expect(texts()).toEqual(["first", "behind it", "after the restart", "given up"]);
  world.close();
});
