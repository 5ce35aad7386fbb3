import { TapbackError } from "../../platform/index.js";
import { toAppleTime } from "../chat-db/apple-time.js";
import { randomAt } from "../world/random.js";
import type { World } from "../world/world.js";
import { writeInBulk } from "./bulk.js";
import { type ChatRow, createGroup, ensureDirectChat, ensureHandle } from "./chats.js";
import { insertMessage } from "./insert.js";

const names = [
  "Mia Wong",
  "Sam Ortiz",
  "Ada Berg",
  "Noah Klein",
  "Lena Roth",
  "Omar Haddad",
  "Iris Chen",
  "Jon Park",
];
const openings = [
  "Are you free",
  "Did you see this",
  "Running late",
  "Lunch",
  "Call me",
  "Thanks",
  "On my way",
  "No idea",
];
const endings = [
  "at 5?",
  "tomorrow",
  "😂",
  "!",
  "with Sam?",
  "later today",
  "https://example.com/post/1",
  "please",
];

/** What a filled world is made of. */
export interface SeedOptions {
  people: number;
  messages: number;
  days: number;
  /** Names the sequence of choices; the same seed gives the same world. */
  seed: number;
}

/**
 * Fills a world at once: direct chats, a group for every fifth person, messages evenly over the days, one own message in
 * three. One transaction: 20,000 messages take about a second, a million about a minute.
 * @throws `SEED_INVALID`
 */
export function seedWorld(
  world: World,
  options: SeedOptions,
): { people: number; chats: number; messages: number } {
  if (options.people < 1 && options.messages > 0)
    throw new TapbackError("SEED_INVALID", "Messages need people who write them", {
      hint: "Give people: 1.",
    });
  let drawn = 0;
  const pick = (n: number) => Math.floor(randomAt(options.seed, drawn++) * n);
  const people = Array.from({ length: options.people }, (_, i) => ({
    handle: i % 7 === 6 ? `person${i}@example.com` : `+1555010${String(1000 + i)}`,
    name: `${names[i % names.length]}${i < names.length ? "" : ` ${Math.floor(i / names.length) + 1}`}`,
  }));
  world.change((settings) => ({
    ...settings,
    names: { ...settings.names, ...Object.fromEntries(people.map(({ handle, name }) => [handle, name])) },
  }));
  const chats: { chat: ChatRow; members: string[] }[] = [];
  writeInBulk(world, options.messages, () => {
    for (const { handle } of people) chats.push({ chat: ensureDirectChat(world, handle), members: [handle] });
    for (let i = 0; i + 2 < people.length; i += 5) {
      const members = people.slice(i, i + 3).map(({ handle }) => handle);
      chats.push({ chat: createGroup(world, { name: `Group ${i / 5 + 1}`, members }), members });
    }
    const handles = chats.map(({ chat, members }) =>
      members.map((member) => ensureHandle(world, member, chat.service)),
    );
    const me = world.settings().me[0] ?? null;
    const start = world.now() - options.days * 86_400_000;
    for (let i = 0; i < options.messages; i++) {
      const at = pick(chats.length);
      const { chat, members } = chats[at]!;
      const fromMe = pick(3) === 0;
      const sender = handles[at]![pick(members.length)]!;
      const sentAt = start + Math.floor((i * options.days * 86_400_000) / options.messages);
      insertMessage(world, {
        chatId: chat.id,
        text: `${openings[pick(openings.length)]} ${endings[pick(endings.length)]}`,
        handleId: fromMe && chat.isGroup ? 0 : sender,
        fromMe,
        service: chat.service,
        destination: me,
        at: sentAt,
        columns: {
          ...(fromMe
            ? { is_sent: 1, is_delivered: 1, date_delivered: toAppleTime(sentAt) }
            : { is_read: 1, date_read: toAppleTime(sentAt) }),
          cache_roomnames: chat.isGroup ? chat.identifier : null,
        },
      });
    }
  });
  return { people: people.length, chats: chats.length, messages: options.messages };
}
