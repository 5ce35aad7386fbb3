import { expect, it } from "vitest";
import { item, row } from "../../test/contract/store/bench.js";
import { directMessage } from "../../test/support/message.js";
import { type Config, parseConfig } from "../config/index.js";
import type { Chat, Target } from "../conversation/index.js";
import type { JournalEntry, KeptEvent, Turn } from "../store/index.js";
import { inChats } from "./chats.js";

const mia = "+15550100001";
const ben = "+15550100002";
const max = "+493012345678";

const chatOf = (id: number, guid: string, change: Partial<Chat> = {}): Chat => {
  const identifier = guid.slice(guid.lastIndexOf(";") + 1);
  return { ...directMessage({}).chat, id, guid, identifier, participants: [identifier], ...change };
};
const direct = chatOf(7, `iMessage;-;${mia}`);
const sms = chatOf(8, `SMS;-;${mia}`);
const bens = chatOf(9, `iMessage;-;${ben}`);
const group = chatOf(10, "iMessage;+;chat12", { isGroup: true, participants: [mia, ben] });
/** Messages reports it as no group, under the handle of one of them. */
const several = chatOf(11, `iMessage;-;${mia}`, { participants: [mia, ben] });
const german = chatOf(12, `any;-;${max}`);

const entryOf = (chat: Chat): JournalEntry =>
  ({ id: chat.id, account: "home", row: row(chat.id, { chat, sender: mia }) }) as unknown as JournalEntry;
const turnOf = ({ id: chatId, ...chat }: Chat) =>
  ({ id: `turn ${chatId}`, envelope: { chat: { ...chat, chatId } } }) as unknown as Turn;

/** One of each kind, of one conversation. */
function eventsIn(chat: Chat): KeptEvent[] {
  const target: Target = { kind: "chat_id", chatId: chat.id };
  const of = (type: string, about: object) =>
    ({
      id: 1,
      account: "home",
      at: 1,
      chat: `chat:${chat.id}`,
      type,
      facts: {},
      about,
    }) as unknown as KeptEvent;
  return [
    of("message", entryOf(chat)),
    of("decision", entryOf(chat)),
    of("turn", turnOf(chat)),
    of("question", { turnId: `turn ${chat.id}` }),
    of("sent", { target, turnId: `turn ${chat.id}` }),
    of("draft", { target, turnId: `turn ${chat.id}`, parts: [] }),
    of("pairing", { handle: chat.identifier, chatId: chat.id }),
  ];
}

const all = eventsIn(direct).map(({ type }) => type);

/** @param gone chats of an earlier database: their turns are kept, and none of their rows */
async function bench(
  chats: Chat[] = [direct, sms, bens, group, several, german],
  account: object = {},
  gone: Chat[] = [],
) {
  const earlier = gone.map((chat) => ({ ...turnOf(chat), id: `gone ${chat.id}` }));
  const parsed = await parseConfig(
    JSON.stringify({ channels: { imessage: { accounts: { home: account, work: {} } } } }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const store = {
    journal: {
      chats: async (id: string) => chats.map(entryOf).filter((each) => each.account === id),
      ofTurn: async () => [],
    },
    turns: { get: async (id: string) => [...chats.map(turnOf), ...earlier].find((each) => each.id === id) },
  };
  const deps = { store, config: (): Config => config } as unknown as Parameters<typeof inChats>[1];
  return async (events: KeptEvent[], names: string[] | undefined) => {
    const isTold = inChats(names, deps);
    const told = await Promise.all(events.map(isTold));
    return events.filter((_, index) => told[index]).map(({ type }) => type);
  };
}

it("tells everything of a chat by each of its names, and nothing of another", async () => {
  const told = await bench();
  for (const name of [
    "chat_id:7",
    mia,
    `imessage:${mia}`,
    `chat_guid:iMessage;-;${mia}`,
    `chat_guid:any;-;${mia}`,
    `chat_identifier:${mia}`,
  ]) {
    expect([name, await told(eventsIn(direct), [name])]).toEqual([name, all]);
    expect([name, await told(eventsIn(bens), [name])]).toEqual([name, []]);
    expect([name, await told(eventsIn(group), [name])]).toEqual([name, []]);
  }
  for (const name of ["chat_id:8", ben, `chat_guid:iMessage;-;${ben}`, "no target;"])
    expect([name, await told(eventsIn(direct), [name])]).toEqual([name, []]);
  // A webhook is of no account; a number means a chat on each.
  const about = { ...entryOf(direct), account: "work" };
  const elsewhere = { ...eventsIn(direct)[0]!, account: "work", about } as KeptEvent;
  expect(await told([elsewhere], [mia])).toEqual(["message"]);
  expect(await told(eventsIn(direct), undefined)).toEqual(all);
  expect(await told(eventsIn(direct), [])).toEqual([]);
});

it("tells a person's SMS apart from their iMessage where the service is named", async () => {
  const told = await bench();
  expect(await told(eventsIn(sms), [`sms:${mia}`])).toEqual(all);
  expect(await told(eventsIn(sms), [mia])).toEqual(all);
  expect(await told(eventsIn(direct).slice(0, -1), [`sms:${mia}`])).toEqual([]);
  expect(await told(eventsIn(sms).slice(0, -1), [`imessage:${mia}`])).toEqual([]);
});

it("takes what several people wrote for no part of the conversation with one of them", async () => {
  const told = await bench([several, group, bens]);
  for (const name of [mia, `imessage:${mia}`]) {
    expect(await told(eventsIn(several).slice(0, -1), [name])).toEqual([]);
    expect(await told(eventsIn(group), [name])).toEqual([]);
  }
  expect(await told(eventsIn(several), ["chat_id:11"])).toEqual(all);
  expect(await told(eventsIn(group).slice(0, -1), ["chat_guid:any;+;chat12"])).toEqual(all.slice(0, -1));
});

it("tells what is sent to a person before they ever wrote, and what goes to a number of a chat that is theirs", async () => {
  const target = { kind: "handle", handle: ben, service: "auto" } as const;
  const sent = {
    ...eventsIn(bens)[4]!,
    chat: `handle:${ben}`,
    about: item("hi", 9, { target }),
  } as KeptEvent;
  expect(await (await bench([direct]))([sent], [ben])).toEqual(["sent"]);
  expect(await (await bench([direct, bens]))([sent], ["chat_id:9"])).toEqual(["sent"]);
  expect(await (await bench([direct, bens]))([sent], [mia, "chat_id:7"])).toEqual([]);
  // Nobody wrote in a chat of this number: whose it is is not known.
  expect(await (await bench([direct]))(eventsIn(bens).slice(4, 6), [ben])).toEqual([]);
});

it("tells nothing that went to a chat whose number another one has now, nor what nothing tells of (behaviour 10.3b)", async () => {
  const renumbered = chatOf(13, `iMessage;-;${ben}`);
  const earlier = chatOf(13, `iMessage;-;${mia}`);
  const told = await bench([renumbered], {}, [earlier]);
  const names = [ben, `chat_guid:iMessage;-;${ben}`];
  const of = (about: object) =>
    told(
      eventsIn(renumbered)
        .slice(4, 6)
        .map((event) => ({ ...event, about: { ...event.about, ...about } }) as KeptEvent),
      names,
    );
  expect(await of({})).toEqual(["sent", "draft"]);
  expect(await of({ turnId: "gone 13" })).toEqual([]);
  expect(await of({ turnId: undefined })).toEqual([]);
  const named = ({ guid: chatGuid }: Chat) => of({ turnId: undefined, chatGuid, parts: [{ chatGuid }] });
  expect([await named(renumbered), await named(earlier)]).toEqual([["sent", "draft"], []]);
});

it("reads numbers without a country in the region of the account", async () => {
  const told = await bench(undefined, { region: "DE" });
  expect(await told(eventsIn(german), ["030 12345678"])).toEqual(all);
  expect(await told(eventsIn(german), ["(555) 010-0001"])).toEqual([]);
  expect(await (await bench())(eventsIn(direct), ["(555) 010-0001"])).toEqual(all);
});

it("takes a row whose chat is not known, what has no chat and what is forgotten for no part of any", async () => {
  const told = await bench();
  const names = [mia, "chat_id:7", `chat_guid:iMessage;-;${mia}`];
  const unknown = { ...entryOf(chatOf(0, "", { participants: [] })) };
  expect(await told([{ ...eventsIn(direct)[0]!, about: unknown } as KeptEvent], names)).toEqual([]);
  const health = { id: 1, account: "home", at: 1, type: "health", facts: { state: "live" } } as KeptEvent;
  expect(await told([health], names)).toEqual([]);
  const forgotten = eventsIn(direct).map(({ about: _, ...rest }) => rest as KeptEvent);
  expect(await told(forgotten, names)).toEqual([]);
});
