import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { guests, owner } from "../../cast.js";
import { kind } from "../kind.js";

/** Somebody sends a file; its content is the message's own word, and the agent reads it. */
export const file = kind({
  name: "file",
  weight: 25,
  messages: () => 1,
  draw: (random) => ({ who: random.pick([owner, ...guests]), mac: random.chance(0.3) ? 1 : 0 }),
  play(stage, { who, mac }) {
    const path = join(stage.parts.folder, `m${stage.said}.txt`);
    writeFileSync(path, `m${stage.said}`);
    stage.say(who, `m${stage.said} asks plain`, "plain", { mac, attach: [path] });
  },
});
