import { expect, it } from "vitest";
import { checkVoice } from "./voice.js";

const place = { env: { PATH: process.env.PATH }, home: "/nowhere" };
const command = (name: string) => ({ command: name, args: [] });
const takesFiles = [{ includeAttachments: false }, { includeAttachments: true }];

it("finds programs that are not there, and accounts that take no recording in", () => {
  const text = { answer: "text" as const };
  const gone = { ...text, transcribe: command("~/gone"), speak: command("sh") };
  expect(checkVoice({ voice: gone }, takesFiles, place)).toEqual([
    {
      ...{ check: "voice/transcribe", level: "fail", detail: "~/gone is not there, or may not be run" },
      remedy: expect.stringContaining("voice.transcribe.command"),
    },
  ]);
  const there = { answer: "mirror" as const, speak: command("sh") };
  expect(checkVoice({ voice: there }, takesFiles, place)).toEqual([]);
  expect(checkVoice({ voice: there }, [{ includeAttachments: false }], place)).toMatchObject([
    { check: "voice", level: "warn", remedy: expect.stringContaining("includeAttachments") },
  ]);
  expect(checkVoice({ voice: text }, [{ includeAttachments: false }], place)).toEqual([]);
});
