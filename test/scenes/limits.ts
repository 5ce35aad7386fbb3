import { expect } from "vitest";
import type { Scene } from "./scene.js";

const [owner, mia] = ["+15550100999", "+15550100123"];

export const limitOfADay: Scene = {
  title: "A guest whose limit is reached",
  section: "18.3",
  told: "Guests have two turns a day. Mia writes four times; she is told once, and so are you.",
  world: {
    agents: { main: ({ text }) => `You wrote: ${text}` },
    config: {
      accessGroups: { guests: { members: [mia], turnsPerDay: 2 } },
      commands: { ownerAllowFrom: [owner] },
      session: { dmScope: "per-peer" },
    },
  },
  async play(world) {
    const [boss, guest] = [world.person(owner, "You"), world.person(mia, "Mia Wong")];
    boss.says("hello");
    for (const text of ["one", "two", "three", "four"]) {
      guest.says(text);
      await world.settles();
    }
    expect(guest.received.slice(0, 2).map(({ text }) => text)).toEqual(["You wrote: one", "You wrote: two"]);
    expect(guest.received).toHaveLength(3);
    expect(boss.received).toHaveLength(2);
    return [guest, boss];
  },
};
