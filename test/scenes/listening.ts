import { expect } from "vitest";
import type { Scene } from "./scene.js";

export const groupReadAlong: Scene = {
  title: "A group that the agent reads along",
  section: "18.8",
  told: "Nobody addresses the agent. When the group is quiet it hears what was said, and speaks by its tool where it has something to say; what it answers with is not sent. Asked by name it answers at once.",
  world: {
    agents: {
      main: async ({ text, envelope, act }) => {
        if (!envelope.listening) return "From platform 4.";
        if (text.includes("18:10"))
          await act("send", { text: "The 18:10 is cancelled today; the next one is the 18:40." });
        return "Nothing to add.";
      },
    },
    config: {
      channels: { imessage: { groups: { "*": { requireMention: true, listen: true } } } },
      messages: { groupChat: { mentionPatterns: ["@tapback"] } },
    },
  },
  async play(world) {
    const [mia, sam] = [world.person("+15550100123", "Mia Wong"), world.person("+15550100321", "Sam")];
    const trip = world.group([mia, sam], { name: "Trip" });
    mia.says("I bring the tent", { in: trip });
    sam.says("And I the stove", { in: trip });
    await world.passes({ minutes: 2 });
    expect(trip.received).toEqual([]);
    mia.says("Shall we take the 18:10?", { in: trip });
    sam.says("Yes, see you there", { in: trip });
    await world.passes({ minutes: 2 });
    sam.says("@tapback where does it leave?", { in: trip });
    await world.settles();
    expect(trip.received.map(({ text }) => text)).toEqual([
      "The 18:10 is cancelled today; the next one is the 18:40.",
      "From platform 4.",
    ]);
    return [trip];
  },
};
