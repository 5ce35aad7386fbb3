import { afterEach, beforeEach, expect, it } from "vitest";
import { type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";

const mia = "+15550100123";
const chat = ["--chat", `iMessage;-;${mia}`];

let imsg: ImsgUnderTest;
let theirs: string;
let mine: string;
let poll: string;
beforeEach(async () => {
  imsg = await underTest({ version: "0.15.10", bridge: true, sip: "disabled" });
  const { world } = imsg;
  theirs = world.say({ from: mia, text: "hello" }).guid;
  mine = world.say({ from: "me", chat: 1, text: "hi" }).guid;
  poll = world.poll(mia, { question: "May I?", options: ["Yes", "No"] }).guid;
});
afterEach(() => imsg.close());

const commands = (): Record<string, string[]> => ({
  send: ["--chat-id", "1", "--text", "x"],
  "send-rich": [...chat, "--text", "x"],
  react: ["--chat-id", "1", "--reaction", "love"],
  tapback: [...chat, "--message", theirs, "--kind", "love"],
  edit: [...chat, "--message", mine, "--new-text", "x"],
  unsend: [...chat, "--message", mine],
  "delete-message": [...chat, "--message", mine],
  "notify-anyways": [...chat, "--message", mine],
  "poll send": ["--chat-id", "1", "--question", "Q", "--option", "A", "--option", "B"],
  "poll vote": ["--chat-id", "1", "--poll", poll, "--option", "Yes"],
  "chat-mark": [...chat, "--unread"],
  "chat-delete": chat,
  read: ["--to", mia],
  typing: ["--to", mia],
});

/** Runs these commands, each of which is to be refused. @returns what they say */
async function refusals(names: string[]): Promise<string[]> {
  const before = [imsg.world.transcript(), imsg.world.events()];
  const said: string[] = [];
  for (const name of names) {
    const { code, stdout } = await imsg.run(...name.split(" "), ...commands()[name]!);
    expect([name, code]).toEqual([name, 1]);
    said.push(stdout.trim());
  }
  expect([imsg.world.transcript(), imsg.world.events()]).toEqual(before);
  return said;
}

it("refuse whatever changes something in read-only mode", async () => {
  imsg.world.set({ readOnly: true });
  const names = Object.keys(commands());
  expect(await refusals(names)).toEqual(names.map((name) => `Read-only mode: ${name}`));
  expect((await imsg.run("whois", "--address", mia)).code).toBe(0);
  expect((await imsg.run("history", "--chat-id", "1")).code).toBe(0);
  // People go on.
  const edited = await imsg.run("edit", "--from", mia, "--message", theirs, "--new-text", "hello!");
  expect([edited.code, imsg.world.transcript(1)[0]?.text]).toEqual([0, "hello!"]);
});

it("refuse what this macOS does not have, and nothing else", async () => {
  imsg.world.set({ selectors: "basic" });
  const said = await refusals(["edit", "unsend", "poll send", "poll vote"]);
  expect(new Set(said)).toEqual(new Set(["This version of macOS does not offer it"]));
  for (const name of ["tapback", "delete-message", "chat-mark"])
    expect([name, (await imsg.run(...name.split(" "), ...commands()[name]!)).code]).toEqual([name, 0]);
});

it.each(["edit", "unsend", "delete-message", "notify-anyways", "account", "whois", "nickname"])(
  "lose the answer of the helper by the name of %s, and of no other command",
  async (name) => {
    imsg.world.fault({ kind: "bridge-lost", method: name, ms: 1, times: 1 });
    const words: Record<string, string[]> = {
      ...commands(),
      account: [],
      whois: ["--address", mia],
      nickname: ["--address", mia],
    };
    expect((await imsg.run("tapback", ...words.tapback!)).code).toBe(0);
    const before = imsg.world.transcript();
    const { code, stdout } = await imsg.run(name, ...words[name]!);
    expect([code, stdout]).toEqual([1, expect.stringContaining("Timed out waiting for response")]);
    expect(imsg.world.transcript()).toEqual(before);
    expect((await imsg.run(name, ...words[name]!)).code).toBe(0);
  },
);
