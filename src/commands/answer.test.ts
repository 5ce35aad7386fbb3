import { expect, it } from "vitest";
import { item, row } from "../../test/contract/store/bench.js";
import { CommandBench } from "../../test/support/command-bench.js";
import { groupMessage } from "../../test/support/message.js";
import type { GatewayControls } from "./contract.js";

const owner = "+15550100009";
const options = [
  { id: "yes", name: "Allow", kind: "allow_once" as const },
  { id: "no", name: "Deny", kind: "reject_once" as const },
];

let replies = 0;

/** An owner's chat in which questions were asked at a time, each with the number of its row; 0 while that is not known. */
async function askedAt(at: number, ...rowIds: number[]) {
  const bench = await CommandBench.of({ commands: { ownerAllowFrom: [owner] } });
  const { store } = bench;
  for (const [index, rowId] of rowIds.entries()) {
    const id = `q${index + 1}aa`;
    const asking = {
      id,
      kind: "permission" as const,
      account: "default",
      turnId: id,
      sessionKey: id,
      title: `Do ${id}`,
      options,
    };
    await store.questions.ask({ ...asking, askedAt: at, expiresAt: 90_000 }, [item(id)]);
    const [taken] = await store.outbox.take(await bench.claim(), 1, at);
    const inDoubt = { code: "OUTCOME_UNKNOWN", message: "nobody knows" } as const;
    const outcome =
      rowId > 0
        ? ({ state: "stored", guid: id, rowId } as const)
        : ({ state: "unknown", error: inDoubt } as const);
    await store.outbox.settle(taken!.claim, outcome, at);
  }
  const answers: string[] = [];
  const answer: GatewayControls["answer"] = async (id, option) => {
    answers.push(`${id} ${option?.name}`);
    return true;
  };
  /** @returns what the owner reads */
  const says = async (name: string, text: string, rowId: number, more: Parameters<typeof row>[1] = {}) => {
    const said = row(rowId, { from: owner, text, sentAt: 1000, guid: `R-${++replies}`, ...more });
    const sent = await bench.run(name, said, { isOwner: true }, { answer });
    return sent[0]?.text;
  };
  return { says, answers };
}

const asked = (...rowIds: number[]) => askedAt(500, ...rowIds);

it.each([
  ["answer", "1"],
  ["approve", "/approve 1"],
])("takes a number for a question that was asked before it was written alone: %s", async (name, text) => {
  const { says, answers } = await asked(12);
  // The Mac's clock may be ahead of ours, or ours be set back: the order of the rows counts.
  await says(name, text, 11, { sentAt: 9_000_000 });
  expect(answers).toEqual([]);
  await says(name, text, 13, { sentAt: 1 });
  expect(answers).toEqual(["q1aa Allow"]);
});

it("takes a number by its time where the row of the question is not known", async () => {
  const { says, answers } = await asked(0);
  await says("answer", "1", 20, { sentAt: 499 });
  expect(answers).toEqual([]);
  await says("answer", "1", 20, { sentAt: 500 });
  expect(answers).toEqual(["q1aa Allow"]);
});

it("takes a number with a time ahead of ours for one that was written when it came", async () => {
  const { says, answers } = await askedAt(1500, 0);
  // Rows of the bench come at 1000.
  await says("answer", "1", 20, { sentAt: 9_000_000 });
  expect(answers).toEqual([]);
});

it.each([
  ["answer", "1", 20],
  ["answer", "2.", 13],
  ["approve", "/approve 1", 20],
])("asks which is meant while several are open: %s %s", async (name, text, rowId) => {
  const { says, answers } = await asked(12, 14);
  const reply = await says(name, text, rowId);
  expect(reply).toMatch(/^2 questions are open, so say which: .*\nq1aa: Do q1aa .*\nq2aa: Do q2aa/);
  expect(answers).toEqual([]);
});

it("takes the id, or a reply to the question, for the one of several that is meant", async () => {
  const { says, answers } = await asked(12, 14);
  await says("approve", "/approve q2aa 2", 20);
  await says("answer", "1", 20, { replyTo: { guid: "q1aa" } });
  expect(answers).toEqual(["q2aa Deny", "q1aa Allow"]);
});

it("takes no number for an answer that replies to something else", async () => {
  const { says, answers } = await asked(12);
  expect(await says("answer", "1", 20, { replyTo: { guid: "SOMETHING" } })).toBeUndefined();
  expect(answers).toEqual([]);
});

it("refuses somebody who is no owner, by its name as by a reply, and tells nothing of what is open", async () => {
  const bench = await CommandBench.of({ commands: { ownerAllowFrom: [owner] } });
  const asking = {
    id: "q1aa",
    kind: "permission" as const,
    account: "default",
    turnId: "t",
    sessionKey: "s",
  };
  await bench.store.questions.ask({ ...asking, title: "Do", options, askedAt: 500, expiresAt: 90_000 }, [
    item("q1aa"),
  ]);
  const [taken] = await bench.store.outbox.take(await bench.claim(), 1, 500);
  await bench.store.outbox.settle(taken!.claim, { state: "stored", guid: "q1aa" }, 500);
  const says = async (name: string, text: string, replyTo?: string) => {
    const reply = replyTo === undefined ? {} : { replyTo: { guid: replyTo } };
    const said = row(20, { from: "+15550100321", text, sentAt: 1000, guid: `R-${++replies}`, ...reply });
    return (await bench.run(name, said))[0]?.text;
  };
  const refused = "Only an owner may answer this, over iMessage.";
  expect(await says("answer", "1", "q1aa")).toBe(refused);
  expect(await says("approve", "/approve q1aa 1")).toBe(refused);
  expect(await says("approve", "/approve zzzz 1")).toBe(refused);
  expect(await says("approve", "/approve")).toBe("Nothing is being asked.");
});

it("says of what a guest answers elsewhere that it counts there, and nothing of what was asked (behaviour 18.2)", async () => {
  const guest = "+15550100321";
  const bench = await CommandBench.of({ commands: { ownerAllowFrom: [owner] } });
  const asking = {
    ...{ kind: "ask" as const, account: "default", turnId: "t", sessionKey: "s", title: "Which?" },
    ...{ options: [{ id: "1", name: "Red", kind: "choice" as const }], askedAt: 500, expiresAt: 90_000 },
    answerers: [guest],
  };
  for (const id of ["q1aa", "q2aa"]) await bench.store.questions.ask({ ...asking, id }, [item(id)]);
  const answers: string[] = [];
  const answer: GatewayControls["answer"] = async (id, option) => answers.push(`${id} ${option?.name}`) > 0;
  const says = async (text: string, from: string) => {
    const said = groupMessage({ from, text, rowId: 20 + ++replies, guid: `R-${replies}` });
    const sent = await bench.run("approve", said, { isOwner: from === owner }, { answer });
    return sent.map(({ chatKey, text }) => [chatKey, text]);
  };
  expect(await says("/approve q1aa 1", guest)).toEqual([
    ["chat:88", "That goes to the question in the chat where it was asked."],
  ]);
  expect(await says("/approve q2aa 1", owner)).toEqual([
    [`handle:${owner}`, "Red: noted."],
    ["chat:88", "The answer is for you alone: it is in your own chat with me."],
  ]);
  expect(answers).toEqual(["q1aa Red", "q2aa Red"]);
});
