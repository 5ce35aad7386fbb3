import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { heads, put } from "../../../test/support/sample-files.js";
import { processStamp } from "../../platform/processes/process-stamp.js";
import { speak } from "./speak.js";
import { transcribe } from "./transcribe.js";
import { runVoiceCommand } from "./voice-command.js";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "voice-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env.PATH };
const never = () => new AbortController().signal;

/** A program of these lines of JavaScript; `args` is what it was given. */
function program(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  const head = `#!${process.execPath}\nconst fs = require("fs"); const args = process.argv.slice(2);`;
  writeFileSync(path, [head, ...lines].join("\n"), { mode: 0o755 });
  return path;
}

describe("a program of voice (behaviour 18.6)", () => {
  const run = (command: string, args: string[], more: object = {}) =>
    runVoiceCommand(
      { command, args },
      { file: "/f/r.m4a", folder, env, home: folder, signal: never(), ...more },
    );
  const tell = () =>
    program("tell", "console.log(JSON.stringify([args, process.cwd(), process.env.TMPDIR]))");

  it("gets the file where {file} stands, else last, in a folder of its own, and no shell reads it", async () => {
    tell();
    const told = async (args: string[]) => {
      const ran = await run("~/tell", args);
      return ran.ok ? JSON.parse(ran.stdout) : ran;
    };
    expect(await told(["-m", "$(id) $&"])).toEqual([["-m", "$(id) $&", "/f/r.m4a"], folder, folder]);
    expect(await told(["--in={file}", "x"])).toEqual([["--in=/f/r.m4a", "x"], folder, folder]);
  });

  it("says why it failed, in full and in a few words without a path", async () => {
    const fails = program("fails", 'process.stderr.write("no model /x\\n"); process.exit(3);');
    expect(await run(fails, [])).toEqual({
      ...{ ok: false, detail: `${fails} ended with 3: no model /x`, brief: "the program failed" },
    });
    expect(await run("~/gone", [])).toEqual({
      ...{ ok: false, detail: "~/gone is not there, or may not be run", brief: "the program is not there" },
    });
  });

  it("is ended with all that it started when it takes too long, or its turn ends", async () => {
    const mark = join(folder, "mark");
    const slow = program(
      "slow",
      `const child = require("child_process").spawn("sleep", ["1000"], { stdio: "inherit" });`,
      `fs.writeFileSync("${mark}", String(child.pid)); setInterval(() => {}, 1000);`,
    );
    expect(await run(slow, [], { timeoutMs: 3000 })).toMatchObject({ brief: "it did not end within 3 s" });
    if (existsSync(mark)) {
      const pid = Number(readFileSync(mark, "utf8"));
      await expect.poll(() => processStamp(pid), { timeout: 20_000 }).toBeUndefined();
    }
    const stopped = AbortSignal.abort();
    expect(await run(slow, [], { signal: stopped })).toMatchObject({ brief: "it was stopped" });
  });
});

describe("a transcript", () => {
  const hear = (command: string) =>
    transcribe(
      { recording: put(folder, "in/1/--evil$(id) voice.m4a", heads.m4a), folder: join(folder, "in/1.voice") },
      { command, args: [] },
      { env, home: folder },
      never(),
    );

  it("is what the program prints of a copy under our own name, and nothing stays behind", async () => {
    const command = program(
      "hear",
      'fs.writeFileSync("words.srt", "x"); fs.writeFileSync(process.env.TMPDIR + "/t", "x");',
      'fs.writeFileSync(args[0], "changed");',
      'console.log("  call me \\0back\\n"); console.error("loading");',
    );
    const own = put(folder, "in/1/--evil$(id) voice.m4a", heads.m4a);
    expect(await hear(command)).toEqual({ ok: true, words: "call me back" });
    expect(readFileSync(own)).toEqual(heads.m4a);
    expect(readdirSync(join(folder, "in"))).toEqual(["1"]);
    expect(await hear(program("name", "console.log(args[0])"))).toEqual({
      ...{ ok: true, words: join(folder, "in/1.voice/recording.m4a") },
    });
  });

  it("is begun anew where a crash left an earlier one, bounded, and no transcript where nothing is said", async () => {
    mkdirSync(join(folder, "in/1.voice"), { recursive: true });
    put(folder, "in/1.voice/recording.m4a", "half");
    const long = await hear(program("long", 'process.stdout.write("a".repeat(100000))'));
    expect(long).toMatchObject({ ok: true });
    expect(long.ok && long.words.length).toBeLessThanOrEqual(20_000);
    expect(await hear(program("silent", 'console.log(" ")'))).toMatchObject({ brief: "no words were heard" });
    expect(existsSync(join(folder, "in/1.voice"))).toBe(false);
  });
});

describe("a spoken answer", () => {
  const say = (command: string, maxMb = 1) =>
    speak(
      "Hello; $(id)",
      { command, args: [] },
      { folder: join(folder, "turn/voice"), outgoing: join(folder, "out"), maxMb, name: "answer-1" },
      { env, home: folder },
      never(),
    );
  const write = (content: string) => `fs.writeFileSync(args[0], Buffer.from("${content}", "latin1"));`;

  it("is what the program wrote, kept to be sent with the ending of its content", async () => {
    const wav = "RIFF\\x10\\0\\0\\0WAVEfmt ";
    const made = await say(
      program("say", `fs.writeFileSync("${folder}/heard", fs.readFileSync(0));`, write(wav)),
    );
    expect(made).toMatchObject({ ok: true, value: { mimeType: "audio/wav" } });
    expect(made.ok && made.value.path).toMatch(/\/out\/[^/]+\/answer-1\.wav$/);
    expect(readFileSync(join(folder, "heard"), "utf8")).toBe("Hello; $(id)\n");
    expect(existsSync(join(folder, "turn/voice"))).toBe(false);
  });

  it.each([
    ["nothing", "", "wrote no file"],
    ["no recording", write("plain words"), "wrote no recording"],
    ["an exit code", "process.exit(2)", "ended with 2"],
  ])("is none where the program gives %s", async (_what, line, message) => {
    const made = await say(program("say", line));
    expect(made).toMatchObject({ ok: false, error: { code: "SPEAK_FAILED" } });
    expect(!made.ok && made.error.message).toContain(message);
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  it("is none where it is too large to be sent", async () => {
    const large = program("say", 'fs.writeFileSync(args[0], "caff" + "x".repeat(1100000));');
    expect(await say(large)).toMatchObject({ ok: false, error: { code: "FILE_TOO_LARGE" } });
    expect(readdirSync(join(folder, "out"))).toEqual([]);
  });
});
