import { describe, expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";
import type { MessageRow } from "../conversation/index.js";

const open = intakeBenches();
const mia = "+15550100123";

/** A row of Mia's direct chat. */
const from = (bench: IntakeBench, change: Partial<MessageRow>) =>
  bench.row(directMessage({ from: mia }), change);

/** Hands rows to the intake, and waits until each is decided. @returns their fates */
async function receive(bench: IntakeBench, ...rows: MessageRow[]): Promise<string[]> {
  for (const row of rows) bench.intake.receive(row);
  const fates = () => Promise.all(rows.map(({ guid }) => bench.fate(guid)));
  await until(async () => {
    for (const fate of await fates()) expect(fate).toMatch(/^(in_turn|done)/);
  });
  return fates();
}

describe("what has no words", () => {
  it("is named for the agent", async () => {
    const bench = await open();
    const poll = { kind: "created", question: "Dinner?", options: [{ text: "Pizza" }, { text: "Sushi" }] };
    await receive(bench, from(bench, { text: "\ufffd", poll }));
    await receive(bench, from(bench, { text: "\ufffd", balloon: "a:b:com.example.Tickets" }));
    await receive(bench, from(bench, { text: "\ufffc", balloon: "a:b:com.apple.findmy.FindMyMessagesApp" }));
    const told = [
      '[Poll "Dinner?" with the options "Pizza", "Sushi"]',
      "[A card of the app com.example.Tickets; what it shows cannot be read here]",
      "[A location shared with Find My; what it shows cannot be read here]",
    ];
    expect(await bench.texts()).toEqual(told);
    expect((await bench.envelopes()).map(({ messages }) => messages[0]!.text)).toEqual(told);
  });

  it("is dropped with the true reason where nobody knows what it was", async () => {
    const bench = await open();
    const rows = [{ text: "\ufffd" }, { text: "", undecoded: true as const }, { text: "" }];
    expect(await receive(bench, ...rows.map((row) => from(bench, row)))).toEqual([
      "done drop unreadable",
      "done drop unreadable",
      "done drop empty",
    ]);
    expect(await bench.texts()).toEqual([]);
  });
});
