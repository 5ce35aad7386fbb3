import { afterEach, expect, it } from "vitest";
import { Simulator } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import { GatewayLab } from "../support/gateway-lab.js";

const owner = "+15550100999";
const mia = "+15550100123";

let lab: GatewayLab;
afterEach(() => lab.close());

it("answers once under an alias, and knows a send that landed in a person's other chat", {
  timeout: 120_000,
}, async () => {
  const alias = "+15550100777";
  lab = new GatewayLab({ me: ["bot@example.com", alias] });
  const sim = new Simulator(openWorld({ db: lab.mac.dbPath, env: {} }));
  lab.configure({ allowFrom: [alias, mia, owner] }, { commands: { ownerAllowFrom: [owner] } });
  await lab.start();

  // The second row of each message comes 2 s late, and names the address that the account sends from.
  sim.fault({ kind: "self-chat-alias" }, { kind: "self-chat-delay", ms: 2000 });
  sim.say({ from: alias, text: "note to self" });
  await lab.until(() => lab.got(alias).length === 2);
  await sim.settled();
  // The answer's second row is in the journal as an echo.
  await lab.until(async () => (await echoes(lab)) >= 2);
  expect(lab.envelopes()).toHaveLength(1);

  // By script, what answers her SMS goes to her chat over iMessage, and imsg does not see its row.
  sim.fault({ kind: "other-chat", method: "send" }, { kind: "no-guid", method: "send" });
  lab.mac.say(mia, "by iMessage");
  await lab.until(() => lab.envelopes().length === 2);
  sim.say({ from: mia, text: "by SMS", service: "SMS" });
  await lab.until(() => lab.envelopes().length === 3);
  await lab.until(async () => {
    const { sending, unknown, stored, delivered } = await lab.look((store) => store.outbox.counts("default"));
    return sending + unknown === 0 && stored + delivered >= 3;
  });
  sim.say({ from: mia, text: "and once more", service: "SMS" });
  await lab.until(() => lab.envelopes().length === 4);
  expect(lab.got(owner)).toEqual([]);
  sim.close();
});

async function echoes(lab: GatewayLab): Promise<number> {
  return (await lab.look((store) => store.journal.list({ limit: 20, own: true, reason: "echo" }))).length;
}
