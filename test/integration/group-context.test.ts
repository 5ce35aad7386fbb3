import { afterEach, expect, it } from "vitest";
import { Simulator } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import { GatewayLab } from "../support/gateway-lab.js";

const [mia, sam] = ["+15550100123", "sam@example.com"];

let lab: GatewayLab;
afterEach(() => lab.close());

it("keeps 500 messages that do not address it, and hands the last of them to the next mention", {
  tags: ["long"],
  timeout: 90_000,
}, async () => {
  lab = new GatewayLab();
  const sim = new Simulator(openWorld({ db: lab.mac.dbPath, env: {} }));
  const [group, other] = ["Climbing", "Cooking"].map((name) => sim.group([mia, sam], { name }).id);
  const historyLimit = 7;
  lab.configure(
    { groupPolicy: "open", groups: { "*": { requireMention: true } }, historyLimit },
    { messages: { groupChat: { mentionPatterns: ["\\bbot\\b"] } } },
  );
  await lab.startHere();
  const said = Array.from({ length: 500 }, (_, index) => `message ${index}`);
  for (const [index, text] of said.entries()) sim.say({ from: index % 2 ? mia : sam, chat: group!, text });
  sim.say({ from: sam, chat: other!, text: "not for this group" });
  const counts = () => lab.look((store) => store.journal.counts("default"));
  const kept = async () =>
    (await counts()).reduce((sum, row) => sum + (row.reason === "not_mentioned" ? row.count : 0), 0);
  await lab.until(async () => (await kept()) === 501);
  expect(lab.envelopes()).toEqual([]);
  expect(lab.mac.sent()).toEqual([]);

  sim.say({ from: mia, chat: group!, text: "bot, what was that?" });
  await lab.until(() => lab.mac.sent().length === 1);
  const [envelope] = lab.envelopes();
  expect(envelope!.text).toBe("bot, what was that?");
  expect(envelope!.context.map(({ sender, text }) => [sender, text])).toEqual(
    said.slice(-historyLimit).map((text, index) => [(500 - historyLimit + index) % 2 ? mia : sam, text]),
  );
  // What was handed over once is not handed over again, and what is older stays behind.
  sim.say({ from: sam, chat: group!, text: "one more" });
  sim.say({ from: mia, chat: group!, text: "and now, bot?" });
  await lab.until(() => lab.mac.sent().length === 2);
  expect(lab.envelopes()[1]!.context.map(({ text }) => text)).toEqual(["one more"]);
  sim.close();
});
