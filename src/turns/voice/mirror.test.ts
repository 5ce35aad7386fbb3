import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { rememberingLog } from "../../../test/support/inbound-bench.js";
import type { NewOutboxItem, Turn } from "../../store/index.js";
import { Mirror } from "./mirror.js";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mirror-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

const turnOf = (...types: string[][]) =>
  ({
    ...{ id: "0123456789abcdef", account: "default" },
    envelope: { messages: types.map((each) => ({ attachments: each.map((mimeType) => ({ mimeType })) })) },
  }) as unknown as Turn;

/** A mirror whose program writes a CAF file, or fails. */
function mirror({ answer = "mirror", can = true, exit = 0, heard = "" } = {}) {
  const command = join(folder, "say");
  const keep = `fs.writeFileSync(${JSON.stringify(heard)}, fs.readFileSync(0));`;
  const write = `const fs = require("fs"); ${heard && keep} fs.writeFileSync(process.argv[2], "caff\\0\\x01");`;
  writeFileSync(command, `#!${process.execPath}\n${exit ? `process.exit(${exit})` : write}`, { mode: 0o755 });
  const { log, lines } = rememberingLog();
  const made = new Mirror({
    config: () => ({ voice: { answer: answer as "mirror", speak: { command, args: [] } } }),
    where: { env: { PATH: process.env.PATH }, home: folder },
    stateDir: join(folder, "state"),
    accounts: {
      can: (_, ability) => can && ability === "voice",
      settingsOf: () => ({ mediaMaxMb: 1 }) as never,
    },
    folders: { pathOf: (id) => join(folder, "turns", id) },
    log,
  });
  return { made, lines };
}

it("is for a turn whose newest message is a recording, where it is asked for and can be", () => {
  const { made } = mirror();
  expect(made.isFor(turnOf(["audio/mp4"]))).toBe(true);
  expect(made.isFor(turnOf([], ["image/png", "audio/amr"]))).toBe(true);
  expect(made.isFor(turnOf(["audio/mp4"], []))).toBe(false);
  expect(made.isFor(turnOf(["video/mp4"]))).toBe(false);
  expect(made.isFor(turnOf())).toBe(false);
  expect(mirror({ can: false }).made.isFor(turnOf(["audio/mp4"]))).toBe(false);
  expect(mirror({ answer: "text" }).made.isFor(turnOf(["audio/mp4"]))).toBe(false);
});

const base = { target: { kind: "chat_id", chatId: 7 }, chatKey: "chat:7", origin: "turn" } as const;
const spoken = async (messages: NewOutboxItem[], how = {}, limit = 4000, said?: string) => {
  const { made, lines } = mirror(how);
  const words = said ?? messages.map(({ text = "" }) => text).join("\n");
  const { signal } = new AbortController();
  const got = await made.speak(turnOf(["audio/mp4"]), { messages, said: words }, limit, signal);
  return { ...got, lines };
};

it("puts one recording in the place of the texts, with the words beside it, before the files", async () => {
  const runs = [{ start: 0, length: 2, styles: ["bold" as const] }];
  const { messages, notes } = await spoken([
    { ...base, text: "one", runs, replyTo: "R" },
    { ...base, text: "two" },
    { ...base, file: "/f" },
  ]);
  expect(messages).toEqual([
    {
      ...base,
      text: "one\ntwo",
      replyTo: "R",
      voice: true,
      file: expect.stringMatching(/\/answer-01234567\.caf$/),
    },
    { ...base, file: "/f" },
  ]);
  expect(existsSync(messages[0]!.file!)).toBe(true);
  expect(notes).toEqual([]);
  expect(readdirSync(join(folder, "turns/0123456789abcdef"))).toEqual([]);
});

it("speaks the answer without its prefix, which stays with the words (behaviour 18.6)", async () => {
  const heard = join(folder, "heard");
  const { messages } = await spoken([{ ...base, text: "[bot] one" }], { heard }, 4000, "one");
  expect(messages).toMatchObject([{ text: "[bot] one", voice: true }]);
  expect(readFileSync(heard, "utf8")).toBe("one\n");
  // The words go in the place of the recording where that is not taken, so they have to fit with the prefix.
  expect((await spoken([{ ...base, text: "[bot] one" }], {}, 8, "one")).messages[0]).not.toHaveProperty(
    "voice",
  );
});

it("leaves the text where the program fails, and says why", async () => {
  const messages = [{ ...base, text: "one" }];
  const got = await spoken(messages, { exit: 4 });
  expect(got.messages).toBe(messages);
  expect(got.notes).toEqual([
    expect.stringMatching(/^SPEAK_FAILED: the answer goes as text: .+ ended with 4/),
  ]);
  expect(got.lines).toEqual([expect.stringContaining("it goes as text")]);
});

it.each([
  ["has an address", [{ ...base, text: "see https://example.com" }], 4000],
  ["has one without its scheme", [{ ...base, text: "it is on www.example.com" }], 4000],
  ["has one of a bare domain", [{ ...base, text: "see example.com/menu." }], 4000],
  ["is too long for a message", [{ ...base, text: "12345" }], 4],
  ["is too long to be heard", [{ ...base, text: "a".repeat(2001) }], 4000],
  ["has no words", [{ ...base, file: "/f" }], 4000],
])("leaves an answer alone that %s", async (_what, messages, limit) => {
  expect(await spoken(messages, {}, limit)).toEqual({ messages, notes: [], lines: [] });
});

it.each([
  ["12345", 5],
  ["At 5.30 p.m., e.g. today.", 4000],
  ["a".repeat(2000), 4000],
])("speaks an answer that is just short enough", async (text, limit) => {
  const { messages } = await spoken([{ ...base, text }], {}, limit);
  expect(messages).toMatchObject([{ text, voice: true }]);
});
