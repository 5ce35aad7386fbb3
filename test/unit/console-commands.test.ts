import type { Command } from "commander";
import { expect, it } from "vitest";
import {
  answerCommand,
  approveCommand,
  pairCommand,
  sendCommand,
  statusCommand,
} from "../../console/src/state/commands.js";
import { build } from "../../src/cli/program.js";

const chat = { account: "work", chat: "chat_id:3", guid: "" };
const asked = { account: "work", code: "ABCDEFGH" };

/** What the command line reads in a command without quotes; nothing runs. */
async function read(line: string): Promise<Record<string, unknown>> {
  let options = {};
  const words = line.split(" ").slice(1);
  const program = await build(words, () => async (...given: unknown[]) => {
    options = (given.at(-1) as Command).opts();
  });
  await program.parseAsync(words, { from: "user" });
  return options;
}

it.each([
  ["a message", sendCommand(chat, "hi"), { target: "chat_id:3", message: "hi" }],
  ["what became of one", statusCommand({ id: 12, account: "work" }), {}],
  ["a phrase", pairCommand("work", true), { qr: true, owner: true }],
  ["an approval", approveCommand(asked, { replay: true, notify: false }), { replay: true }],
])("names the account in the command of %s", async (_, line, options) => {
  expect(await read(line)).toMatchObject({ ...options, account: "work" });
});

it("names one that is called default too, for another one may be the default", () => {
  expect(pairCommand("default", false)).toBe("tapback pair --qr --account default");
});

it("names the conversation and the words as a shell takes them", () => {
  const group = { ...chat, guid: "iMessage;+;chat640" };
  expect(sendCommand(group, "it's ok")).toBe(
    "tapback message send --account work --target 'chat_guid:iMessage;+;chat640' --message 'it'\\''s ok'",
  );
});

it("answers in a chat in the words alone, where nothing takes quotes off", () => {
  expect(answerCommand("k7ab", "Better at six,\n don't hurry")).toBe(
    "/approve k7ab Better at six, don't hurry",
  );
  expect(answerCommand("k7ab", "")).toBe("/approve k7ab 1");
});
