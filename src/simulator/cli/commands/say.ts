import { rmSync } from "node:fs";
import { LineSplitter } from "../../../platform/index.js";
import { chatToWriteIn } from "../../messages-app/chats.js";
import { deliver } from "../../messages-app/deliver.js";
import { effectId } from "../../messages-app/effects.js";
import { storeFile } from "../../messages-app/files.js";
import { handleOfPerson } from "../../messages-app/person.js";
import { Given, UsageError } from "../argv.js";
import type { Command, Context } from "../command.js";
import { actorOf, chatOf, rememberName, timeOf } from "../people.js";

const letterOptions = [
  { name: "text", value: "text", help: "What is written" },
  { name: "attach", value: "path", help: "A file to send along", repeat: true },
  { name: "reply-to", value: "guid", help: "Answers that message in its thread" },
  { name: "at", value: "time", help: "When it was sent; now when absent" },
  {
    name: "split",
    value: "ms",
    help: "A link follows in a row of its own, so much later",
    integer: true,
    min: 0,
  },
  { name: "card", value: "balloon", help: "A card of an app instead of a text: its balloon's id" },
  {
    name: "mention",
    value: "word=handle",
    help: "A word of the text that names somebody",
    repeat: true,
  },
  { name: "effect", value: "name", help: "An effect, for example confetti or invisibleink" },
  { name: "audio", help: "The file is a voice message; the text is its transcription" },
  { name: "sticker", help: "The file is a sticker" },
  { name: "purged", help: "The file is in iCloud alone: the database names it, and it is not there" },
];

const say: Command = {
  kind: "world",
  summary: "Write to the account as another person",
  options: [
    { name: "from", value: "handle", help: "Who writes" },
    { name: "to", value: "address", help: "Which of the account's addresses; me when absent" },
    { name: "chat", value: "chat", help: "A chat by id, GUID, identifier or name" },
    { name: "group", value: "chat", help: "The same as --chat" },
    { name: "service", value: "name", help: "iMessage, SMS or RCS" },
    { name: "name", value: "name", help: "The person's name in Contacts" },
    ...letterOptions,
    { name: "stdin", help: "Many messages: each line a JSON list of this command's words" },
  ],
  examples: [
    'imsg-sim say --from +15550100123 --text "Are you free at 5?"',
    'imsg-sim say --from sam@example.com --group Climbing --text "Saturday 9am" --json',
    "imsg-sim say --from +15550100123 --attach whiteboard.jpg",
    `printf '["--from", "+15550100123", "--text", "%s"]\\n' one two | imsg-sim say --stdin`,
  ],
  run: async (context) => {
    if (!context.given.has("stdin")) return sayOne(context);
    const { print, write, json, place, world, serveWorlds } = context;
    const lines = new LineSplitter(maxLineBytes, (line) => {
      const given = new Given(wordsOf(line), say.options);
      sayOne({ given, print, write, json, place, world, serveWorlds });
    });
    for await (const chunk of process.stdin) lines.push(chunk as Buffer);
  },
};

/** Longest line of `--stdin`. */
const maxLineBytes = 1024 * 1024;

function wordsOf(line: string): string[] {
  const words: unknown = JSON.parse(line);
  if (Array.isArray(words) && words.every((word) => typeof word === "string")) return words;
  throw new UsageError("A line of --stdin is no JSON list of words");
}

function sayOne(context: Context): void {
  const { given, world } = context;
  const person = given.text("from");
  if (person === undefined) throw new UsageError("Missing required option: --from");
  const handle = handleOfPerson(person);
  const name = given.text("name");
  if (name !== undefined) rememberName(world, handle, name);
  const chat = chatOf(world, given, handle);
  const from = world.settings().me.includes(handle) ? "me" : { handle };
  write(context, "say", { chat, from });
}

const own: Command = {
  kind: "world",
  summary: "Write as the account's human, by hand on another device",
  options: [
    {
      ...{ name: "chat", value: "chat", required: true },
      help: "A chat by id, GUID, identifier or name; an address begins one",
    },
    ...letterOptions,
  ],
  examples: ['imsg-sim own --chat 7 --text "I will take this one myself"'],
  run: (context) =>
    write(context, "own", {
      chat: chatToWriteIn(context.world, context.given.text("chat")!),
      from: actorOf(undefined),
    }),
};

function write(
  context: Context,
  method: string,
  who: Pick<Parameters<typeof deliver>[1], "chat" | "from">,
): void {
  const { given, world } = context;
  const to = given.text("to");
  const at = timeOf(given.text("at"));
  const replyTo = given.text("reply-to");
  const splitMs = given.integer("split");
  const card = given.text("card");
  const effect = given.text("effect");
  if (!given.has("text") && !given.has("attach") && card === undefined)
    throw new UsageError("Missing required option: --text");
  const written = deliver(
    world,
    {
      ...who,
      text: given.text("text") ?? "",
      files: given.list("attach").map((path) => {
        const file = storeFile(world, path);
        if (given.has("purged")) rmSync(file.path);
        return given.has("sticker") ? { ...file, sticker: true } : file;
      }),
      ...(to === undefined || to === "me" ? {} : { destination: handleOfPerson(to) }),
      at,
      replyTo,
      splitMs,
      card,
      audio: given.has("audio"),
      mentions: Object.fromEntries(given.list("mention").map(mentionOf)),
      ...(effect === undefined ? {} : { effect: effectId(effect) }),
    },
    method,
  );
  context.print(
    { id: written.id, guid: written.guid, chat_id: who.chat.id, chat_guid: who.chat.guid },
    `${written.guid} in chat ${who.chat.id}`,
  );
}

/** `Sam=+15550100456`: the word, and whom it names. */
function mentionOf(given: string): [word: string, handle: string] {
  const at = given.lastIndexOf("=");
  if (at < 1) throw new UsageError(`Invalid value for --mention: ${given}`);
  return [given.slice(0, at), handleOfPerson(given.slice(at + 1))];
}

export const sayCommands: Record<string, Command> = { say, own };
