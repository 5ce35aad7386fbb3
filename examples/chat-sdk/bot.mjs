// The bot of slack.mjs in Messages: node bot.mjs, in the place of `tapback gateway`. It keeps its state in memory; take
// @chat-adapter/state-redis or another one for more than a try.
import { pathToFileURL } from "node:url";
import { createMemoryState } from "@chat-adapter/state-memory";
import { Chat } from "chat";
import { createTapbackAdapter } from "tapback/chat-sdk";

export const tapback = createTapbackAdapter();
export const bot = new Chat({
  userName: "mybot",
  adapters: {
    tapback,
  },
  state: createMemoryState(),
});

// Respond when someone @mentions the bot
bot.onNewMention(async (thread) => {
  await thread.subscribe();
  await thread.post("Hello! I'm listening to this thread now.");
});

// Respond to follow-up messages in subscribed threads
bot.onSubscribedMessage(async (thread, message) => {
  await thread.post(`You said: ${message.text}`);
});

if (import.meta.url === pathToFileURL(process.argv[1]).href) await bot.initialize();
