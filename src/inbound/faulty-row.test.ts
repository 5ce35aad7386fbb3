import { expect, it } from "vitest";
import { intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";
import { historySince } from "./history-since.js";

const open = intakeBenches();
const fault = "participants is not a list of strings";

it("keeps a row that cannot be understood in full with the true reason, and never answers it", async () => {
  const bench = await open();
  const row = bench.row(directMessage(), { text: "hello", fault });
  bench.intake.receive(row);
  await until(async () => expect(await bench.fate(row.guid)).toBe("done drop not_understood"));
  const { id, decision } = (await bench.store.journal.findByGuid(row.guid))!;
  expect(decision?.gates.at(-1)?.detail).toBe(`The row cannot be understood in full: ${fault}.`);
  await bench.store.journal.reopen([id], "retry");
  await until(async () => expect(await bench.fate(row.guid)).toBe("done drop not_understood"));
  expect((await bench.store.turns.counts(bench.claim.id)).queued).toBe(0);
});

it("does not wait for the chat of such a row, nor end a send with one of nobody", async () => {
  const bench = await open();
  const chat = { ...directMessage().chat, id: 0, guid: "", isGroup: true };
  const row = bench.row(directMessage(), { chat, sender: "", sentAt: 0, fault });
  bench.intake.receive(row);
  await until(async () => expect(await bench.fate(row.guid)).toBe("done drop not_understood"));
});

it("reads the history past a row whose time is not known", async () => {
  const bench = await open();
  const rows = Array.from({ length: 150 }, (_, i) =>
    bench.row(directMessage(), { text: `m${i}`, sentAt: 1000 + i }),
  );
  bench.bridge.rows = [...rows, bench.row(directMessage(), { sentAt: 0, fault })];
  expect((await historySince(bench.bridge, 0)).rows).toHaveLength(151);
});
