import { afterEach, expect, it } from "vitest";
import { mostTurns } from "../../src/inbound/loop-guard.js";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const owner = "+15550100999";
const mia = "+15550100123";
const me = "bot@example.com";

afterEach(closeWorlds);

it("answers oneself once, and stops a chat with an automatic answer, of which the owner hears once", async () => {
  const { world, envelopes } = await recordingWorld(
    { allowFrom: [me, mia, owner] },
    { commands: { ownerAllowFrom: [owner] } },
  );
  // Each message of a chat with oneself is stored twice, its second row at once or later.
  world.mac.say({ from: me, text: "note to self" });
  await world.passes({ seconds: 20 });
  expect(envelopes).toHaveLength(1);
  await world.fault("self-chat-delay", { ms: 700 });
  world.mac.say({ from: me, text: "another note" });
  await world.passes({ seconds: 20 });
  expect(envelopes).toHaveLength(2);

  // A machine at the other end answers every answer with the same words.
  const away = "Sorry, I am away. Your message will be read tomorrow.";
  const [machine, boss] = [world.person(mia), world.person(owner)];
  let last = machine.says(away);
  for (let rounds = 0; rounds < 2 * mostTurns && textsTo(boss).length === 0; rounds++) {
    await world.settles();
    last = machine.says(away);
  }
  await world.settles();
  expect(world.story(last)?.entry.decision).toMatchObject({ kind: "drop", reason: "loop_guard" });
  expect(textsTo(machine).length).toBeLessThanOrEqual(mostTurns + 2);
  expect(textsTo(machine).length).toBeGreaterThanOrEqual(mostTurns);
  expect(textsTo(boss)).toEqual([expect.stringContaining("without new words")]);
  // Nobody else was held up, and one's own notes were answered once each.
  boss.says("and me?");
  await world.settles();
  expect(textsTo(boss)).toHaveLength(2);
  expect(envelopes.filter(({ sender }) => sender.handle === me)).toHaveLength(2);
});
