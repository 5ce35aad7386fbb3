import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { caf } from "../support/sample-files.js";
import type { Scene } from "./scene.js";

const transcriber = join(import.meta.dirname, "../fixtures/transcriber.mjs");

export const recordingHeard: Scene = {
  title: "A recording",
  section: "18.6",
  told: "Mia sends two voice messages. Messages has written down the second; the first goes to the program of `voice.transcribe`. Either way the agent gets the words.",
  world: {
    agents: { main: ({ text }) => `I heard: ${text}` },
    config: { voice: { transcribe: { command: process.execPath, args: [transcriber] } } },
    patience: { seconds: 60 },
  },
  async play(world) {
    const mia = world.person("+15550100123", "Mia Wong");
    const folder = mkdtempSync(join(tmpdir(), "tapback-recording-"));
    const recording = join(folder, "Audio Message.caf");
    writeFileSync(recording, Buffer.concat([caf(), Buffer.from("said:Please call the garage.")]));
    mia.says("", { files: [recording], voice: true });
    await world.settles();
    mia.says("And ask what it costs.", { files: [recording], voice: true });
    await world.settles();
    rmSync(folder, { recursive: true });
    expect(mia.received.map(({ text }) => text)).toEqual([
      "I heard: Please call the garage.",
      "I heard: And ask what it costs.",
    ]);
    return [mia];
  },
};
