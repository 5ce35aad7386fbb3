import { afterEach, expect, it } from "vitest";
import { Bench, dispatch, item, row, turn } from "../../test/contract/store/bench.js";
import { directChat } from "../../test/support/message.js";
import { type Config, parseConfig } from "../config/index.js";
import { storyFacts, storyOf } from "../facts/index.js";
import { openStore } from "../store/index.js";
import { Reach } from "./reach.js";
import { draftedFor, reachedDraft, reachedStory } from "./story.js";

const [owner, mia] = ["+15550100999", "+15550100123"];
const bench = new Bench(openStore);
afterEach(() => bench.clear());

/** The owner asked, in chat 9, for something to be sent to Mia in chat 7; the turn answered, acted and drafted in both, and failed. */
async function asked() {
  const { store, claim } = await bench.claimed();
  const rows = [row(1, { from: mia }), row(2, { from: owner, chat: { ...directChat(owner), id: 9 } })];
  const ids = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
  for (const id of ids) await store.journal.decide(claim, id, dispatch, 1000);
  await store.turns.open(claim, turn("t1"), ids, [], 1000);
  const [run] = await store.turns.claim("node-1", 1, 1000);
  const act = { account: "default", turnId: "t1", name: "send", parameters: {} };
  for (const chat of ["chat_id:7", "chat_id:9", "nowhere"])
    await store.actions.begin({ ...act, chat }, 0, [], 1000);
  for (const chatId of [7, 9]) {
    const target = { kind: "chat_id" as const, chatId };
    const draft = {
      account: "default",
      madeBy: "t1",
      turnId: "t1",
      agentId: "main",
      to: "",
      approves: false,
      target,
    };
    await store.drafts.open({ ...draft, id: `draft${chatId}`, chatKey: `chat:${chatId}` }, 1000);
  }
  const error = { code: "AGENT_FAILED", message: "it failed", cause: `it wrote to ${owner}` } as never;
  const replies = [item("to Mia", 7), item("to the owner", 9)];
  await store.turns.end(
    run!.claim,
    { outcome: "failed", replies, notes: [`told ${owner}`], error },
    2000,
    false,
  );
  const parsed = await parseConfig(JSON.stringify({ channels: { imessage: {} } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const config: Config = parsed.value.config;
  const limited = new Reach(
    { account: "default", chats: [{ kind: "handle", handle: mia, service: "auto" }] },
    config,
    store,
  );
  return {
    store,
    claim,
    limited,
    whole: new Reach({}, config, store),
    entry: (await store.journal.get(ids[0]!))!,
  };
}

it("tells of a story what was sent, done and drafted in the chats of a token, and names nobody else", async () => {
  const { store, limited, whole, entry } = await asked();
  const story = await storyOf(store, entry);
  const told = async (reach: Reach) => storyFacts(await reachedStory(story, reach), (text) => text);
  expect(await told(limited)).toMatchObject({
    replies: [{ text: "to Mia" }],
    actions: [{ name: "send" }],
    drafts: [{ id: "draft7" }],
    turn: { notes: [], error: { code: "AGENT_FAILED", message: "it failed" } },
  });
  expect(JSON.stringify(await told(limited))).not.toContain(owner);
  const all = await told(whole);
  expect([all.replies, all.actions, all.drafts].map(({ length }) => length)).toEqual([2, 3, 2]);
  expect(all.turn!.notes).toEqual([`told ${owner}`]);
});

it("tells of a draft not what was written elsewhere", async () => {
  const { store, limited, whole } = await asked();
  const draft = (await store.drafts.get("draft7"))!;
  expect((await reachedDraft(draft, whole, store)).for).toMatchObject({ text: "text 2" });
  expect((await reachedDraft(draft, limited, store)).for).toBeNull();
});

it("tells nothing that went to a number which names a chat of the token since the database was replaced", async () => {
  const { store, claim, limited, entry } = await asked();
  await store.journal.admit(
    claim,
    [row(3, { from: mia, chat: { ...directChat(mia), id: 9 } })],
    "live",
    3000,
  );
  const { replies, actions, drafts } = await reachedStory(await storyOf(store, entry), limited);
  expect(replies.map(({ text }) => text)).toEqual(["to Mia"]);
  expect(actions.map(({ chat }) => chat)).toEqual(["chat_id:7"]);
  expect(drafts.map(({ id }) => id)).toEqual(["draft7"]);
  const known = await limited.chats("default");
  const isReached = async (id: string) => {
    const draft = (await store.drafts.get(id))!;
    return limited.hasTarget("default", draft.target, known, await draftedFor(draft, store));
  };
  expect([await isReached("draft7"), await isReached("draft9")]).toEqual([true, false]);
});
