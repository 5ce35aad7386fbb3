import { expect } from "vitest";
import type { Scene } from "./scene.js";

export const threeBubbles: Scene = {
  title: "Three bubbles, one answer",
  section: "18.4",
  told: "Mia goes on typing after each bubble, and gets one answer to all of them.",
  world: {
    agents: { main: ({ text }) => `You asked: ${text.replaceAll("\n", " ")}` },
  },
  async play(world) {
    const mia = world.person("+15550100123", "Mia Wong");
    mia.types();
    for (const text of ["Can you", "look up", "the next train?"]) {
      mia.says(text);
      mia.types();
      await world.passes({ seconds: 2 });
    }
    mia.types(false);
    await world.settles();
    expect(mia.received.map(({ text }) => text)).toEqual(["You asked: Can you look up the next train?"]);
    return [mia];
  },
};
