import { describe, expect, it, vi } from "vitest";
import { intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directChat, directMessage, groupMessage } from "../../test/support/message.js";

const open = intakeBenches();

describe("chats wait for themselves only", () => {
  it("answers a person in the midst of a group's backlog", async () => {
    const bench = await open({ imessage: { groupPolicy: "disabled" } });
    const rows = Array.from({ length: 1000 }, (_, n) =>
      bench.row(groupMessage(), { text: `g${n}`, sentAt: bench.now - 1000 * n }),
    );
    for (const row of rows) bench.intake.receive(row);
    const dm = bench.row(directMessage(), { text: "hello" });
    bench.intake.receive(dm);
    const judged = vi.spyOn(bench.store.gate, "about");
    const before: number[] = [];
    const opened = vi.spyOn(bench.store.turns, "open");
    opened.mockImplementationOnce((...values) => {
      before.push(judged.mock.calls.length);
      return bench.store.turns.open(...values);
    });
    await until(async () => expect(await bench.fate(dm.guid)).toBe("in_turn dispatch"));
    // One after the other, all of the group would be decided by then.
    expect(before[0]).toBeLessThan(rows.length / 10);
    await until(async () => expect(await bench.fate(rows.at(-1)!.guid)).toMatch(/^done/));
  });

  it("goes on beside a chat that cannot be decided, which keeps its own order", async () => {
    const bench = await open();
    const { about } = bench.store.gate;
    let isBroken = true;
    bench.store.gate.about = (question) =>
      isBroken && question.row.chat.id === 7
        ? Promise.reject(new Error("the medium does not answer"))
        : about.call(bench.store.gate, question);
    for (const text of ["one", "two", "three"]) bench.intake.receive(bench.row(directMessage(), { text }));
    const chat = { ...directChat("sam@example.com"), id: 8 };
    const other = bench.row(directMessage(), { text: "beside", chat, sender: "sam@example.com" });
    bench.intake.receive(other);
    await until(async () => expect(await bench.fate(other.guid)).toBe("in_turn dispatch"));
    expect(await bench.texts()).toEqual(["beside"]);
    isBroken = false;
    const asked: string[] = [];
    await until(async () => {
      asked.push(...(await bench.runTurns()));
      expect(asked).toEqual(["beside", "one", "two", "three"]);
    });
  });

  it("does so for a person's iMessage and SMS together", async () => {
    const bench = await open();
    const { about } = bench.store.gate;
    let fails = 1;
    bench.store.gate.about = (question) =>
      question.row.text === "one" && fails-- > 0
        ? Promise.reject(new Error("the medium does not answer"))
        : about.call(bench.store.gate, question);
    const sms = { ...directMessage().chat, id: 9, guid: "SMS;-;+15550100123" };
    bench.intake.receive(bench.row(directMessage(), { text: "one" }));
    bench.intake.receive(bench.row(directMessage(), { text: "two", chat: sms }));
    const asked: string[] = [];
    await until(async () => {
      asked.push(...(await bench.runTurns()));
      expect(asked).toEqual(["one", "two"]);
    });
  });

  it("opens the turn of a row whose decision the disk took only later", async () => {
    const bench = await open();
    const { decide } = bench.store.journal;
    let fails = 1;
    bench.store.journal.decide = async (...values) => {
      if (fails-- > 0) await new Promise(setImmediate);
      return decide.apply(bench.store.journal, values);
    };
    const row = bench.row(directMessage(), { text: "late" });
    bench.intake.receive(row);
    await until(async () => expect(await bench.fate(row.guid)).toBe("in_turn dispatch"));
  });

  it("holds a chat no longer because what was said in it had to be decided again", async () => {
    const bench = await open();
    const { decide } = bench.store.journal;
    let fails = 2;
    bench.store.journal.decide = (...values) =>
      fails-- > 0 ? Promise.reject(new Error("odd")) : decide.apply(bench.store.journal, values);
    const row = bench.row(directMessage(), { text: "again" });
    bench.intake.receive(row);
    await until(async () => expect(await bench.fate(row.guid)).toBe("in_turn dispatch"));
    expect(bench.loops).toEqual([]);
  });
});
