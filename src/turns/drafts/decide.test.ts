import { expect, it } from "vitest";
import { Bench, item, turn } from "../../../test/contract/store/bench.js";
import type { TextRules } from "../../outbound/index.js";
import { type NewOutboxItem, openStore } from "../../store/index.js";
import { decideDraft, rewordDraft } from "./decide.js";
import { linesOf } from "./question.js";
import { draftWords } from "./text.js";

const bench = new Bench(openStore);
const owner = "+15550100009";
const rules: TextRules = { textChunkLimit: 10, chunkMode: "length" };
const chat = { target: { kind: "chat_id" as const, chatId: 7 }, chatKey: "chat:7" };

/** A held draft of these parts, and one of another turn beside it. */
async function held(...parts: Partial<NewOutboxItem>[]) {
  const { store, claim } = await bench.claimed();
  for (const [id, replies] of [
    ["k7ab", parts.map((part) => ({ ...chat, origin: "turn" as const, ...part }))],
    ["beside", [item("of hers", 8)]],
  ] as const) {
    await store.turns.open(claim, turn(id, id), [], [], 1000);
    const [run] = await store.turns.claim("node-1", 1, 1000);
    const made = { account: "default", madeBy: id, turnId: id, agentId: "main", to: "Mia", approves: false };
    await store.drafts.open({ ...made, ...chat, id }, 1000);
    const holds = [{ id, expiresAt: 90_000, title: "To Mia", asked: [item("To Mia", 9)] }];
    const end = { outcome: "done" as const, replies: replies.map((one) => ({ ...one, draft: id })), holds };
    await store.turns.end(run!.claim, end, 2000, false);
  }
  const draft = (await store.drafts.get("k7ab"))!;
  const besideNow = async () => (await store.drafts.get("beside"))!;
  const before = await besideNow();
  return { store, draft, before, besideNow };
}

const react = { act: { name: "react" as const, parameters: { message: "G", reaction: "love" } } };
const file = { file: "/state/outgoing/1/plan.pdf" };

it.each<[string, Partial<NewOutboxItem>[]]>([
  ["a text", [{ text: "yes" }]],
  ["two texts", [{ text: "one" }, { text: "two" }]],
  ["an act before its text", [react, { text: "one" }]],
  ["a file between texts", [{ text: "one" }, file, { text: "two" }]],
  ["an act and a file alone", [react, file]],
])(
  "shows owners who gave better words just what a draft of %s would send then (behaviour 18.1)",
  async (_, parts) => {
    for (const words of ["new", "the first\n\nand second"]) {
      const { store, draft, before, besideNow } = await held(...parts);
      expect(await rewordDraft(store, draft, words, { rules, owners: [owner] }, 3000)).toEqual({
        ...{ counted: true, text: "The draft to Mia reads so now, and waits." },
      });
      const now = (await store.drafts.get("k7ab"))!;
      const [asked] = draftWords.asked(now, await linesOf(now.parts, store));
      const [newest] = await store.outbox.list({ limit: 1 });
      expect(newest).toMatchObject({ text: asked, chatKey: `handle:${owner}` });
      const texts = now.parts.flatMap(({ text, state }) => (text && state === "held" ? text : []));
      expect(texts.join(" ").replace(/\s+/g, " ")).toBe(words.replace(/\s+/g, " "));
      expect(await besideNow()).toEqual(before);
      await bench.clear();
    }
  },
);

it("shows owners all that their yes sends, however often the words are changed (behaviour 18.1)", async () => {
  const { store, before, besideNow } = await held({ text: "one" }, file, { text: "two" });
  for (const [at, words] of ["short", "the first\n\nand second", "a\n\nb\n\nc\n\nd", "e"].entries()) {
    const draft = (await store.drafts.get("k7ab"))!;
    await rewordDraft(store, draft, words, { rules, owners: [owner] }, 3000 + at);
    const now = (await store.drafts.get("k7ab"))!;
    const waits = now.parts.filter(({ state }) => state === "held");
    const [asked] = draftWords.asked(draft, await linesOf(waits, store));
    const [newest] = await store.outbox.list({ limit: 1 });
    expect(newest?.text).toBe(asked);
    for (const { text } of waits) if (text) expect(asked).toContain(text);
  }
  expect(await besideNow()).toEqual(before);
});

it("sends what an owner says yes to, once, and says so to who decides later", async () => {
  const { store, draft, before, besideNow } = await held({ text: "yes" });
  const said = { sends: true, by: owner };
  expect(await decideDraft(store, draft, said, rules, 3000)).toEqual({ counted: true, text: "Sent to Mia." });
  expect(await decideDraft(store, draft, { ...said, sends: false }, rules, 3000)).toEqual({
    ...{ counted: false, code: "DRAFT_SETTLED", text: `That was sent to Mia already (${owner}).` },
  });
  expect(await rewordDraft(store, draft, "no", { rules, owners: [owner] }, 3000)).toEqual({
    ...{ counted: false, code: "DRAFT_SETTLED", text: `That was sent to Mia already (${owner}).` },
  });
  expect((await store.drafts.get("k7ab"))!.parts).toMatchObject([{ state: "pending", text: "yes" }]);
  expect(await besideNow()).toEqual(before);
});

it("sends an owner's own words in its place, and nothing of what was dropped", async () => {
  const first = await held({ text: "yes" });
  const words = { sends: true, by: owner, words: "**no**, and never" };
  expect(await decideDraft(first.store, first.draft, words, rules, 3000)).toEqual({
    ...{ counted: true, text: "Sent to Mia, in your words." },
  });
  const sent = (await first.store.drafts.get("k7ab"))!.parts.filter(({ state }) => state === "pending");
  expect(sent.map(({ text, runs }) => [text, runs])).toEqual([
    ["no, and", [{ start: 0, length: 2, styles: ["bold"] }]],
    ["never", undefined],
  ]);
  await bench.clear();
  const other = await held({ text: "yes" });
  expect(await decideDraft(other.store, other.draft, { sends: false, by: owner }, rules, 3000)).toEqual({
    ...{ counted: true, text: "Dropped: nothing goes to Mia." },
  });
  const { state, parts } = (await other.store.drafts.get("k7ab"))!;
  expect([state, parts.map((part) => part.state)]).toEqual(["dropped", ["not_sent"]]);
});

it.each([" ", "\n\n", "\t \u00a0", "\u200b", "\u2060\n\u200b"])(
  "takes no words of which nothing is left to be read: %j",
  async (blank) => {
    const { store, draft, before, besideNow } = await held({ text: "yes" }, file);
    const refused = {
      ...{ counted: false, code: "DRAFT_WORDLESS" },
      text: "Nothing is left to be read of these words: the draft to Mia waits as it is.",
    };
    const said = { sends: true, by: owner, words: blank };
    expect(await decideDraft(store, draft, said, rules, 3000)).toEqual(refused);
    expect(await rewordDraft(store, draft, blank, { rules, owners: [owner] }, 3000)).toEqual(refused);
    expect(await store.drafts.get("k7ab")).toEqual(draft);
    expect(await besideNow()).toEqual(before);
    await bench.clear();
  },
);
