import { afterEach, expect, it } from "vitest";
import { mostTurns } from "../../src/inbound/loop-guard.js";
import { Simulator } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import { GatewayLab } from "../support/gateway-lab.js";

const owner = "+15550100999";
const mia = "+15550100123";
const me = "bot@example.com";

let lab: GatewayLab;
afterEach(() => lab.close());

it("answers oneself once, and stops a chat with an automatic answer, of which the owner hears once", {
  timeout: 90_000,
}, async () => {
  lab = new GatewayLab();
  const sim = new Simulator(openWorld({ db: lab.mac.dbPath, env: {} }));
  lab.configure({ allowFrom: [me, mia, owner] }, { commands: { ownerAllowFrom: [owner] } });
  await lab.start();

  // Each message of a chat with oneself is stored twice, its second row at once or later.
  sim.say({ from: me, text: "note to self" });
  await lab.until(() => lab.envelopes().length === 1);
  sim.fault({ kind: "self-chat-delay", ms: 700 });
  sim.say({ from: me, text: "another note" });
  await lab.until(() => lab.envelopes().length === 2);

  // A machine at the other end answers every answer with the same words.
  const away = "Sorry, I am away. Your message will be read tomorrow.";
  let answered = 0;
  lab.mac.say(mia, away);
  await lab.until(() => {
    const got = lab.got(mia).length;
    for (; answered < got; answered++) lab.mac.say(mia, away);
    return lab.got(owner).length > 0;
  });
  const stopped = () => lab.look((store) => store.journal.list({ limit: 9, reason: "loop_guard" }));
  lab.mac.say(mia, away);
  await lab.until(async () => (await stopped()).length > 0);
  expect(lab.got(mia).length).toBeLessThanOrEqual(mostTurns + 2);
  expect(lab.got(mia).length).toBeGreaterThanOrEqual(mostTurns);
  expect(lab.got(owner)).toEqual([expect.stringContaining("without new words")]);
  // Nobody else was held up, and one's own notes were answered once each.
  lab.mac.say(owner, "and me?");
  await lab.until(() => lab.got(owner).length === 2);
  expect(lab.envelopes().filter(({ sender }) => sender.handle === me)).toHaveLength(2);
  await sim.settled();
  sim.close();
});
