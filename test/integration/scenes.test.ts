import { expect, it } from "vitest";
import { brokenMac } from "../scenes/alerts.js";
import { askedByNumber, askedByPoll } from "../scenes/ask.js";
import { draftByNumber, draftByPoll } from "../scenes/drafts.js";
import { limitOfADay } from "../scenes/limits.js";
import { groupReadAlong } from "../scenes/listening.js";
import { type Scene, shown } from "../scenes/scene.js";
import { threeBubbles } from "../scenes/typing.js";
import { recordingHeard } from "../scenes/voice.js";

/** In the order in which the manual shows them. A new scene adds its line; `npm run scenes` writes the page. */
const scenes: readonly Scene[] = [
  ...[draftByPoll, draftByNumber, askedByPoll, askedByNumber],
  ...[limitOfADay, threeBubbles, brokenMac, recordingHeard, groupReadAlong],
];

const head = `# Scenes

<!-- Written by \`npm run scenes\`: each is played on the simulated Mac, and is a test. -->

What people see of the chapter "The owner's hand", as it was played on the simulator.
`;

it("show what the manual shows", async () => {
  const parts: string[] = [];
  for (const scene of scenes) parts.push(await shown(scene));
  await expect([head, ...parts].join("\n")).toMatchFileSnapshot("../../docs/scenes.md");
}, 180_000);
