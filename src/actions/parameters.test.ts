import { describe, expect, it } from "vitest";
import { readAction } from "./parameters.js";

const read = (action: string, parameters: Record<string, unknown>) => {
  const done = readAction(action, parameters);
  return done.ok ? done.value : done.error;
};

describe("the parameters of an action", () => {
  it.each([
    ["reply", { messageId: "1a", message: "hi" }, { action: "reply", messageId: "1a", text: "hi" }],
    ["reply", { messageId: 12, text: "hi" }, { action: "reply", messageId: "12", text: "hi" }],
    [
      "sendWithEffect",
      { text: "x", effectId: "slam" },
      { action: "sendWithEffect", text: "x", effect: "slam" },
    ],
    ["edit", { messageId: "1", newText: "y" }, { action: "edit", messageId: "1", text: "y" }],
    ["sendAttachment", { filePath: "/a" }, { action: "upload-file", path: "/a", asVoice: false }],
    ["upload-file", { media: "/a", asVoice: "true" }, { action: "upload-file", path: "/a", asVoice: true }],
    ["react", { messageId: "1", remove: true, emoji: "" }, { action: "react", messageId: "1", remove: true }],
    ["renameGroup", { displayName: "Trip" }, { action: "renameGroup", name: "Trip" }],
    ["renameGroup", { name: "" }, { action: "renameGroup", name: "" }],
    ["poll", { question: "q", options: "a, b" }, { action: "poll", question: "q", options: ["a", "b"] }],
    [
      "reply",
      { messageId: "1", text: "hi", colour: null, silent: false, tags: [] },
      { action: "reply", messageId: "1", text: "hi" },
    ],
    [
      "reply",
      { messageId: "1", text: "hi", chatId: 4, channel: "imessage" },
      { action: "reply", messageId: "1", text: "hi" },
    ],
    ["reply", { messageId: "1", text: "hi", message: "ho" }, { action: "reply", messageId: "1", text: "hi" }],
    ["poll", { question: "q", option: ["a", "b"] }, { action: "poll", question: "q", options: ["a", "b"] }],
  ])("%s takes %j", (action, given, wanted) => {
    expect(read(action, { ...given, to: "chat_id:1" })).toEqual(wanted);
  });

  it.each([
    ["explode", {}, "ACTION_UNKNOWN"],
    ["toString", {}, "ACTION_UNKNOWN"],
    ["reply", { messageId: "1" }, "ACTION_PARAMETERS"],
    ["reply", { text: "hi" }, "ACTION_PARAMETERS"],
    ["poll", { question: "q", options: ["a"] }, "ACTION_PARAMETERS"],
    ["edit", { messageId: "1", text: "   " }, "ACTION_PARAMETERS"],
  ])("%s refuses %j", (action, given, code) => {
    expect(read(action, given)).toMatchObject({ code });
  });

  it.each([
    [
      "reply",
      { messageId: "1", text: "hi", colour: "red" },
      'reply has no parameter "colour"; it takes messageId, text',
    ],
    [
      "upload-file",
      { path: "/a", as_voice: true },
      'upload-file has no parameter "as_voice" (did you mean asVoice?); it takes buffer, path, filename, text, messageId, asVoice',
    ],
    [
      "setGroupIcon",
      { file_path: "/a" },
      'setGroupIcon has no parameter "file_path" (did you mean path?); it takes buffer, path, filename',
    ],
    [
      "react",
      { messageId: "1", emoji: "love", partIndex: 0 },
      'react has no parameter "partIndex"; it takes messageId, emoji, remove',
    ],
    ["leaveGroup", { name: "x" }, 'leaveGroup has no parameter "name"; it takes none'],
    // Where it acts is never guessed from a name that is not one.
    [
      "send",
      { text: "hi", chat_id: 4 },
      'send has no parameter "chat_id" (did you mean chatId?); it takes text, media',
    ],
    ["send", { text: "hi", account: "work" }, 'send has no parameter "account"; it takes text, media'],
    [
      "unsend",
      { colour: "red" },
      'unsend has no parameter "colour"; it takes messageId; unsend needs messageId',
    ],
    ["unsend", { messageId: "1", channel: "sms" }, 'unsend has no parameter "channel"; it takes messageId'],
    [
      "unsend",
      { messageId: "1", constructor: 1 },
      'unsend has no parameter "constructor"; it takes messageId',
    ],
  ])("%s refuses %j, and names what it does not know", (action, given, message) => {
    expect(read(action, given)).toMatchObject({ code: "ACTION_PARAMETERS", message });
  });

  it("does not repeat many unknown names, nor long ones", () => {
    const given = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`x${at}`.padEnd(200, "x"), 1]));
    expect((read("leaveGroup", given) as { message: string }).message.length).toBeLessThan(300);
  });

  it("names the parameter that is missing", () => {
    expect(read("react", {})).toMatchObject({ message: "react needs messageId" });
  });
});
