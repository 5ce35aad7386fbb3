import { expect, it } from "vitest";
import type { Envelope } from "../../../src/conversation/index.js";
import type { Claim, Store } from "../../../src/store/index.js";
import { type Bench, dispatch, item, row, turn } from "./bench.js";

const shared = "agent:main:imessage:group:7";
const ofWork = "agent:main:imessage:work:group:7";

export function groupSessionsContract(bench: Bench): void {
  const claims = async () => {
    const { store, claim: home } = await bench.claimed("home");
    const { claim: work } = await store.accounts.claim("work", "node-1");
    return { store, home, work };
  };

  it("gives a group's session to one account, which does not learn what another one's was told", async () => {
    const { store, home, work } = await claims();
    await open(store, home, "h1", shared);
    await open(store, work, "w1", shared);
    await run(store, { session: "home's words", usage: [spent] });
    await store.bindings.setSettings(shared, { model: "home/model" });
    const [taken] = await store.turns.claim("node-1", 1, 2000);
    expect(taken).toMatchObject({ turn: { id: "w1" } });
    expect(taken!.session).toBeUndefined();
    expect(await store.turns.usageOf(shared)).toEqual([]);
    expect(await store.bindings.settings(shared)).toEqual({});
  });

  it("lets direct chats of several accounts share what they are meant to share", async () => {
    const { store, home, work } = await claims();
    await open(store, home, "h1", "agent:main:main", { isGroup: false });
    await open(store, work, "w1", "agent:main:main", { isGroup: false });
    await run(store, { session: "known to both" });
    expect((await store.turns.claim("node-1", 1, 2000))[0]).toMatchObject({ session: "known to both" });
  });

  it("moves what one account has to another key: memory, settings, what waits, what is for later", async () => {
    const { store, home, work } = await claims();
    await open(store, work, "w1", shared);
    await run(store, { session: "work's words", usage: [spent] });
    await store.bindings.setSettings(shared, { model: "work/model" });
    await open(store, home, "h1", shared);
    await open(store, work, "w2", shared);
    for (const account of ["home", "work"])
      await store.schedule.add({
        id: `of-${account}`,
        account,
        sessionKey: shared,
        dueAt: 9000,
        createdAt: 1000,
        item: item("later"),
      });
    expect(await store.groupSessions.keysOf("work")).toEqual([shared]);
    await store.groupSessions.move("work", [{ from: shared, to: ofWork }]);
    expect(await store.groupSessions.keysOf("work")).toEqual([ofWork]);
    const later = await store.schedule.list();
    expect(Object.fromEntries(later.map(({ id, sessionKey }) => [id, sessionKey]))).toEqual({
      "of-work": ofWork,
      "of-home": shared,
    });
    expect(await store.bindings.settings(ofWork)).toEqual({ model: "work/model" });
    expect(await store.bindings.settings(shared)).toEqual({});
    expect(await store.turns.usageOf(ofWork)).toEqual([spent]);
    const taken = await store.turns.claim("node-1", 9, 2000);
    expect(
      taken.map(({ turn: { id, sessionKey, envelope }, session }) => [
        id,
        sessionKey,
        envelope.sessionKey,
        session,
      ]),
    ).toEqual([
      ["h1", shared, shared, undefined],
      ["w2", ofWork, ofWork, "work's words"],
    ]);
  });

  it("keeps the memory that an account has under the new key already, and none of another's", async () => {
    const { store, home, work } = await claims();
    await open(store, work, "w1", ofWork);
    await run(store, { session: "newer" });
    await open(store, home, "h1", shared);
    await run(store, { session: "home's words" });
    await store.groupSessions.move("work", [{ from: ofWork, to: shared }]);
    await open(store, work, "w2", shared);
    expect((await store.turns.claim("node-1", 9, 2000))[0]).toMatchObject({
      turn: { id: "w2" },
      session: "newer",
    });
    expect(await store.groupSessions.keysOf("home")).toEqual([]);
  });

  it("moves a turn that a crash cut off, so that it runs again under the new key", async () => {
    const { store, work } = await claims();
    await open(store, work, "w1", shared);
    await open(store, work, "w2", shared);
    await store.turns.claim("node-1", 1, 2000);
    await store.groupSessions.move("work", [{ from: shared, to: ofWork }]);
    await store.accounts.claim("work", "node-2");
    expect(await store.turns.claim("node-2", 9, 3000)).toMatchObject([
      { turn: { id: "w1", sessionKey: ofWork, attempt: 2 } },
    ]);
  });

  it("cancels what waits from one conversation, and leaves the rest of the session in its order", async () => {
    const { store, home, work } = await claims();
    const key = "agent:main:main";
    for (const [claim, id, target] of [
      [home, "h1", "chat_id:7"],
      [work, "w1", "chat_id:7"],
      [home, "h2", "chat_id:8"],
      [home, "h3", "+15550100123"],
    ] as const)
      await open(store, claim, id, key, { isGroup: false, target });
    const from = { account: "home", chats: ["chat_id:7", "+15550100123"] };
    expect(await store.turns.cancelQueued(key, 2000, from)).toHaveLength(2);
    const states = await Promise.all(
      ["h1", "w1", "h2", "h3"].map(async (id) => (await store.turns.get(id))?.state),
    );
    expect(states).toEqual(["cancelled", "queued", "queued", "cancelled"]);
    expect(await store.turns.claim("node-1", 9, 3000)).toMatchObject([{ turn: { id: "w1" } }]);
    expect(await store.turns.cancelQueued(key, 4000)).toHaveLength(1);
    expect((await store.turns.get("h2"))?.state).toBe("cancelled");
  });
}

const spent = { model: "m", inputTokens: 1, outputTokens: 2, cachedInputTokens: 0 };

let rows = 0;

async function open(
  store: Store,
  claim: Claim,
  id: string,
  sessionKey: string,
  chat: { isGroup: boolean; target?: string } = { isGroup: true },
): Promise<void> {
  const ids = (await store.journal.admit(claim, [row(++rows)], "live", 1000)) as number[];
  await store.journal.decide(claim, ids[0]!, dispatch, 1000);
  const plain = turn(id, sessionKey, claim.id);
  const envelope = { ...plain.envelope, sessionKey, chat } as Envelope;
  expect(await store.turns.open(claim, { ...plain, envelope }, ids, [], 1000)).toBe("ok");
}

/** Runs the turn that waits longest to its end. */
async function run(store: Store, end: { session: unknown; usage?: [typeof spent] }): Promise<void> {
  const [taken] = await store.turns.claim("node-1", 1, 1500);
  await store.turns.end(taken!.claim, { outcome: "done", replies: [], ...end }, 1600, false);
}
