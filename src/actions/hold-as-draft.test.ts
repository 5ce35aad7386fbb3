import { expect, it } from "vitest";
import { Bench, item, row } from "../../test/contract/store/bench.js";
import { ActionBench } from "../../test/support/action-bench.js";
import { groupChat } from "../../test/support/message.js";
import { chatOf } from "../../test/support/send-bench.js";
import { openStore } from "../store/index.js";
import type { DraftChat } from "./context.js";
import type { Conversation } from "./conversation.js";
import { holdAsDraft } from "./hold-as-draft.js";
import type { Plan } from "./plan.js";

const stores = new Bench(openStore);
const mia = "+15550100123";
const home: Conversation = {
  target: { kind: "chat_id", chatId: 7 },
  chat: { id: 7, guid: "G7" },
  identifier: mia,
  isGroup: false,
};
const react: Plan = {
  run: async () => ({ state: "done", facts: {} }),
  act: { name: "react", parameters: { message: "M" } },
};

/** @param draft what an owner has to say yes to; undefined where nobody has to */
async function held(
  where: Conversation,
  {
    draft = "k7",
    plan = react as Exclude<Plan, { look: unknown }>,
    approves = false,
    name = "react" as const,
    supported = true,
    holds = true,
    isHeld = true,
  } = {},
) {
  await stores.clear();
  const bench = await ActionBench.of(stores);
  await bench.journal(row(50, { chat: chatOf(7, mia), sender: mia, senderName: "Mia" }));
  await bench.journal(row(51, { chat: groupChat(88), sender: mia, senderName: "Mia" }));
  if (!supported) bench.support = { supported, missing: "bridge", why: "not up" };
  const asked: [DraftChat, boolean][] = [];
  const actor = bench.turn({
    ...(holds && {
      holds: async (chat: DraftChat, approved: boolean) => {
        asked.push([chat, approved]);
        return isHeld ? draft : undefined;
      },
    }),
  });
  const deps = { ...bench, account: "default", settings: () => bench.settings } as never;
  const done = await holdAsDraft(deps, plan, { actor, where, name, approves });
  return { asked, told: done.ok ? done.value : done.error.code };
}

it.each<[string, Conversation, Partial<DraftChat>]>([
  ["their name, where they wrote", home, { handle: mia, name: "Mia" }],
  [
    "the name of the group",
    { ...home, target: { kind: "chat_id", chatId: 88 }, isGroup: true },
    { handle: "", name: "Climbing" },
  ],
  [
    "a person who never wrote",
    { target: { kind: "handle", handle: "+15550100777", service: "auto" }, isGroup: false },
    { handle: "+15550100777", name: "+15550100777" },
  ],
  [
    "a person who wrote, and is named by their number",
    { target: { kind: "handle", handle: mia, service: "auto" }, isGroup: false },
    { handle: mia, name: "Mia" },
  ],
  [
    "who reads a chat that nobody wrote in",
    { ...home, target: { kind: "chat_id", chatId: 9 }, identifier: "sam@example.com" },
    { handle: "sam@example.com", name: "sam@example.com" },
  ],
  [
    "who was found there, before what the chat is called",
    { ...home, target: { kind: "chat_id", chatId: 9 }, handle: "+15550100777", identifier: "x" },
    { handle: "+15550100777", name: "+15550100777" },
  ],
  [
    "the chat, where nothing is known of it",
    { target: { kind: "chat_id", chatId: 9 }, isGroup: false },
    { handle: "", name: "chat_id:9" },
  ],
  [
    "a group that nobody wrote in",
    { ...home, target: { kind: "chat_id", chatId: 9 }, identifier: "chat640", isGroup: true },
    { handle: "", name: "chat_id:9" },
  ],
])("tells an owner for whom a draft is: %s", async (_, where, chat) => {
  const { asked } = await held(where);
  expect(asked).toEqual([[{ target: where.target, isGroup: where.isGroup, ...chat }, false]]);
});

it("holds what an action sends, or would do, as parts of the draft", async () => {
  const part = { draft: "k7", origin: "turn", chatGuid: "G7" };
  expect((await held(home)).told).toEqual({
    draft: "k7",
    sends: [{ target: home.target, chatKey: "chat:7", act: react.act, ...part }],
  });
  const icon = { ...react, file: "/copy" };
  expect((await held(home, { plan: icon })).told).toMatchObject({ sends: [{ file: "/copy", ...part }] });
  const sends = [item("a"), item("b", 7, { file: "/c" })];
  expect((await held(home, { plan: { sends } })).told).toEqual({
    draft: "k7",
    sends: sends.map((each) => ({ ...each, ...part })),
  });
  const { chat: _, ...nameless } = home;
  expect((await held(nameless, { plan: { sends: [item("a")] } })).told).toEqual({
    draft: "k7",
    sends: [{ ...item("a"), draft: "k7", origin: "turn" }],
  });
});

it("is the approval of this message where nobody was let in, and nothing where nobody can say yes", async () => {
  const sends = [item("a")];
  const approved = await held(home, { plan: { sends }, approves: true });
  expect(approved.asked[0]?.[1]).toBe(true);
  expect(approved.told).toMatchObject({ sends: [{ origin: "approved-draft" }] });
  for (const none of [{ isHeld: false }, { holds: false }]) {
    expect((await held(home, { ...none, approves: true })).told).toBe("RECIPIENT_REFUSED");
    // Where they were let in it is done at once.
    expect((await held(home, none)).told).toBeUndefined();
  }
});

it("holds nothing that this Mac cannot do", async () => {
  expect((await held(home, { supported: false })).told).toBe("ACTION_UNAVAILABLE");
  const plain = await held(home, { supported: false, name: "send" as never, plan: { sends: [item("a")] } });
  expect(plain.told).toMatchObject({ draft: "k7" });
});
