import { afterEach, describe, expect, it } from "vitest";
import type { Envelope } from "../../src/conversation/index.js";
import { type MessagesWorld, messagesWorld } from "../../src/testing/index.js";

const worlds: MessagesWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const texts = ({ received }: { received: readonly { text: string }[] }) => received.map(({ text }) => text);

/** A group in which the agent reads along; it answers everything, and acts on what says `needed`. */
async function listenedTo(group: object = { listen: true }) {
  const envelopes: Envelope[] = [];
  const world = await messagesWorld({
    agents: {
      main: async (turn) => {
        envelopes.push(turn.envelope);
        if (turn.text.includes("needed")) await turn.act("send", { text: "I can help." });
        if (turn.text.includes("fails")) throw new Error("no model");
        return `answer to ${turn.text}`;
      },
    },
    config: {
      channels: { imessage: { groups: { "*": { requireMention: true, ...group } } } },
      messages: { groupChat: { mentionPatterns: ["@bot"] } },
    },
  });
  worlds.push(world);
  const [mia, sam] = [world.person("+15550100123"), world.person("+15550100321")];
  return { world, envelopes, mia, sam, trip: world.group([mia, sam], { name: "Trip" }) };
}

describe("a group that is listened to", () => {
  it("is handed over when it is quiet, as one turn whose answer is not sent", async () => {
    const { world, envelopes, mia, sam, trip } = await listenedTo();
    mia.says("When do we leave?", { in: trip });
    const last = sam.says("At six", { in: trip });
    await world.passes({ seconds: 30 });
    expect(envelopes).toEqual([]);
    await world.passes({ minutes: 2 });
    await world.settles();
    expect(envelopes).toHaveLength(1);
    expect(envelopes[0]).toMatchObject({ listening: true, context: [], sender: { isOwner: false } });
    expect(envelopes[0]!.messages.map(({ text }) => text)).toEqual(["When do we leave?", "At six"]);
    expect(envelopes[0]!.notes[0]).toContain("read along");
    expect(texts(trip)).toEqual([]);
    expect(world.story(last)).toMatchObject({ entry: { decision: { reason: "not_mentioned" } } });
  });

  it("hears what the agent has to say by its tool", async () => {
    const { world, mia, trip } = await listenedTo();
    mia.says("A tent is needed", { in: trip });
    await world.passes({ minutes: 2 });
    await world.settles();
    expect(texts(trip)).toEqual(["I can help."]);
  });

  it("is answered at once when it asks, with what was said before, and not handed over again", async () => {
    const { world, envelopes, mia, sam, trip } = await listenedTo();
    mia.says("At six", { in: trip });
    await world.passes({ seconds: 5 });
    sam.says("@bot when?", { in: trip });
    await world.passes({ seconds: 20 });
    expect(texts(trip)).toEqual(["answer to @bot when?"]);
    expect(envelopes[0]!.context.map(({ text }) => text)).toEqual(["At six"]);
    expect(envelopes[0]).not.toHaveProperty("listening");
    await world.passes({ minutes: 6 });
    expect(envelopes).toHaveLength(1);
  });

  it("is handed over after a crash too, and an apology goes to nobody", async () => {
    const { world, envelopes, mia, trip } = await listenedTo();
    mia.says("This fails", { in: trip });
    await world.passes({ seconds: 10 });
    await world.fault("gateway-dies");
    await world.passes({ minutes: 3 });
    await world.settles();
    expect(envelopes.map(({ listening }) => listening)).toEqual([true]);
    expect(texts(trip)).toEqual([]);
  });

  it("is not, where nobody said so", async () => {
    const { world, envelopes, mia, trip } = await listenedTo({});
    mia.says("A tent is needed", { in: trip });
    await world.passes({ minutes: 6 });
    expect(envelopes).toEqual([]);
    expect(texts(trip)).toEqual([]);
  });
});
