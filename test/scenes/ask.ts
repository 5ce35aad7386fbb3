import { expect } from "vitest";
import type { MessagesWorldOptions } from "../../src/testing/index.js";
import type { Scene } from "./scene.js";

const asking: MessagesWorldOptions = {
  agents: {
    main: async ({ act }) => {
      const options = ["Thursday", "Friday"];
      const { choice } = (await act("ask", { question: "Which day suits you?", options })) as {
        choice: string;
      };
      return `A table for ${choice}, at seven.`;
    },
  },
};

export const askedByPoll: Scene = {
  title: "A question, answered by a vote",
  section: "18.2",
  told: "The agent asks before it books, and Mia changes her mind.",
  world: asking,
  async play(world) {
    const mia = world.person("+15550100123", "Mia Wong");
    mia.says("Book us a table");
    await world.passes({ seconds: 10 });
    const asked = mia.received.find(({ poll }) => poll !== undefined)!;
    mia.votes(asked, "Thursday");
    await world.passes({ seconds: 2 });
    mia.votes(asked, "Friday");
    await world.settles();
    expect(mia.received.at(-1)?.text).toBe("A table for Friday, at seven.");
    return [mia];
  },
};

export const askedByNumber: Scene = {
  title: "A question, answered by a number",
  section: "18.2",
  told: "The same with imsg 0.9, which sends no polls.",
  world: { ...asking, mac: { version: "0.9.0" } },
  async play(world) {
    const mia = world.person("+15550100123", "Mia Wong");
    mia.says("Book us a table");
    await world.passes({ seconds: 10 });
    mia.says("2");
    await world.settles();
    expect(mia.received.at(-1)?.text).toBe("A table for Friday, at seven.");
    return [mia];
  },
};
