import { afterEach, expect, it } from "vitest";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const [mia, sam] = ["+15550100123", "sam@example.com"];
const historyLimit = 7;

afterEach(closeWorlds);

it("keeps 500 messages that do not address it, and hands the last of them to the next mention", {
  tags: ["long"],
}, async () => {
  const { world, envelopes } = await recordingWorld(
    { groupPolicy: "open", groups: { "*": { requireMention: true } }, historyLimit },
    { messages: { groupChat: { mentionPatterns: ["\\bbot\\b"] } } },
  );
  const people = [world.person(mia), world.person(sam)];
  const [group, other] = ["Climbing", "Cooking"].map((name) => world.group(people, { name }));
  const said = Array.from({ length: 500 }, (_, index) => `message ${index}`);
  const saidBy = (index: number) => people[index % 2]!;
  const messages = said.map((text, index) => saidBy(index).says(text, { in: group! }));
  messages.push(people[1]!.says("not for this group", { in: other! }));
  await world.settles();
  for (const message of messages)
    expect(world.story(message)?.entry.decision).toMatchObject({ kind: "context", reason: "not_mentioned" });
  expect(envelopes).toEqual([]);
  expect(textsTo(group!)).toEqual([]);

  people[0]!.says("bot, what was that?", { in: group! });
  await world.settles();
  expect(textsTo(group!)).toEqual(["re: bot, what was that?"]);
  const [envelope] = envelopes;
  expect(envelope!.text).toBe("bot, what was that?");
  expect(envelope!.context.map(({ sender, text }) => [sender, text])).toEqual(
    said.slice(-historyLimit).map((text, index) => [saidBy(500 - historyLimit + index).handle, text]),
  );
  // What was handed over once is not handed over again, and what is older stays behind.
  people[1]!.says("one more", { in: group! });
  people[0]!.says("and now, bot?", { in: group! });
  await world.settles();
  expect(envelopes[1]!.context.map(({ text }) => text)).toEqual(["one more"]);
  expect(textsTo(other!)).toEqual([]);
});
