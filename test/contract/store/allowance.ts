import { expect, it } from "vitest";
import type { Allowed, ClaimedTurn, Reached, Store, Usage } from "../../../src/store/index.js";
import { type Bench, context, dispatch, item, openTurn, row, turn } from "./bench.js";

const day = "2026-05-09";
const mia: Allowed = { handle: "+15550100001", handles: ["+15550100001", "mia@example.com"] };
const ben: Allowed = { handle: "+15550100002", handles: ["+15550100002"] };

function answer(reached: Reached) {
  const key = "accessGroups.few.turnsPerDay";
  return {
    refusal: { reason: "limit_reached" as const, remedy: "Wait.", key },
    step: { gate: "limit", passed: false, key, detail: `${reached.kind} ${reached.used}/${reached.limit}` },
    reply: item("enough", 7, { origin: "command" }),
    notices: [item("told", 1, { origin: "owner-notice" })],
  };
}

const begin = (store: Store, { claim }: ClaimedTurn, people: Allowed[], on = day) =>
  store.allowance.admit(claim, { day: on, people, answer }, 5000);
const usage = (tokens: number): Usage[] => [
  { model: "m", inputTokens: tokens - 1, outputTokens: 1, cachedInputTokens: 0 },
];
const end = (store: Store, { claim }: ClaimedTurn, used?: Usage[]) =>
  store.turns.end(claim, { outcome: "done", replies: [], ...(used && { usage: used }) }, 6000, false);
const texts = async (store: Store) => (await store.outbox.list({ limit: 99 })).map(({ text }) => text).sort();

export function allowanceContract(bench: Bench): void {
  /** Opens a turn for each session, and takes them. */
  async function taken(...sessions: string[]) {
    const { store, claim } = await bench.claimed();
    for (const [index, session] of sessions.entries())
      await openTurn(store, claim, `t${index + 1}`, [index + 1], session);
    return { store, claim, turns: await store.turns.claim("node-1", 9, 2000) };
  }

  it("counts turns where they begin, for all handles of a person together, and leaves others alone", async () => {
    const { store, turns } = await taken("a", "b", "c", "d");
    const [one, two, three, four] = turns as [ClaimedTurn, ClaimedTurn, ClaimedTurn, ClaimedTurn];
    const byMail = { ...mia, handle: "mia@example.com", turns: 2 };
    // Side by side: the second is judged by what the first has begun.
    const begun = [begin(store, one, [{ ...mia, turns: 2 }]), begin(store, two, [byMail])];
    expect(await Promise.all([...begun, begin(store, three, [byMail])])).toEqual(["runs", "runs", "refused"]);
    expect(await begin(store, four, [{ ...ben, turns: 1 }])).toBe("runs");
    expect(await store.turns.get("t3")).toMatchObject({
      state: "cancelled",
      error: { code: "LIMIT_REACHED", message: "turns 2/2" },
    });
    const refused = await store.journal.findByGuid("GUID-3");
    expect(refused).toMatchObject({
      state: "done",
      decision: { kind: "drop", reason: "limit_reached", key: "accessGroups.few.turnsPerDay" },
    });
    expect(refused?.decision?.gates.at(-1)).toMatchObject({ gate: "limit", passed: false });
    expect(refused?.turnId).toBeUndefined();
    expect((await store.outbox.ofEntry(refused!.id)).map(({ text }) => text)).toEqual(["enough"]);
  });

  it("answers once a day, for the whole person, and each person", async () => {
    const { store, turns } = await taken("a", "b", "c", "d", "e");
    const byMail = { ...mia, handle: "mia@example.com", turns: 1 };
    await begin(store, turns[0]!, [mia]);
    for (const each of turns.slice(1, 3)) expect(await begin(store, each, [byMail])).toBe("refused");
    expect(await texts(store)).toEqual(["enough", "told"]);
    await begin(store, turns[3]!, [{ ...mia, turns: 1 }], "2026-05-10");
    expect(await begin(store, turns[4]!, [{ ...mia, turns: 1 }], "2026-05-10")).toBe("refused");
    expect(await texts(store)).toEqual(["enough", "enough", "told", "told"]);
  });

  it("judges and counts a turn once, whatever its attempts, and none that somebody else has", async () => {
    const { store, turns } = await taken("a", "b");
    const limited = [{ ...mia, turns: 1 }];
    expect(await begin(store, turns[0]!, limited)).toBe("runs");
    expect(await begin(store, turns[0]!, limited)).toBe("runs");
    await store.turns.release(turns[0]!.claim);
    const [again] = await store.turns.claim("node-1", 1, 3000);
    expect(again?.turn.id).toBe("t1");
    expect(await begin(store, turns[0]!, limited)).toBe("lost");
    // Another day by now: it stays a turn of the day on which it began.
    expect(await begin(store, again!, limited, "2026-05-10")).toBe("runs");
    expect(await begin(store, turns[1]!, limited, "2026-05-10")).toBe("runs");
  });

  it("has turns of a person with a limit of tokens tell what they took, one after the other", async () => {
    const { store, turns } = await taken("a", "b", "c");
    const limited = [{ ...mia, tokens: 100 }];
    expect(await begin(store, turns[0]!, limited)).toBe("runs");
    expect(await begin(store, turns[1]!, limited)).toBe("waits");
    expect(await begin(store, turns[2]!, [{ ...ben, tokens: 100 }])).toBe("runs");
    // It waits in the store, and is nobody's to take.
    expect(await store.turns.claim("node-1", 9, 3000)).toEqual([]);
    expect((await store.turns.counts()).queued).toBe(1);
    // A process that dies gives its turn back: that one has not told its tokens either.
    await store.turns.release(turns[0]!.claim);
    const [first, ...others] = await store.turns.claim("node-1", 9, 3000);
    expect([first?.turn.id, others]).toEqual(["t1", []]);
    const { next } = await store.turns.end(
      first!.claim,
      { outcome: "done", replies: [], usage: usage(60) },
      4000,
      true,
    );
    expect(next?.turn).toMatchObject({ id: "t2", attempt: 1 });
    expect(await begin(store, next!, limited)).toBe("runs");
    await end(store, next!, usage(41));
    await openTurn(store, (await store.accounts.claim("default", "node-1")).claim, "t4", [4], "d");
    const [fourth] = await store.turns.claim("node-1", 1, 3000);
    expect(await begin(store, fourth!, limited)).toBe("refused");
    expect((await store.turns.get("t4"))?.error?.message).toBe("tokens 101/100");
  });

  it("never takes tokens that nobody told for none", async () => {
    const { store, turns } = await taken("a", "b", "c");
    await begin(store, turns[0]!, [{ ...mia, tokens: 100 }]);
    await end(store, turns[0]!);
    expect(await begin(store, turns[1]!, [{ ...mia, tokens: 100 }])).toBe("refused");
    expect((await store.turns.get("t2"))?.error?.message).toBe("unknown 1/100");
    // A number of turns bounds them all the same.
    expect(await begin(store, turns[2]!, [{ ...mia, tokens: 100, turns: 9 }])).toBe("runs");
  });

  it("takes no tokens for none where a turn's end says that it took none", async () => {
    const { store, turns } = await taken("a", "b", "c");
    const limited = [{ ...mia, tokens: 100 }];
    await begin(store, turns[0]!, limited);
    await end(store, turns[0]!, []);
    expect(await begin(store, turns[1]!, limited)).toBe("runs");
    await end(store, turns[1]!);
    expect(await begin(store, turns[2]!, limited)).toBe("refused");
    expect((await store.allowance.counted(day)).map(({ usage: told }) => told)).toEqual([[], undefined]);
  });

  it("counts what only reads along for nobody's limit, and lists it as that", async () => {
    const { store, claim } = await bench.claimed();
    const heard = turn("t1", "a");
    const listening = { ...heard, envelope: { ...heard.envelope, listening: true as const } };
    await store.turns.open(claim, listening, [], [], 1000);
    for (const [index, session] of ["b", "c"].entries())
      await openTurn(store, claim, `t${index + 2}`, [index + 2], session);
    const [first, second, third] = await store.turns.claim("node-1", 9, 2000);
    const limited = [{ ...mia, turns: 1, tokens: 100 }];
    expect(await begin(store, first!, [mia])).toBe("runs");
    // Neither while it runs nor by what it took: the number and the tokens are those of turns that were asked for.
    expect(await begin(store, second!, limited)).toBe("runs");
    await end(store, first!, usage(1000));
    await end(store, second!, usage(5));
    expect(await begin(store, third!, limited)).toBe("refused");
    expect((await store.turns.get("t3"))?.error?.message).toBe("turns 1/1");
    expect((await store.allowance.counted(day, mia.handles)).map(({ listening }) => listening)).toEqual([
      true,
      undefined,
    ]);
  });

  it("gives what others said to the next turn of the chat", async () => {
    const { store, claim } = await bench.claimed();
    const ids = (await store.journal.admit(claim, [row(1), row(2)], "live", 1000)) as [number, number];
    await store.journal.decide(claim, ids[0], context, 1000);
    await store.journal.decide(claim, ids[1], dispatch, 1000);
    await store.turns.open(claim, turn("t1"), [ids[1]], [ids[0]], 1000);
    const [claimed] = await store.turns.claim("node-1", 1, 2000);
    const nothing = [{ ...mia, tokens: 0 }];
    expect(await begin(store, claimed!, nothing)).toBe("refused");
    expect((await store.journal.context("default", 7, 9)).map(({ id }) => id)).toEqual([ids[0]]);
    // The next one of its session comes.
    await openTurn(store, claim, "t2", [3]);
    expect((await store.turns.claim("node-1", 1, 2000))[0]?.turn.id).toBe("t2");
  });

  it("lists what began by day, with the people and what it cost", async () => {
    const { store, turns } = await taken("a", "b", "c");
    await begin(store, turns[0]!, [mia], "2026-05-07");
    await begin(store, turns[1]!, [mia, ben]);
    await end(store, turns[1]!, usage(5));
    const { queuedAt } = (await store.turns.get("t2"))!;
    expect(await store.allowance.counted("2026-05-08")).toEqual([
      {
        ...{ day, agentId: "main", people: [mia.handle, ben.handle] },
        ...{ usage: usage(5), tookMs: 6000 - queuedAt },
      },
    ]);
    // How long one took that failed, or goes on, says nothing of an answer.
    await begin(store, turns[2]!, [ben], "2026-05-10");
    await store.turns.end(turns[2]!.claim, { outcome: "failed", replies: [] }, 7000, false);
    expect((await store.allowance.counted("2026-05-10")).map(({ tookMs }) => tookMs)).toEqual([undefined]);
    expect((await store.allowance.counted("2026-05-07"))[0]?.tookMs).toBeUndefined();
    expect(await store.allowance.counted("2026-01-01", [ben.handle])).toHaveLength(2);
    const own = await store.allowance.counted("2026-01-01", mia.handles);
    expect(own.map((each) => [each.day, each.usage !== undefined])).toEqual([
      ["2026-05-07", false],
      [day, true],
    ]);
    expect(await store.allowance.counted("2026-01-01", ["+15550100009"])).toEqual([]);
  });
}
