import { describe, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { type IntakeBench, intakeBenches } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";
import type { Envelope } from "../conversation/index.js";
import { refreshTurn } from "./refresh.js";

const open = intakeBenches();

/** Receives texts as one turn each (or one for all, when coalescing), lets them wait, and changes what the Mac shows. */
async function waiting(
  texts: string[],
  change: (bench: IntakeBench) => void,
  { waitMs = 2500, coalesceMs = 0, chat = directMessage().chat } = {},
): Promise<{ bench: IntakeBench; run: () => Promise<Envelope | undefined> }> {
  const clock = new FakeClock();
  const bench = await open({ coalesceMs, clock });
  const rows = texts.map((text, index) =>
    bench.row(directMessage(), { text, chat, sentAt: bench.now + index }),
  );
  bench.bridge.rows = rows.map((row) => ({ ...row }));
  for (const row of rows) bench.intake.receive(row);
  const turns = coalesceMs > 0 ? 1 : texts.length;
  await clock.advanceUntil(async () => (await bench.envelopes()).length === turns);
  change(bench);
  await clock.advance(waitMs);
  const [claimed] = await bench.store.turns.claim("agent", 1, bench.now);
  const { bridge, store, log } = bench;
  return { bench, run: () => refreshTurn(claimed!.turn, claimed!.claim, { bridge, store, clock, log }) };
}

describe("a turn that waited", () => {
  it("is run with the edited text, and remembers it", async () => {
    const { bench, run } = await waiting(["meet at 5"], ({ bridge }) => {
      bridge.rows[0]!.text = "meet at 6";
    });
    const envelope = await run();
    expect(envelope).toMatchObject({ text: "meet at 6", messages: [{ text: "meet at 6" }] });
    expect(await bench.texts()).toEqual(["meet at 6"]);
  });

  it("is dropped with that reason when its message was taken back", async () => {
    const { bench, run } = await waiting(["oops"], ({ bridge }) => {
      bridge.rows[0]!.text = "";
    });
    expect(await run()).toBeUndefined();
    expect(await bench.fate("GUID-1001")).toBe("done drop unsent");
  });

  it("goes on with the messages that are left", async () => {
    const { bench, run } = await waiting(
      ["one", "two", "three"],
      ({ bridge }) => {
        bridge.rows[1]!.text = "";
        bridge.rows[2]!.text = "3";
      },
      { coalesceMs: 30 },
    );
    expect(await run()).toMatchObject({
      text: "one\n3",
      coalescedMessageGuids: ["GUID-1001", "GUID-1003"],
      messages: [{ guid: "GUID-1001" }, { guid: "GUID-1003" }],
    });
    expect(await bench.fate("GUID-1002")).toBe("done drop unsent");
    expect(await bench.fate("GUID-1003")).toBe("in_turn dispatch");
  });

  it("is left alone when it hardly waited, when nothing changed, and when the row is not found", async () => {
    const edit = (bench: IntakeBench) => {
      bench.bridge.rows[0]!.text = "b";
    };
    const quick = await waiting(["a"], edit, { waitMs: 2000 });
    expect(await quick.run()).toMatchObject({ text: "a" });
    expect(quick.bench.bridge.queries).toEqual([]);
    // What the Mac shows while the way to it is not sure, and what it shows of no chat, is not asked for.
    const away = await waiting(["a"], (bench) => {
      edit(bench);
      Object.assign(bench.bridge, { state: "waiting" });
    });
    expect(await away.run()).toMatchObject({ text: "a" });
    expect(away.bench.bridge.queries).toEqual([]);
    const unnumbered = await waiting(["a"], edit, { chat: { ...directMessage().chat, id: 0 } });
    expect(await unnumbered.run()).toMatchObject({ text: "a" });
    expect(unnumbered.bench.bridge.queries).toEqual([]);
    const first = await waiting(["a"], edit, { chat: { ...directMessage().chat, id: 1 } });
    expect(await first.run()).toMatchObject({ text: "b" });
    const just = await waiting(["a"], edit, { waitMs: 2001 });
    expect(await just.run()).toMatchObject({ text: "b" });
    const same = await waiting(["a"], () => {});
    expect(await same.run()).toMatchObject({ text: "a" });
    const gone = await waiting(["a"], ({ bridge }) => {
      bridge.rows = [];
    });
    expect(await gone.run()).toMatchObject({ text: "a" });
  });

  it("does not take a folded preview for an edit", async () => {
    const { run } = await waiting(["look"], ({ bridge }) => {
      Object.assign(bridge.rows[0]!, { text: "look https://example.com", preview: { rowId: 9, guid: "P" } });
    });
    expect(await run()).toMatchObject({ text: "look" });
  });

  it("runs as it is when the history cannot be read", async () => {
    const { run } = await waiting(["a"], ({ bridge }) => {
      bridge.history = () => Promise.reject(new Error("locked"));
    });
    expect(await run()).toMatchObject({ text: "a" });
  });
});
