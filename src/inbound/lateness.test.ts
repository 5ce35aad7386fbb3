import { describe, expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directMessage, groupMessage } from "../../test/support/message.js";
import { MissedSummary } from "./missed-summary.js";

const open = intakeBenches();
const minute = 60_000;
const dm = (bench: IntakeBench, text: string, change = {}) => bench.row(directMessage(), { text, ...change });

/** Receives rows one after the other, each decided before the next. @returns their fates */
async function receive(bench: IntakeBench, ...rows: ReturnType<typeof dm>[]): Promise<string[]> {
  for (const row of rows) {
    bench.intake.receive(row);
    await until(async () => expect(await bench.fate(row.guid)).not.toMatch(/^(unknown|new)/));
  }
  return Promise.all(rows.map(({ guid }) => bench.fate(guid)));
}

describe("the backlog fence", () => {
  it("answers nothing that came more than 15 minutes late, and keeps it with its reason", async () => {
    const bench = await open();
    const rows = [14, 16, 17].map((age) => dm(bench, `m${age}`, { sentAt: bench.now - age * minute }));
    expect(await receive(bench, ...rows)).toEqual([
      "in_turn dispatch",
      "done drop backlog",
      "done drop backlog",
    ]);
  });

  it("knows a message that Apple inserted again", async () => {
    const bench = await open();
    const first = dm(bench, "once");
    const again = { ...dm(bench, "once"), sentAt: first.sentAt };
    const other = dm(bench, "once", { sentAt: first.sentAt + 1 });
    expect(await receive(bench, first, again, other)).toEqual([
      "in_turn dispatch",
      "done drop reinserted",
      "in_turn dispatch",
    ]);
    const id = (await bench.store.journal.findByGuid(again.guid))!.id;
    await bench.store.journal.reopen([id], "retry");
    await until(async () => expect(await bench.fate(again.guid)).toBe("in_turn dispatch"));
  });

  it("tells two pictures of the same moment apart", async () => {
    const bench = await open({ imessage: { includeAttachments: true } });
    const file = (name: string) => ({
      attachments: [
        { path: `/${name}`, name, mimeType: "", uti: "", bytes: 1, missing: false, isSticker: false },
      ],
    });
    const sent = [dm(bench, "\ufffc", file("a.jpg")), dm(bench, "\ufffc", file("b.jpg"))];
    expect(await receive(bench, ...sent)).toEqual(["in_turn dispatch", "in_turn dispatch"]);
  });

  it("answers what was written while imsg was away, up to two hours of age", async () => {
    const outage = { from: 0, to: 0 };
    const bench = await open({ absences: { outages: () => [outage] } });
    Object.assign(outage, { from: bench.now - 200 * minute, to: bench.now });
    const rows = [90, 119, 121].map((age) => dm(bench, `m${age}`, { sentAt: bench.now - age * minute }));
    expect(await receive(bench, ...rows)).toEqual([
      "in_turn dispatch",
      "in_turn dispatch",
      "done drop backlog",
    ]);
  });
});

describe("the summary of what was missed", () => {
  const summary = (bench: IntakeBench, to: "owner" | "agent" | "off" = "owner") =>
    new MissedSummary({
      store: bench.store,
      claim: bench.claim,
      clock: bench.clock,
      log: bench.log,
      to: () => to,
      owners: async () => new Set(["+15550100001"]),
      quietMs: 20,
    });
  const notices = (bench: IntakeBench) => bench.store.outbox.list({ limit: 10 });

  it("tells the owner once per batch who wrote how much, and not what", async () => {
    const bench = await open();
    const told = summary(bench);
    const late = (text: string, from: string, senderName?: string) =>
      bench.row(directMessage({ from }), {
        text,
        sentAt: bench.now - 60 * minute,
        ...(senderName && { senderName }),
      });
    await receive(bench, late("secret", "+15550100123", "Mia Wong"), late("words", "sam@example.com"));
    await receive(bench, late("more", "+15550100123", "Mia Wong"));
    await told.start();
    told.add();
    await until(async () => expect(await notices(bench)).toHaveLength(1));
    const [notice] = await notices(bench);
    expect(notice).toMatchObject({
      origin: "owner-notice",
      target: { kind: "handle", handle: "+15550100001" },
    });
    expect(notice!.text).toContain("3 messages from Mia Wong (2), sam@example.com (1)");
    expect(notice!.text).not.toMatch(/secret|words|more"/);
    // Nothing new: the next start has nothing to tell.
    const next = summary(bench);
    await next.start();
    await receive(bench, late("later", "sam@example.com"));
    next.add();
    await until(async () => expect(await notices(bench)).toHaveLength(2));
    expect((await notices(bench))[0]!.text).toContain("1 message from sam@example.com (1)");
    told.stop();
    next.stop();
  });

  it("is a note of the next turn when the agent is to be told, and nothing when nobody is", async () => {
    const bench = await open({ missedSummary: "agent" });
    const told = summary(bench, "agent");
    await receive(
      bench,
      dm(bench, "Call me\nplease", { sentAt: bench.now - 60 * minute, senderName: "Mia" }),
    );
    await told.start();
    await receive(bench, dm(bench, "hello?"));
    expect((await bench.envelopes())[0]!.notes).toEqual([
      'Mia wrote at 2026-05-09T05:13:20.000Z, and was not answered because it came late: "Call me"',
    ]);
    await receive(bench, dm(bench, "and now?"));
    expect((await bench.envelopes())[1]!.notes).toEqual([]);
    expect(await notices(bench)).toEqual([]);
    told.stop();
  });
});

describe("tapbacks", () => {
  const tapback = (kind: string, targetGuid: string, added = true, emoji = "❤️") => ({
    text: "",
    tapback: { kind, emoji, added, targetGuid },
    senderName: "Mia",
  });

  it("are notes of the next turn in their chat, direct or group, and no context", async () => {
    const bench = await open({ imessage: { reactionNotifications: "all" } });
    const ours = dm(bench, "On my way", { fromMe: true });
    await receive(
      bench,
      ours,
      dm(bench, "", tapback("love", ours.guid)),
      dm(bench, "", tapback("custom", ours.guid, true, "🎉")),
      dm(bench, "", tapback("like", "GONE", false, "👍")),
      bench.row(groupMessage(), tapback("laugh", ours.guid)),
      dm(bench, "ok"),
    );
    const [envelope] = await bench.envelopes();
    expect(envelope!.notes).toEqual([
      'Mia loved "On my way"',
      'Mia reacted with 🎉 to "On my way"',
      "Mia removed 👍 from a message",
    ]);
    expect(envelope!.context).toEqual([]);
    await receive(bench, bench.row(groupMessage(), { text: "hi all" }));
    expect((await bench.envelopes())[1]).toMatchObject({
      notes: ['Mia laughed at "On my way"'],
      context: [],
    });
  });

  it("reach the agent only on our messages by default, and never when turned off", async () => {
    const bench = await open();
    const [ours, theirs] = [dm(bench, "mine", { fromMe: true }), dm(bench, "yours")];
    await receive(bench, ours, theirs);
    const fates = await receive(
      bench,
      dm(bench, "", tapback("love", ours.guid)),
      dm(bench, "", tapback("love", theirs.guid)),
    );
    expect(fates).toEqual(["done context tapback", "done drop tapback_not_ours"]);
    const off = await open({ imessage: { reactionNotifications: "off" } });
    const mine = dm(off, "mine", { fromMe: true });
    expect(await receive(off, mine, dm(off, "", tapback("love", mine.guid)))).toEqual([
      "done drop own_message",
      "done drop tapback_off",
    ]);
  });

  it("tells of a vote", async () => {
    const bench = await open();
    const poll = { kind: "vote", question: "When?", votes: [{ option_text: "Sunday" }] };
    await receive(bench, dm(bench, "", { poll, senderName: "Sam" }), dm(bench, "so?"));
    expect((await bench.envelopes())[0]!.notes).toEqual(['Sam voted for "Sunday" in the poll "When?"']);
  });
});
