import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createMemoryState } from "@chat-adapter/state-memory";
import { matchers } from "@chat-adapter/tests";
import { Actions, Button, Card, CardText, Chat, emoji } from "chat";
import { expect, it, vi } from "vitest";
import { createTapbackAdapter } from "../../src/chat-sdk.js";
import { createLog } from "../../src/index.js";
import { openSimulator, simulatorProgram } from "../../src/simulator.js";
import { removeFolder } from "../support/remove-folder.js";

expect.extend(matchers);

const [mia, ben] = ["+15550100123", "+15550100456"];
const patient = { timeout: 30_000 };

it("starts a gateway with the bot, hears tapbacks and buttons, and posts out of turn", async () => {
  const folder = mkdtempSync(join(tmpdir(), "chat-sdk-"));
  const world = openSimulator(join(folder, "world"), { version: "0.19.1", bridge: true, sip: "disabled" });
  const imessage = { cliPath: simulatorProgram(), dmPolicy: "open", allowFrom: ["*"], watchDebounceMs: 20 };
  const tapback = createTapbackAdapter({
    gateway: {
      stateDir: join(folder, "state"),
      home: folder,
      log: createLog({ level: "error", format: "text" }, false),
      env: { ...process.env, IMSG_SIM_HOME: world.folder },
      config: { channels: { imessage } },
    },
  });
  const bot = new Chat({
    userName: "bot",
    adapters: { tapback },
    state: createMemoryState(),
    logger: "silent",
  });
  let crew = "";
  const posted = vi.spyOn(tapback, "postMessage");
  bot.onNewMention(async (thread) => {
    const buttons = Actions([
      Button({ id: "hello", label: "Say Hello" }),
      Button({ id: "info", label: "Show Info" }),
    ]);
    await thread.post(Card({ title: "Welcome!", children: [CardText("Try a button:"), buttons] }));
  });
  bot.onAction("info", async ({ thread, adapter, messageId, threadId }) => {
    await thread?.post(`You are on ${adapter.name}.`);
    await adapter.editMessage(threadId, messageId, "Chosen: info");
  });
  bot.onReaction([emoji.heart], async ({ thread, user }) => {
    await thread.post(`Thank you, ${user.userId}`);
    await bot.thread(crew).post("Mia likes it");
  });
  const texts = (chatId: number) =>
    world.transcript(chatId).flatMap(({ from, text, event }) => (from === "me" && !event ? [text] : []));
  try {
    await bot.initialize();
    const isConnected = async () => (await tapback.gateway?.status())?.accounts[0]?.connected;
    await expect.poll(isConnected, patient).toBe(true);
    const { chatId } = world.say({ from: mia, text: "Hi" });
    const polls = () => world.transcript(chatId).filter(({ poll }) => poll !== undefined);
    await expect.poll(() => polls().length, patient).toBe(1);
    const poll = polls()[0]!;
    world.vote(mia, poll.guid, "Show Info");
    await expect
      .poll(() => texts(chatId), patient)
      .toEqual(expect.arrayContaining(["Chosen: info", "You are on tapback."]));
    const group = world.group([mia, ben], { name: "Crew" });
    world.say({ from: ben, text: "Hi", chat: group.id });
    await expect.poll(() => texts(group.id), patient).toContain("Welcome!\n\nTry a button:");
    crew = posted.mock.calls.map(([id]) => id).find((id) => !tapback.isDM(id))!;

    const answer = world.transcript(chatId).find(({ text }) => text === "You are on tapback.")!;
    world.tapback(mia, answer.guid, "love");
    await expect.poll(() => texts(chatId), patient).toContain(`Thank you, ${mia}`);
    await expect.poll(() => texts(group.id), patient).toContain("Mia likes it");

    // Nobody asked: the program sends.
    const thread = await tapback.openDM("+1 (555) 010-0456");
    await bot
      .thread(thread)
      .post({ markdown: "**News**", files: [{ data: Buffer.from("x"), filename: "a.txt" }] });
    const toBen = () =>
      world.transcript().filter(({ text, attachments }) => text === "News" || attachments.length);
    expect(toBen().map(({ text, attachments }) => text || basename(attachments[0]!))).toEqual([
      "News",
      "a.txt",
    ]);
    expect(tapback).toHavePosted(thread, "**News**");
    expect(posted).toHaveBeenCalledWith(thread, expect.anything());
    expect(ben).toBe(tapback.decodeThreadId(thread).name);
  } finally {
    await bot.shutdown();
    world.close();
    await removeFolder(folder);
  }
});
