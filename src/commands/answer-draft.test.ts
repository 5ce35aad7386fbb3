import { expect, it } from "vitest";
import { item, row } from "../../test/contract/store/bench.js";
import { CommandBench } from "../../test/support/command-bench.js";

const owner = "+15550100009";
const other = "+15550100008";
/** Those of the questions come first. */
let rows = 10;

/** The own chat of an owner (chat 7) in which drafts were asked about, each as the message `Q-<id>`. */
async function asked(...ids: string[]) {
  return askedAbout(Object.fromEntries(ids.map((id) => [id, `words of ${id}`])));
}

/** @param drafts the words of each */
async function askedAbout(drafts: Record<string, string>, limits: object = {}) {
  const ids = Object.keys(drafts);
  const bench = await CommandBench.of({
    channels: { imessage: limits },
    commands: { ownerAllowFrom: [owner, other] },
  });
  const { store } = bench;
  for (const [index, id] of ids.entries()) {
    const to = { target: { kind: "chat_id" as const, chatId: 40 + index }, chatKey: `chat:${40 + index}` };
    const made = {
      account: "default",
      madeBy: `schedule ${id}`,
      agentId: "main",
      to: `Mia ${id}`,
      approves: false,
    };
    await store.drafts.open({ ...made, ...to, id }, 100);
    const schedule = { id, account: "default", sessionKey: "s", dueAt: 100, createdAt: 1, item: item("x") };
    await store.schedule.add(schedule);
    const held = { ...to, origin: "schedule" as const, text: drafts[id]!, draft: id };
    const hold = { id, expiresAt: 90_000, title: `To Mia ${id}: words`, asked: [item(`To Mia ${id}`)] };
    await store.schedule.hand(schedule, { items: [held], holds: [hold] }, 100);
    const [taken] = await store.outbox.take(await bench.claim(), 1, 500);
    await store.outbox.settle(taken!.claim, { state: "stored", guid: `Q-${id}`, rowId: 1 + index }, 500);
  }
  /** @returns what the owner reads */
  const answers = async (text: string, replyTo?: string, from = owner, name = "answer") => {
    const reply = replyTo === undefined ? {} : { replyTo: { guid: replyTo } };
    const said = row(++rows, { from, text, sentAt: 900, guid: `R-${rows}`, ...reply });
    return (await bench.run(name, said, { isOwner: true })).map(({ text }) => text ?? "");
  };
  const says = async (...given: Parameters<typeof answers>) => (await answers(...given)).at(-1);
  const reacts = (emoji: string, targetGuid: string) => {
    const tapback = { kind: "custom", emoji, added: true, targetGuid };
    const said = row(++rows, { from: owner, text: "", sentAt: 900, guid: `R-${rows}`, tapback });
    return bench.run("answer", said, { isOwner: true });
  };
  const stateOf = async (id: string) => {
    const draft = (await store.drafts.get(id))!;
    return `${draft.state}: ${draft.parts.map(({ state, text }) => `${state} ${text}`).join(", ")}`;
  };
  return { says, answers, reacts, stateOf, store };
}

it.each([
  ["1", "sent: pending words of k7ab", "Sent to Mia k7ab."],
  ["yes", "sent: pending words of k7ab", "Sent to Mia k7ab."],
  ["2.", "dropped: not_sent words of k7ab", "Dropped: nothing goes to Mia k7ab."],
  ["no", "dropped: not_sent words of k7ab", "Dropped: nothing goes to Mia k7ab."],
  ["3", "held: held words of k7ab", "Answer with a number from 1 to 2."],
])("takes a plain %s for the one draft that waits", async (text, became, answer) => {
  const { says, stateOf } = await asked("k7ab");
  expect(await says(text)).toBe(answer);
  expect(await stateOf("k7ab")).toBe(became);
});

it("sends better words that are written in reply to a draft, and no others", async () => {
  const { says, stateOf } = await asked("k7ab");
  expect(await says("Better at six.", "Q-none")).toBeUndefined();
  expect(await says("Better at six.")).toBeUndefined();
  expect(await stateOf("k7ab")).toBe("held: held words of k7ab");
  expect(await says("Better at six.", "Q-k7ab")).toBe("Sent to Mia k7ab, in your words.");
  expect(await stateOf("k7ab")).toBe("sent: pending Better at six.");
});

it.each([
  ["yes!", "sent"],
  ["ok", "sent"],
  ["👍", "sent"],
  ["No.", "dropped"],
  ["👎", "dropped"],
  ["5", "held"],
])("takes %s in reply to a draft for no words of it", async (text, state) => {
  const { says, stateOf } = await asked("k7ab");
  await says(text, "Q-k7ab");
  expect((await stateOf("k7ab")).split(":")[0]).toBe(state);
  expect(await stateOf("k7ab")).toContain("words of k7ab");
});

it("lists what waits for a plain answer that may mean several, and takes one that names its own", async () => {
  const { says, stateOf } = await asked("k7ab", "m2cd");
  expect(await says("1")).toMatch(
    /^2 questions are open, .*\nk7ab: To Mia k7ab: words .*\nm2cd: To Mia m2cd/,
  );
  expect(await stateOf("k7ab")).toContain("held");
  expect(await says("1", "Q-m2cd")).toBe("Sent to Mia m2cd.");
  expect(await says("/approve k7ab 2", undefined, owner, "approve")).toBe(
    "Dropped: nothing goes to Mia k7ab.",
  );
  expect(await stateOf("m2cd")).toContain("sent");
});

it("takes words after /approve for a slip, not for a message to somebody", async () => {
  const { says, stateOf } = await asked("k7ab");
  expect(await says("/approve k7ab sned", undefined, owner, "approve")).toBe(
    "Answer with a number from 1 to 2.",
  );
  expect(await says("/approve k7ab", undefined, owner, "approve")).toBe("Answer with a number from 1 to 2.");
  expect(await stateOf("k7ab")).toContain("held");
});

it("asks which is meant where a newer message overtook the only draft, and decides what is named", async () => {
  const { says, stateOf, store } = await asked("k7ab");
  await store.drafts.overtake("k7ab", [], 600);
  expect(await says("1")).toMatch(
    /^Mia k7ab has written again since, so say which draft: \/drafts send k7ab/,
  );
  expect(await stateOf("k7ab")).toContain("held");
  expect(await says("1", "Q-k7ab")).toBe("Sent to Mia k7ab.");
});

it("passes over an overtaken draft while another one waits", async () => {
  const { says, stateOf, store } = await asked("k7ab", "m2cd");
  await store.drafts.overtake("k7ab", [], 600);
  expect(await says("1")).toBe("Sent to Mia m2cd.");
  expect(await stateOf("k7ab")).toContain("held");
});

it("sends nothing to who answers a draft as it read before it was edited (behaviour 18.1)", async () => {
  const { says, reacts, stateOf, store } = await asked("k7ab", "m2cd");
  const asksAnew = { title: "To Mia k7ab: others", asked: [item("To Mia k7ab: others")] };
  await store.drafts.reword("k7ab", [{ text: "others" }], asksAnew, 600);
  const told =
    "The draft to Mia k7ab reads otherwise by now, so that does not count: answer the newer message, or /drafts show k7ab.";
  expect(await says("yes", "Q-k7ab")).toBe(told);
  expect(await says("Better at six.", "Q-k7ab")).toBe(told);
  expect((await reacts("1\ufe0f\u20e3", "Q-k7ab")).at(-1)?.text).toBe(told);
  expect(await stateOf("k7ab")).toBe("held: held others");
  expect(await says("1", "Q-m2cd")).toBe("Sent to Mia m2cd.");
  await says("/approve k7ab 1", undefined, owner, "approve");
  expect(await stateOf("k7ab")).toBe("sent: pending others");
  expect(await says("yes", "Q-k7ab")).toBe("That was sent to Mia k7ab already (+15550100009).");
});

it("tells the owner who is later that another one decided", async () => {
  const { says, stateOf } = await asked("k7ab");
  expect(await says("2", "Q-k7ab", other)).toBe("Dropped: nothing goes to Mia k7ab.");
  expect(await says("1", "Q-k7ab")).toBe("That draft to Mia k7ab was dropped already (+15550100008).");
  expect(await stateOf("k7ab")).toBe("dropped: not_sent words of k7ab");
});

it("lists, shows, changes, sends and drops drafts by /drafts", async () => {
  const { says, stateOf } = await asked("k7ab", "m2cd");
  const drafts = (words: string) => says(`/drafts ${words}`, undefined, owner, "drafts");
  expect(await drafts("")).toBe("k7ab: To Mia k7ab: words of k7ab\nm2cd: To Mia m2cd: words of m2cd");
  expect(await drafts("show k7ab")).toMatch(/^To Mia k7ab: words of k7ab\n1\. Send/);
  expect(await drafts("edit k7ab Better at six.")).toBe("The draft to Mia k7ab reads so now, and waits.");
  expect(await stateOf("k7ab")).toBe("held: held Better at six.");
  expect(await drafts("send k7ab")).toBe("Sent to Mia k7ab.");
  expect(await drafts("send k7ab")).toBe("That was sent to Mia k7ab already (+15550100009).");
  expect(await drafts("drop M2CD")).toBe("Dropped: nothing goes to Mia m2cd.");
  expect(await drafts("")).toBe("No draft waits.");
  expect(await drafts("send zzzz")).toMatch(/^There is no draft zzzz/);
  expect(await drafts("burn k7ab")).toMatch(/^Usage: /);
});

it.each([
  ["1️⃣", "sent"],
  ["2️⃣", "dropped"],
])("takes the keycap %s as a tapback for its number", async (emoji, state) => {
  const { reacts, stateOf } = await asked("k7ab", "m4gb");
  await reacts(emoji, "Q-m4gb");
  expect([await stateOf("k7ab"), await stateOf("m4gb")]).toEqual([
    "held: held words of k7ab",
    expect.stringMatching(`^${state}: `),
  ]);
});

it("shows a draft that is long in the messages in which it was asked about", async () => {
  const long = Array.from({ length: 900 }, (_, index) => `word${index}`).join(" ");
  const { answers } = await askedAbout({ k7ab: long, m2cd: "short" });
  const shown = await answers("/drafts show k7ab", undefined, owner, "drafts");
  expect(shown.map((text) => text.split("\n")[0])).toEqual([
    "To Mia k7ab, 1 of 3:",
    "To Mia k7ab, 2 of 3:",
    "To Mia k7ab, 3 of 3:",
    "The draft to Mia k7ab is all above.",
  ]);
  expect(
    shown
      .join(" ")
      .match(/\bword\d+/g)
      ?.join(" "),
  ).toBe(long);
  expect(await answers("/drafts show m2cd", undefined, owner, "drafts")).toHaveLength(1);
  // Where a message may be shorter still, so are these.
  const narrow = await askedAbout({ k7ab: long }, { textChunkLimit: 1000 });
  const lengths = (await narrow.answers("/drafts show k7ab", undefined, owner, "drafts")).map(
    (text) => text.length,
  );
  expect(Math.max(...lengths)).toBeLessThanOrEqual(1000);
});
