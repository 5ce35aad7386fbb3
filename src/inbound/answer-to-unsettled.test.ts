import { expect, it } from "vitest";
import { item } from "../../test/contract/store/bench.js";
import { intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";

const open = intakeBenches();
const from = "+15550100123";

it("knows the question that a reply names by a row whose send is settled in the same instant", async () => {
  const bench = await open();
  const { store, claim, now } = bench;
  const text = "Run a thing?\n1. Allow";
  const question = {
    ...{ id: "k3fa", kind: "permission" as const, account: "default", turnId: "t1", sessionKey: "s1" },
    ...{ title: "Run a thing", options: [], askedAt: now, expiresAt: now + 60_000 },
  };
  await store.questions.ask(question, [{ ...item(text), chatKey: `handle:${from}` }]);
  await store.outbox.take(claim, 1, now);
  const { about } = store.gate;
  const answers: unknown[] = [];
  store.gate.about = async (asked) => {
    const known = await about.call(store.gate, asked);
    if (!asked.row.fromMe) answers.push(known.person?.answersQuestion);
    return known;
  };
  // The gateway died before it knew the row: both come with the same look at what was missed.
  const shown = bench.row(directMessage({ from }), { fromMe: true, text });
  bench.intake.receive(shown);
  bench.intake.receive(bench.row(directMessage({ from }), { text: "yes", replyTo: { guid: shown.guid } }));
  await until(() => expect(answers).toHaveLength(1));
  expect(answers).toEqual([true]);
});
