import { afterEach, expect, it } from "vitest";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const owner = "+15550100999";
const mia = "+15550100123";
const alias = "+15550100777";

afterEach(closeWorlds);

it("answers once under an alias, and knows a send that landed in a person's other chat", async () => {
  const { world, envelopes } = await recordingWorld(
    { allowFrom: [alias, mia, owner] },
    { commands: { ownerAllowFrom: [owner] } },
    { mac: { me: ["bot@example.com", alias] } },
  );
  // The second row of each message comes 2 s late, and names the address that the account sends from.
  await world.fault("self-chat-alias");
  await world.fault("self-chat-delay", { ms: 2000 });
  world.mac.say({ from: alias, text: "note to self" });
  await world.passes({ seconds: 30 });
  // The answer's second row is in the journal as an echo.
  const echoes = world.stories.all.filter(
    ({ entry: { decision } }) => decision && "reason" in decision && decision.reason === "echo",
  );
  expect(echoes.length).toBeGreaterThanOrEqual(2);
  expect(envelopes).toHaveLength(1);

  // By script, what answers her SMS goes to her chat over iMessage, and imsg does not see its row.
  await world.fault("other-chat", { method: "send" });
  await world.fault("no-guid", { method: "send" });
  const person = world.person(mia);
  person.says("by iMessage");
  await world.settles();
  person.says("by SMS", { service: "SMS" });
  await world.settles();
  expect(envelopes).toHaveLength(3);
  const states = world.stories.sends.map(({ state }) => state);
  expect(states.filter((state) => state === "stored" || state === "delivered")).toHaveLength(3);
  expect(states).not.toContain("unknown");
  person.says("and once more", { service: "SMS" });
  await world.settles();
  expect(envelopes).toHaveLength(4);
  expect(textsTo(world.person(owner))).toEqual([]);
});
