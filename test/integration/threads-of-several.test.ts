import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openExistingStore } from "../../src/store/index.js";
import { closeWorlds, recordingWorld } from "../support/recording-world.js";

const mia = "+15550100123";
const sam = "sam@example.com";
const kim = "+15550100124";

afterEach(closeWorlds);

it("judges a thread of several that is not reported as a group as one", async () => {
  const { world, envelopes } = await recordingWorld({ allowFrom: [mia, sam], groupPolicy: "disabled" });
  const thread = world.group([mia, sam, kim], { service: "SMS", unmarked: true });
  expect(world.mac.chat(thread.id).guid).toMatch(/^SMS;-;chat\d+$/);
  const message = world.person(mia).says("who is in?", { in: thread });
  await world.settles();
  expect(world.story(message)?.entry.decision).toMatchObject({
    kind: "drop",
    reason: "group_disabled",
    treatedAs: "group",
    remedy: expect.stringContaining("channels.imessage.groups"),
  });
  await world.configures({
    channels: { imessage: { allowFrom: [mia, sam], groups: { "*": { requireMention: false } } } },
  });
  world.person(mia).says("and now?", { in: thread });
  await world.settles();
  expect(envelopes).toHaveLength(1);
  expect(envelopes[0]).toMatchObject({
    sessionKey: `agent:main:imessage:group:${thread.id}`,
    chat: { isGroup: true, chatId: thread.id },
    text: "and now?",
  });
});

it("drops a row whose chat is never found, and takes it up again when it is", async () => {
  const { world, envelopes } = await recordingWorld({ allowFrom: [mia, sam], groupPolicy: "disabled" });
  const group = world.group([mia, sam], { name: "Climbing" });
  // Longer than anything looks.
  await world.fault("late-join", { method: "say", ms: 6_000_000, times: 1 });
  const message = world.person(mia).says("who is in?", { in: group });
  await world.settles();
  expect(world.story(message)?.entry.decision).toMatchObject({ kind: "drop", reason: "no_chat" });
  expect(envelopes).toEqual([]);
  world.mac.joinAgain(message.guid, group.id);
  // As `tapback retry` does it, from another process.
  const store = openExistingStore(join(world.stateDir, "state.db"))!;
  const entry = await store.journal.findByGuid(message.guid);
  expect(await store.journal.reopen([entry!.id], "retry")).toBe(1);
  await world.passes({ seconds: 30 });
  const decision = (await store.journal.findByGuid(message.guid))?.decision;
  await store.close();
  expect(decision).toMatchObject({ kind: "drop", reason: "group_disabled" });
  expect(group.received).toEqual([]);
});
