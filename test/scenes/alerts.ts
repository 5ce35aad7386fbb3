import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Scene } from "./scene.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-alerts-"));
const told = join(folder, "told.txt");
/** What a person would have here sends a push message. */
const noting = `require("node:fs").appendFileSync(${JSON.stringify(told)}, process.env.TAPBACK_ALERT_TEXT + "\\0")`;

export const brokenMac: Scene = {
  title: "A Mac that may not read its messages any more",
  section: "18.5",
  told: "macOS takes the permission away while Mia waits for an answer. Nobody can be told of it in Messages, so the program of `alerts` is, once, and when it is over. Mia's message is answered then.",
  world: {
    agents: { main: ({ text }) => `You wrote: ${text}` },
    config: { alerts: [{ type: "command", command: process.execPath, args: ["-e", noting] }] },
    patience: { seconds: 60 },
  },
  async play(world) {
    const mia = world.person("+15550100123", "Mia Wong");
    mia.says("Are you there?");
    await world.settles();
    await world.fault("permission-denied", { times: 10_000 });
    await world.fault("child-dies");
    mia.says("And now?");
    await world.passes({ minutes: 10 });
    world.heals();
    await world.passes({ minutes: 10 });
    await world.settles();
    const alerts = readFileSync(told, "utf8").split("\0").filter(Boolean);
    rmSync(folder, { recursive: true });
    expect(alerts.map((text) => /come in again|no messages come in/.exec(text)?.[0])).toEqual([
      "no messages come in",
      "come in again",
    ]);
    expect(mia.received.map(({ text }) => text)).toEqual([
      "You wrote: Are you there?",
      "You wrote: And now?",
    ]);
    // When imsg is tried again has chance in it, and so has whether it was down or about to be at the last look.
    const shown = (text: string) =>
      text
        .replace(hostname(), "mini")
        .replace("imsg does not run: ", "")
        .replace(/after \d+ minutes/, "after 12 minutes");
    const lines = alerts.map((text) => ({ from: "me", text: shown(text) }));
    return [mia, { label: "The program of `alerts`", transcript: lines }];
  },
};
