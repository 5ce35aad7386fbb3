import { expect } from "vitest";
import type { MessagesWorldOptions } from "../../src/testing/index.js";
import type { Scene } from "./scene.js";

const owner = "+15550100999";
const mia = "+15550100123";

const reviewed: MessagesWorldOptions = {
  agents: { main: ({ text }) => (text.includes("Friday") ? "Friday at seven is fine." : "I will ask.") },
  config: {
    channels: { imessage: { review: "on" } },
    commands: { ownerAllowFrom: [owner] },
    session: { dmScope: "per-peer" },
  },
};

export const draftByPoll: Scene = {
  title: "A draft, decided by a poll",
  section: "18.1",
  told: "Answers are reviewed. The Mac can send polls, so the owner votes.",
  world: reviewed,
  async play(world) {
    const [boss, guest] = [world.person(owner, "You"), world.person(mia, "Mia Wong")];
    boss.says("hello");
    guest.says("Dinner on Friday?");
    await world.settles();
    expect(guest.received).toEqual([]);
    const asked = boss.received.find(({ poll }) => poll !== undefined);
    boss.votes(asked!, "Send");
    await world.settles();
    expect(guest.received.map(({ text }) => text)).toEqual(["Friday at seven is fine."]);
    return [guest, boss];
  },
};

export const draftByNumber: Scene = {
  title: "A draft, decided by words",
  section: "18.1",
  told: "The same with imsg 0.9, which sends no polls. The owner drops one draft, and answers the other with better words.",
  world: { ...reviewed, mac: { version: "0.9.0" } },
  async play(world) {
    const [boss, guest] = [world.person(owner, "You"), world.person(mia, "Mia Wong")];
    boss.says("hello");
    await world.settles();
    guest.says("Are you there?");
    await world.settles();
    boss.says("2");
    await world.settles();
    expect(guest.received).toEqual([]);
    guest.says("Dinner on Friday?");
    await world.settles();
    const asked = boss.received.findLast(({ text }) => text.startsWith("To Mia Wong:"));
    boss.says("Friday at eight, please.", { replyTo: asked! });
    await world.settles();
    expect(guest.received.map(({ text }) => text)).toEqual(["Friday at eight, please."]);
    return [guest, boss];
  },
};
