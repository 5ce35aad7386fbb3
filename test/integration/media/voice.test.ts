import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "../../../src/platform/index.js";
import { processStamp } from "../../../src/platform/processes/process-stamp.js";
import { MediaLab } from "../../support/media-lab.js";
import { amr, caf, heads, m4a } from "../../support/sample-files.js";

const lab = new MediaLab({ version: "0.14.0", bridge: true, sip: "disabled" }, "dist-test");
const { gateway } = lab;
const { mac } = gateway;
const programs = join(gateway.folder, "programs");
/** What the programs were given, one JSON per line; files beside it tell them to wait or to fail. */
const log = join(programs, "log");
const flag = (name: string) => join(programs, name);

const hear = `
const file = process.argv.at(-1);
note({ pid: process.pid, hear: file.split("/").at(-1), head: fs.readFileSync(file).subarray(0, 8).toString("latin1") });
fs.writeFileSync("left-over.srt", "call me back");
const look = setInterval(() => {
  if (fs.existsSync("${flag("wait")}")) return;
  clearInterval(look);
  if (fs.existsSync("${flag("deaf")}")) process.exit(3);
  console.log("call me back");
}, 20);`;
const say = `
const text = fs.readFileSync(0, "utf8");
note({ say: text });
if (fs.existsSync("${flag("mute")}")) process.exit(3);
fs.writeFileSync(process.argv.at(-1), Buffer.from("${m4a().toString("hex")}", "hex"));`;

function program(name: string, body: string): string {
  const path = join(programs, name);
  const head = `#!${process.execPath}
const fs = require("fs");
const note = (line) => fs.appendFileSync("${log}", JSON.stringify(line) + "\\n");`;
  writeFileSync(path, `${head}${body}`, { mode: 0o755 });
  return path;
}

const env = { IMSG_SIM_HOME: gateway.folder, TAPBACK_TEST_FILES_MS: "1000" };

beforeAll(async () => {
  mkdirSync(programs);
  const voice = {
    transcribe: { command: program("hear", hear), args: ["--model", "$(id)"] },
    speak: { command: program("say", say), args: ["-o", "{file}"] },
    answer: "mirror",
  };
  await lab.start({}, env, { voice });
}, 60_000);
afterAll(() => gateway.close());

const ran = () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : []);
/** A recording as Messages brings it: without a type. */
const recording = (name: string, content: Uint8Array) => ({
  ...mac.store(lab.file(name, content)),
  ...{ uti: "", mime: "" },
});
const sent = (handle: string) => mac.transcript(handle).filter(({ from }) => from === "me");
/** Whether Messages shows a message as a voice message. */
const isVoice = (guid: string) => {
  const db = openDatabase(mac.dbPath);
  try {
    return (
      db.prepare("SELECT is_audio_message FROM message WHERE guid = ?").get(guid)?.is_audio_message === 1
    );
  } finally {
    db.close();
  }
};
/** The first answer that a person got: a recording by its name, or the text. */
const answered = async (handle: string) => {
  await gateway.until(() => sent(handle).length > 0, 60_000);
  const [{ text, attachments } = { text: "", attachments: [] }] = sent(handle);
  return attachments.length > 0 ? attachments.map((path) => basename(path)).join() : text;
};
const spoken = /^answer-[0-9a-f]{8}\.(m4a|caf)$/;
const nothingStays = () =>
  gateway.until(() =>
    ["state/turns", "state/outgoing"].every((folder) => {
      const path = join(gateway.folder, folder);
      return !existsSync(path) || readdirSync(path).length === 0;
    }),
  );

it.each([
  ["Audio Message.caf", caf(), "audio/x-caf"],
  ["Audio Message.amr", amr(), "audio/amr"],
  ["New Recording 5.m4a", m4a(), "audio/mp4"],
])("gives the agent what is said in %s, and answers by a recording", async (name, content, type) => {
  const mia = `+155501001${10 + (content.length % 80)}`;
  const guid = mac.sendFiles(mia, [recording(name, content)]);
  const { envelope, looked } = await lab.turnOf(guid);
  expect([envelope.text, envelope.messages[0]!.text]).toEqual(["call me back", "call me back"]);
  expect(looked).toMatchObject([
    { name: expect.any(String), note: expect.stringContaining("transcription") },
  ]);
  // Where a program of this machine makes it easier to read, the recording is M4A by now.
  expect([type, "audio/mp4"]).toContain(looked[0]!.mimeType);
  expect(await answered(mia)).toMatch(spoken);
  expect(readFileSync(sent(mia)[0]!.attachments[0]!)).toEqual(m4a());
  expect(
    ran()
      .slice(-2)
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ hear: expect.stringMatching(/^recording\.(caf|amr|m4a)$/) }, { say: "re: call\n" }]);
  expect(sent(mia)).toHaveLength(1);
  expect(isVoice(sent(mia)[0]!.guid)).toBe(true);
  await nothingStays();
});

it("answers a text by text", async () => {
  const before = ran().length;
  mac.say("+15550100201", "hello");
  expect(await answered("+15550100201")).toBe("re: hello");
  expect(ran()).toHaveLength(before);
});

it("asks no program for what Messages wrote down", async () => {
  const kim = "+15550100202";
  const guid = mac.sendFiles(kim, [lab.file("Audio Message.caf", heads.caf)], "see you");
  expect((await lab.turnOf(guid)).envelope.text).toBe("see you");
  expect(await answered(kim)).toMatch(spoken);
  expect(JSON.parse(ran().at(-1)!)).toEqual({ say: "re: see\n" });
  expect(JSON.parse(ran().at(-2)!)).toHaveProperty("say");
});

it("loses nothing where the programs fail, and says why", async () => {
  for (const name of ["deaf", "mute"]) writeFileSync(flag(name), "");
  const sam = "+15550100203";
  const guid = mac.sendFiles(sam, [recording("Audio Message.amr", amr())]);
  const { envelope, looked } = await lab.turnOf(guid);
  expect(envelope.text).toBe("[voice message, no transcript: the program failed]");
  expect(looked).toMatchObject([{ bytes: amr().length, read: amr().length }]);
  expect(await answered(sam)).toBe("re: [voice");
  let notes: string[] = [];
  await gateway.until(async () => {
    notes = JSON.parse((await gateway.run("explain", guid, "--json")).stdout).turn.notes;
    return notes.length > 1;
  });
  expect(notes).toEqual([
    expect.stringMatching(/^TRANSCRIBE_FAILED: Audio Message\.amr: .+ ended with 3/),
    expect.stringMatching(/^SPEAK_FAILED: the answer goes as text: .+ ended with 3/),
  ]);
  expect(lab.logged("TRANSCRIBE_FAILED")).not.toEqual([]);
  for (const name of ["deaf", "mute"]) rmSync(flag(name));
  await nothingStays();
});

it("is written down again after a crash in the middle, and answered once", {
  tags: ["long"],
  timeout: 120_000,
}, async () => {
  writeFileSync(flag("wait"), "");
  const ada = "+15550100204";
  const before = ran().length;
  const guid = mac.sendFiles(ada, [recording("Audio Message.amr", amr())]);
  const children = join(gateway.folder, "state/agents/children");
  const isRecorded = () => existsSync(children) && readdirSync(children).length > 0;
  await gateway.until(() => ran().length > before && isRecorded(), 60_000);
  await gateway.crash();
  await gateway.start(env);
  await gateway.until(() => ran().length > before + 1, 60_000);
  // What the crash left at work is ended, before anybody writes the recording down again.
  expect(await processStamp(JSON.parse(ran()[before]!).pid)).toBeUndefined();
  rmSync(flag("wait"));
  expect((await lab.turnOf(guid)).envelope.text).toBe("call me back");
  expect(await answered(ada)).toMatch(spoken);
  await nothingStays();
  expect(sent(ada)).toHaveLength(1);
  expect(lab.turns().filter(({ envelope }) => envelope.messages[0]!.guid === guid)).toHaveLength(1);
});
