import { expect, it } from "vitest";
import { declaredOf, isVoiceMessage } from "./recording.js";

const file = (name: string, mimeType = "", uti = "") => ({ name, mimeType, uti, path: `/a/${name}` });

it.each([
  ["Audio Message.caf", "", "", "audio/x-caf", true],
  ["Audio Message.CAF", "", "", "audio/x-caf", true],
  ["Audio Message.amr", "", "", "audio/amr", true],
  ["New Recording 5.m4a", "", "", "audio/mp4", false],
  ["tmp", "", "com.apple.coreaudio-format", "audio/x-caf", true],
  ["memo", "", "com.apple.m4a-audio", "audio/mp4", false],
  ["memo.amr", "audio/x-own", "", "audio/x-own", false],
  ["film.mov", "", "", "", false],
  ["memo.toString", "", "constructor", "", false],
])("takes %s of type '%s' and uti '%s' for %s", (name, mimeType, uti, declared, isVoice) => {
  expect([declaredOf(file(name, mimeType, uti)), isVoiceMessage(file(name, mimeType, uti))]).toEqual([
    declared,
    isVoice,
  ]);
});

it("goes by the path of a file without a name", () => {
  expect(declaredOf({ ...file("x.amr"), name: "" })).toBe("audio/amr");
});
