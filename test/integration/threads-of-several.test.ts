import { afterEach, expect, it } from "vitest";
import { Simulator } from "../../src/simulator/index.js";
import { openWorld } from "../../src/simulator/world/world.js";
import { GatewayLab } from "../support/gateway-lab.js";

const mia = "+15550100123";
const sam = "sam@example.com";
const kim = "+15550100124";

let lab: GatewayLab;
afterEach(() => lab.close());

const decisionOf = (guid: string) =>
  lab.look(async (store) => (await store.journal.findByGuid(guid))?.decision);

it("judges a thread of several that is not reported as a group as one", { timeout: 60_000 }, async () => {
  lab = new GatewayLab();
  const world = openWorld({ db: lab.mac.dbPath, env: {} });
  const sim = new Simulator(world);
  const thread = sim.group([mia, sam, kim], { service: "SMS", unmarked: true });
  expect(thread.guid).toMatch(/^SMS;-;chat\d+$/);
  lab.configure({ allowFrom: [mia, sam], groupPolicy: "disabled" });
  await lab.start();
  const { guid } = sim.say({ from: mia, chat: thread.id, text: "who is in?" });
  await lab.until(async () => (await decisionOf(guid)) !== undefined);
  expect(await decisionOf(guid)).toMatchObject({
    kind: "drop",
    reason: "group_disabled",
    treatedAs: "group",
    remedy: expect.stringContaining("channels.imessage.groups"),
  });
  lab.configure({ allowFrom: [mia, sam], groups: { "*": { requireMention: false } } });
  await lab.until(() => lab.log.includes("configuration changed"));
  sim.say({ from: mia, chat: thread.id, text: "and now?" });
  await lab.until(() => lab.envelopes().length === 1);
  expect(lab.envelopes()[0]).toMatchObject({
    sessionKey: `agent:main:imessage:group:${thread.id}`,
    chat: { isGroup: true, chatId: thread.id },
    text: "and now?",
  });
  world.close();
});

it("drops a row whose chat is never found, and takes it up again when it is", {
  timeout: 120_000,
}, async () => {
  lab = new GatewayLab({}, "dist-test");
  const world = openWorld({ db: lab.mac.dbPath, env: {} });
  const sim = new Simulator(world);
  const group = lab.mac.group([mia, sam], "Climbing");
  lab.configure({ allowFrom: [mia, sam], groupPolicy: "disabled" });
  await lab.start({ TAPBACK_TEST_LATE_JOIN_MS: "1500" });
  // Longer than anything looks.
  sim.fault({ kind: "late-join", method: "say", ms: 600_000, times: 1 });
  const { guid } = sim.say({ from: mia, chat: group, text: "who is in?" });
  await lab.until(async () => (await decisionOf(guid)) !== undefined);
  expect(await decisionOf(guid)).toMatchObject({ kind: "drop", reason: "no_chat" });
  expect(lab.envelopes()).toEqual([]);
  world.write(() =>
    world
      .sql(
        "INSERT INTO chat_message_join (chat_id, message_id, message_date) SELECT ?, ROWID, date FROM message WHERE guid = ?",
      )
      .run(group, guid),
  );
  expect((await lab.run("retry", guid)).code).toBe(0);
  await lab.until(async () => {
    const decision = await decisionOf(guid);
    return decision?.kind === "drop" && decision.reason === "group_disabled";
  });
  expect(lab.mac.sent()).toEqual([]);
  world.close();
});
