import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Actions, Button, Card, CardText, type Chat, emoji, type Message } from "chat";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cursorKey } from "../../src/chat-sdk/api/progress.js";
import { BotHouse, botHomes } from "../support/bot-homes.js";
import { casesOf } from "../support/cases.js";

const [mia, ben] = ["+15550100123", "+15550100456"];
const patient = { timeout: 30_000 };

// What a bot may rely on wherever its gateway is (behaviour 20.5).
describe.each(casesOf(botHomes, 1))("a bot with its gateway %s", (home) => {
  const house = new BotHouse(home);
  const heard: Message[] = [];
  const files: string[] = [];
  const set = (bot: Chat) => {
    bot.onNewMention(async (thread, message) => {
      heard.push(message);
      const [attachment] = message.attachments;
      if (attachment) {
        const { fetchData: _, ...kept } = attachment;
        const again = house.tapback.rehydrateAttachment!(kept);
        const odd = house.tapback.rehydrateAttachment!({ ...kept, fetchMetadata: { path: "/etc/hosts" } });
        for (const each of [attachment, again, odd]) files.push(String(await each.fetchData?.()));
      }
      if (message.text !== "Buttons?") {
        await thread.post(`You said: ${message.text}`);
        await thread.post({
          markdown: "It is **bold**",
          files: [{ data: Buffer.from("x"), filename: "a.txt" }],
        });
        return;
      }
      // Two equal labels are no poll.
      const labels = ["Yes", "No", "No"];
      const buttons = Actions(labels.map((label, index) => Button({ id: `b${index}`, label })));
      await thread.post(Card({ title: "Welcome!", children: [CardText("Choose:"), buttons] }));
    });
    bot.onAction(
      async ({ thread, actionId, user }) => void (await thread?.post(`${user.userId} chose ${actionId}`)),
    );
    bot.onReaction(
      [emoji.heart],
      async ({ thread, user }) => void (await thread.post(`Thank you, ${user.userId}`)),
    );
  };
  beforeAll(() => house.open(set), 60_000);
  afterAll(() => house.close());

  it("hears who wrote what in which conversation, and answers there, once", async () => {
    const { chatId } = house.world.say({ from: mia, text: "2*3*4" });
    const answers = ["You said: 2*3*4", "It is bold", "a.txt"];
    await expect.poll(() => house.texts(chatId), patient).toEqual(answers);
    const group = house.world.group([mia, ben], { name: "Crew" });
    house.world.say({ from: ben, text: "And here?", chat: group.id });
    await expect.poll(() => house.texts(group.id), patient).toHaveLength(3);
    expect(heard.map(({ text, isMention, author }) => [text, isMention, author.userId])).toEqual([
      ["2*3*4", true, mia],
      ["And here?", true, ben],
    ]);
    const [direct, inGroup] = heard.map(({ threadId }) => house.tapback.decodeThreadId(threadId));
    expect(direct).toEqual({ account: "default", kind: "dm", name: mia });
    expect(inGroup).toMatchObject({ account: "default", kind: "group" });
    expect((await house.tapback.fetchThread(heard[1]!.threadId)).channelName).toBe("Crew");
    const { messages } = await house.tapback.fetchMessages(heard[0]!.threadId, { limit: 3 });
    // What stands for a file differs.
    expect(messages.slice(0, 2).map(({ text, author }) => [text, author.isMe])).toEqual([
      ["You said: 2*3*4", true],
      ["It is bold", true],
    ]);
    expect(house.texts(chatId)).toEqual(answers);
  }, 60_000);

  it("takes a number under a list for a button, and hears tapbacks", { tags: ["long"] }, async () => {
    const { chatId } = house.world.say({ from: ben, text: "Buttons?" });
    await expect.poll(() => house.texts(chatId), patient).toContain("1. Yes\n2. No\n3. No");
    house.world.say({ from: ben, text: "2" });
    await expect.poll(() => house.texts(chatId), patient).toContain(`${ben} chose b1`);
    const answer = house.world.transcript(chatId).find(({ text }) => text === `${ben} chose b1`)!;
    house.world.tapback(ben, answer.guid, "love");
    await expect.poll(() => house.texts(chatId), patient).toContain(`Thank you, ${ben}`);
  });

  it("fetches the files of a message, also of one that its state kept", { tags: ["long"] }, async () => {
    const note = join(house.folder, "note.txt");
    writeFileSync(note, "a note");
    const { chatId } = house.world.say({ from: mia, text: "Look", attach: [note] });
    await expect.poll(() => files, patient).toEqual(["a note", "a note", "undefined"]);
    await expect.poll(() => house.texts(chatId), patient).toContain("You said: Look");
  });

  it("posts where nobody asked", { tags: ["long"] }, async () => {
    const thread = await house.tapback.openDM("+1 (555) 010-0789");
    await house.bot.thread(thread).post({ markdown: "**News**" });
    expect(house.world.transcript().filter(({ text }) => text === "News")).toHaveLength(1);
  });

  it("goes on with what came while the bot was away", async () => {
    // A bot with its gateway takes that along: what came meanwhile is late for it.
    if (home === "in its process") return;
    await house.bot.shutdown();
    heard.length = 0;
    const { chatId } = house.world.say({ from: mia, text: "Are you there?" });
    await house.startBot(set);
    await expect.poll(() => house.texts(chatId), patient).toContain("You said: Are you there?");
    // The last one before may come again, where it was not quite done.
    const texts = heard.map(({ text }) => text);
    expect(texts.filter((text) => text === "Are you there?")).toHaveLength(1);
    expect(texts.length).toBeLessThan(3);
  }, 60_000);

  it("says nothing twice that it is told again, in other words neither", async () => {
    if (home !== "behind its API, by the stream") return;
    await house.bot.shutdown();
    const said = house.world.transcript().length;
    const again: string[] = [];
    // As if it had died before it kept how far it was.
    await house.state.connect();
    await house.state.set(cursorKey(house.url), 1);
    await house.startBot((bot) => {
      bot.onNewMention(async (thread, { text }) => {
        await thread.post(`Once more: ${text}`);
        again.push(text);
      });
    });
    await expect.poll(() => again, patient).toContain("Are you there?");
    expect(again).toContain("2*3*4");
    expect(house.world.transcript()).toHaveLength(said);
  }, 60_000);
});
