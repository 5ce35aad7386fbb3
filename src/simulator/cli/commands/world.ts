import { findChat } from "../../messages-app/chats.js";
import { burst, joinAgain, reinsert, replaceDatabase } from "../../messages-app/disorder.js";
import { handleOfPerson } from "../../messages-app/person.js";
import { seedWorld } from "../../messages-app/seed.js";
import {
  type TranscriptEntry,
  transcript,
  transcriptLine,
  transcriptNews,
} from "../../reading/transcript.js";
import { Subscriptions } from "../../rpc/subscriptions.js";
import type { Command } from "../command.js";
import { chatOf, rememberName } from "../people.js";
import { durationMs } from "./watch.js";

const person: Command = {
  kind: "world",
  summary: "Add a person to Contacts",
  options: [
    { name: "handle", value: "handle", help: "Phone number or email", required: true },
    { name: "name", value: "name", help: "Name", required: true },
  ],
  examples: ['imsg-sim person add --handle +15550100123 --name "Mia Wong"'],
  run: ({ given, place, print }) => {
    const handle = handleOfPerson(given.text("handle")!);
    const name = given.text("name")!;
    rememberName(place, handle, name);
    print({ handle, name }, `${name} ${handle}`);
  },
};

const me: Command = {
  kind: "world",
  summary: "Show or set the account's own addresses",
  options: [{ name: "set", value: "address", help: "An own address; the first is sent from", repeat: true }],
  examples: ["imsg-sim me", "imsg-sim me --set bot@example.com --set +15550100999"],
  run: ({ given, place, print }) => {
    const addresses = given.list("set").map((address) => handleOfPerson(address));
    if (addresses.length > 0) place.change((settings) => ({ ...settings, me: addresses }));
    const { me } = place.settings();
    print({ me }, me.join("\n"));
  },
};

const transcriptCommand: Command = {
  kind: "world",
  summary: "Show what was said",
  options: [
    { name: "chat", value: "chat", help: "A chat by id, GUID, identifier or name; all when absent" },
    { name: "follow", help: "Go on with what comes, and with messages that change: a tapback, an edit" },
  ],
  examples: [
    "imsg-sim transcript --chat 1",
    "imsg-sim transcript --json",
    "imsg-sim transcript --follow --json",
  ],
  run: ({ given, world, print, json }) => {
    const chat = given.text("chat");
    const chatId = chat === undefined ? undefined : findChat(world, chat).id;
    const show = (entry: TranscriptEntry) => print({ ...entry }, transcriptLine(entry));
    if (!given.has("follow")) {
      const entries = transcript(world, chatId);
      // One value, as every command of the simulator's own prints it.
      return json ? print(entries) : entries.forEach(show);
    }
    const news = transcriptNews(world, chatId);
    const poll = () => {
      news().forEach(show);
      return Number.POSITIVE_INFINITY;
    };
    return new Subscriptions(world).untilFailed(world, { debounceMs: 10, pollMs: 500, poll });
  },
};

const seed: Command = {
  kind: "world",
  summary: "Fill the world with people and messages",
  options: [
    { name: "people", value: "n", help: "How many people (20)", integer: true, min: 1 },
    { name: "messages", value: "n", help: "How many messages (2000)", integer: true, min: 0 },
    { name: "days", value: "n", help: "Over how many days (30)", integer: true, min: 1 },
    { name: "seed", value: "n", help: "The same number gives the same world", integer: true },
  ],
  examples: ["imsg-sim seed --people 20 --messages 20000 --days 30"],
  run: ({ given, world, print }) => {
    const made = seedWorld(world, {
      people: given.integer("people") ?? 20,
      messages: given.integer("messages") ?? 2000,
      days: given.integer("days") ?? 30,
      seed: given.integer("seed") ?? 1,
    });
    print(made, `${made.people} people, ${made.chats} chats, ${made.messages} messages`);
  },
};

const burstCommand: Command = {
  kind: "world",
  summary: "Old messages arrive at once, as after a push outage",
  options: [
    { name: "from", value: "handle", help: "Who wrote them", required: true },
    { name: "chat", value: "chat", help: "Where; the direct chat when absent" },
    { name: "count", value: "n", help: "How many (20)", integer: true, min: 1 },
    { name: "age", value: "time", help: "How old the oldest is, for example 90m (60m)" },
    { name: "text", value: "text", help: "What they say, before their number" },
  ],
  examples: ["imsg-sim burst --from +15550100123 --count 50 --age 90m"],
  run: ({ given, world, print }) => {
    const handle = handleOfPerson(given.text("from")!);
    const chat = chatOf(world, given, handle);
    const text = given.text("text");
    const options = {
      chat,
      handle,
      count: given.integer("count") ?? 20,
      ageMs: durationMs(given.text("age") ?? "60m", "age"),
    };
    const rows = burst(world, { ...options, text });
    print({ rows }, `${rows.length} messages`);
  },
};

const again: Command = {
  kind: "world",
  summary: "Store a message again with a new row id and GUID, or join it to one more chat",
  options: [
    { name: "message", value: "guid", help: "The message", required: true },
    { name: "chat", value: "chat", help: "Join it to this chat too, instead of storing it again" },
  ],
  examples: ["imsg-sim reinsert --message GUID"],
  run: ({ given, world, print }) => {
    const guid = given.text("message")!;
    const chat = given.text("chat");
    if (chat === undefined) {
      const written = reinsert(world, guid);
      return print({ ...written }, written.guid);
    }
    joinAgain(world, guid, findChat(world, chat));
    print({ guid, joined: chat }, guid);
  },
};

const replace: Command = {
  kind: "world",
  summary: "Put a copy of the database in its place, by rename",
  options: [],
  examples: ["imsg-sim world replace-db"],
  run: ({ world, print }) => {
    replaceDatabase(world);
    print({ replaced: world.dbPath }, `replaced ${world.dbPath}`);
  },
};

export const worldCommands: Record<string, Command> = {
  "person add": person,
  me,
  transcript: transcriptCommand,
  seed,
  burst: burstCommand,
  reinsert: again,
  "world replace-db": replace,
};
