import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";

const mia = "+15550100123";

/** Both sides of a poll (protocol reference 3.3, 4.5). */
describe("polls", () => {
  let imsg: ImsgUnderTest;
  beforeEach(async () => {
    imsg = await underTest({ version: "0.14.0", bridge: true, sip: "disabled" });
  });
  afterEach(() => imsg.close());

  it("are sent into the thread that they answer", async () => {
    const { world } = imsg;
    const { guid, chatId } = world.say({ from: mia, text: "what now?" });
    const question = { chat_id: chatId, question: "Dinner?", options: ["Pizza", "Sushi"], reply_to: guid };
    await imsg.rpc().call("poll.send", question);
    const [, poll, caption] = world.transcript(chatId);
    expect(poll).toMatchObject({ from: "me", thread: guid, poll: { question: "Dinner?" } });
    expect(caption).toMatchObject({ from: "me", text: "Dinner?" });
  });

  it("are asked and answered by people, over the library", async () => {
    const { world } = imsg;
    const group = world.group([mia, "sam@example.com"], { name: "Climbing" });
    const asked = world.poll(mia, { question: "When?", options: ["9am", "10am"], chat: group.id });
    world.vote("sam@example.com", asked.guid, "10am");
    world.vote("sam@example.com", asked.guid, asked.options[1]!.id, true);
    expect(() => world.vote(mia, asked.guid, "noon")).toThrow('"noon" is no option of that poll');
    const { messages } = await imsg.rpc().call("messages.history", { chat_id: group.id });
    expect(messages).toMatchObject([
      { sender: "sam@example.com", poll: { kind: "vote" } },
      {
        sender: "sam@example.com",
        poll: {
          kind: "vote",
          poll_guid: asked.guid,
          vote: { option_text: "10am", participant: "sam@example.com", event_type: "selected" },
        },
      },
      { sender: mia, poll: { kind: "created", question: "When?", creator: mia } },
    ]);
  });

  it("tell what is chosen still when a choice is taken back, and what went", async () => {
    const { world } = imsg;
    const { guid, chatId } = world.poll(mia, { question: "May I?", options: ["Allow", "Deny"] });
    for (const option of ["Deny", "Allow"]) world.vote(mia, guid, option);
    for (const option of ["Deny", "Allow"]) world.vote(mia, guid, option, true);
    const { messages } = await imsg.rpc().call("messages.history", { chat_id: chatId });
    const votes = (messages as { poll: { votes?: object[] } }[]).map(({ poll }) => poll.votes).reverse();
    const [allow, deny] = ["Allow", "Deny"].map((text) =>
      expect.objectContaining({ option_text: text, event_type: "selected" }),
    );
    expect(votes).toEqual([undefined, [deny], [deny, allow], [allow], undefined]);
    expect(world.transcript(chatId).map(({ vote }) => vote)).toEqual([
      undefined,
      { option: "Deny", takenBack: false },
      { option: "Allow", takenBack: false },
      { option: "Deny", takenBack: true },
      { option: "Allow", takenBack: true },
    ]);
  });

  it("are asked and answered by people, on the command line", async () => {
    const json = async (...args: string[]) => {
      const { code, stdout } = await imsg.run(...args, "--json");
      expect(code, stdout).toBe(0);
      return JSON.parse(stdout);
    };
    const options = ["--option", "Pizza", "--option", "Sushi"];
    const asked = await json("poll", "send", "--from", mia, "--question", "Dinner?", ...options);
    expect(asked).toMatchObject({ chat_id: 1, options: [{ text: "Pizza" }, { text: "Sushi" }] });
    await json("poll", "vote", "--from", mia, "--poll", asked.guid, "--option", "Sushi");
    await json("poll", "unvote", "--from", mia, "--poll", asked.guid, "--option", "Sushi");
    expect(imsg.world.transcript(1)).toHaveLength(3);
  });
});
