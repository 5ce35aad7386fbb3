import { createInterface } from "node:readline";
import { messageOf, sleep } from "../../../platform/index.js";
import { deliver } from "../../messages-app/deliver.js";
import { storeFile } from "../../messages-app/files.js";
import { handleOfPerson } from "../../messages-app/person.js";
import { react } from "../../messages-app/tapback.js";
import { findMessage } from "../../messages-app/threads.js";
import { readChatRows } from "../../reading/messages.js";
import { isTapbackType } from "../../reading/reactions.js";
import { maxRowId } from "../../rpc/newest-row.js";
import { Subscriptions } from "../../rpc/subscriptions.js";
import type { Command, Context } from "../command.js";
import { chatOf, rememberName } from "../people.js";

/** How long the phone listens on after its input has ended: an answer to the last line may still come. */
const lingerMs = 1500;

const phone: Command = {
  kind: "world",
  summary: "Be a person with a phone: type to write, see what comes back",
  options: [
    { name: "as", value: "handle", help: "Who you are (+15550100123)" },
    { name: "to", value: "address", help: "Which of the account's addresses" },
    { name: "chat", value: "chat", help: "A group by id, GUID, identifier or name" },
    { name: "service", value: "name", help: "iMessage, SMS or RCS" },
    { name: "name", value: "name", help: "Your name in Contacts" },
    {
      name: "linger",
      value: "ms",
      help: `How long to listen after the input has ended (${lingerMs})`,
      integer: true,
      min: 0,
    },
  ],
  examples: [
    "imsg-sim phone",
    "imsg-sim phone --as sam@example.com --chat Climbing",
    "echo hello | imsg-sim phone",
  ],
  run: (context) => usePhone(context),
};

async function usePhone(context: Context): Promise<void> {
  const { given, world, write, json } = context;
  const handle = handleOfPerson(given.text("as") ?? "+15550100123");
  const name = given.text("name");
  if (name !== undefined) rememberName(world, handle, name);
  const chat = chatOf(world, given, handle);
  const to = given.text("to");
  const destination = to === undefined || to === "me" ? {} : { destination: handleOfPerson(to) };
  const interactive = process.stdin.isTTY === true && !json;

  let cursor = maxRowId(world);
  // What a tapback goes on: the newest message of somebody else.
  let newest = readChatRows(world, "WHERE j.chat_id = ? ORDER BY m.ROWID DESC LIMIT 50", chat.id).find(
    (row) => (row.fromMe || row.sender !== handle) && !isTapbackType(row.associatedType),
  )?.guid;
  const show = (line: string, value: Record<string, unknown>) => {
    if (json) return context.print(value);
    // The prompt is taken away and put back, so that what arrives does not stand in a half-typed line.
    write(interactive ? `\r\u001b[K${line}\n` : `${line}\n`);
    if (interactive) lines.prompt(true);
  };
  const poll = () => {
    for (const row of readChatRows(
      world,
      "WHERE j.chat_id = ? AND m.ROWID > ? ORDER BY m.ROWID",
      chat.id,
      cursor,
    )) {
      cursor = row.id;
      if (!row.fromMe && row.sender === handle) continue;
      if (!isTapbackType(row.associatedType)) newest = row.guid;
      const who = row.fromMe
        ? (world.settings().me[0] ?? "me")
        : (world.settings().names[row.sender] ?? row.sender);
      const text = row.text.replaceAll("\ufffc", "[file] ");
      show(`${who}: ${text}`, { id: row.id, guid: row.guid, from: row.fromMe ? "me" : row.sender, text });
    }
    return Number.POSITIVE_INFINITY;
  };
  const watching = new Subscriptions(world);
  const lines = createInterface({
    input: process.stdin,
    ...(interactive ? { output: process.stdout, prompt: "> " } : {}),
  });
  if (interactive)
    write(
      `You are ${handle}, in chat ${chat.id}. /quit leaves, /file PATH sends a file, /love puts a tapback.\n`,
    );
  const failing = watching.untilFailed(world, { debounceMs: 10, pollMs: 500, poll });
  lines.prompt();
  const typed = new Promise<boolean>((resolve) => {
    lines.on("line", (line) => {
      try {
        if (line.trim() === "/quit") resolve(true);
        else take(line);
      } catch (error) {
        process.stderr.write(`${messageOf(error)}\n`);
      }
      lines.prompt();
    });
    lines.on("close", () => resolve(interactive));
  });
  try {
    const quit = await Promise.race([typed, failing]);
    if (!quit) await Promise.race([sleep(given.integer("linger") ?? lingerMs), failing]);
    poll();
  } finally {
    lines.close();
    watching.stopAll();
  }

  function take(line: string): void {
    const [, command, rest = ""] =
      /^\/(file|love|like|dislike|laugh|emphasize|question)\b\s*(.*)$/.exec(line) ?? [];
    const letter = { chat, from: { handle }, ...destination };
    if (command === "file") deliver(world, { ...letter, text: "", files: [storeFile(world, rest)] }, "phone");
    else if (command !== undefined) {
      if (newest === undefined) throw new Error("There is no message here yet to put a tapback on");
      react(world, { chat, from: { handle }, target: findMessage(world, newest), kind: command });
    } else if (line.trim() !== "") deliver(world, { ...letter, text: line }, "phone");
  }
}

export const phoneCommands: Record<string, Command> = { phone };
