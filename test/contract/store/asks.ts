import { expect, it } from "vitest";
import type { Answerer, AskedIn, NewQuestion, QuestionVote, Store } from "../../../src/store/index.js";
import { about, type Bench, item, openTurn, row } from "./bench.js";

const mia = "+15550100123";
const sam = "+15550100321";
const question: NewQuestion = {
  ...{ id: "k3fa", kind: "ask", account: "default", turnId: "t1", sessionKey: "s", title: "Which?" },
  options: [
    { id: "1", name: "A", kind: "choice" },
    { id: "2", name: "B", kind: "choice" },
  ],
  ...{ askedAt: 2000, expiresAt: 9000, answerers: [mia], words: "plain", occasion: "x 0" },
};
const chat = { target: { kind: "chat_id" as const, chatId: 7 }, chatKey: "chat:7" };
const vote = (option: string | undefined, by = mia) => ({ option, by, chat });

/** Asks a question in the chat 7, whose message gets the question's id for its GUID. */
async function ask(bench: Bench, more: Partial<NewQuestion> = {}, other?: Store): Promise<Store> {
  const store = other ?? (await bench.claimed()).store;
  const asked = { ...question, ...more };
  expect(await store.questions.ask(asked, [item("?")])).toBe(true);
  const { claim } = await store.accounts.claim("default", "node-1");
  const [taken] = await store.outbox.take(claim, 1, 2000);
  await store.outbox.settle(taken!.claim, { state: "stored", guid: asked.id, rowId: 2 }, 2000);
  return store;
}

export function asksContract(bench: Bench): void {
  const found = async (store: Store, by: Answerer | undefined, where: Partial<AskedIn> = {}) =>
    (
      await store.questions.asked("default", {
        chat: { keys: ["chat:7"], rowId: 3, writtenAt: 3000 },
        ...where,
        by,
      })
    ).map(({ id }) => id);
  const person = (handle: string, isOwner = false): Answerer => ({ handle, isOwner });

  it("keeps all that a question says, and gives it back to its turn's occasion", async () => {
    const store = await ask(bench);
    expect(await store.questions.ofTurn("t1", "x 0")).toEqual({ ...question, state: "open" });
    expect(await store.questions.ofTurn("t1", "x 1")).toBeUndefined();
    expect(await store.questions.ofTurn("t2", "x 0")).toBeUndefined();
    await store.questions.end("k3fa", "closed", 3000);
    await ask(bench, { id: "m4gb", askedAt: 3000 }, store);
    expect(await store.questions.ofTurn("t1", "x 0")).toMatchObject({ id: "m4gb", state: "open" });
  });

  it("knows the words that answered it once more, after a process that died with them", async () => {
    const store = await ask(bench);
    await store.questions.end("k3fa", "answered", 3500, { choice: "B", by: mia });
    const gave = (choice: string) => ({ gave: (one: { choice?: string }) => one.choice === choice });
    const words = (writtenAt: number) => ({ keys: ["chat:7"], rowId: 3, writtenAt, words: "other" as const });
    expect(await found(store, person(mia), { chat: words(3000), ...gave("B") })).toEqual(["k3fa"]);
    expect(await found(store, person(mia), { chat: words(3000), ...gave("thanks") })).toEqual([]);
    expect(await found(store, person(sam), { chat: words(3000), ...gave("B") })).toEqual([]);
    // The same words, later, are none.
    expect(await found(store, person(mia), { chat: words(3501), ...gave("B") })).toEqual([]);
  });

  it("is for whom it was asked, and for an owner by its name", async () => {
    const store = await ask(bench);
    expect(await found(store, person(mia))).toEqual(["k3fa"]);
    expect(await found(store, person(sam))).toEqual([]);
    expect(await found(store, person(sam, true))).toEqual([]);
    const named = { chat: undefined, guid: "k3fa" };
    expect(await found(store, person(sam), named)).toEqual([]);
    expect(await found(store, person(sam, true), named)).toEqual(["k3fa"]);
    // What is asked of owners, nobody else answers, and Mia's own is not in the way.
    await ask(bench, { id: "m4gb", answerers: undefined, turnId: "t2" }, store);
    expect(await found(store, person(sam, true))).toEqual(["m4gb"]);
    expect(await found(store, person(mia))).toEqual(["k3fa"]);
    expect(await found(store, person(mia, true))).toEqual(["k3fa", "m4gb"]);
    expect(await found(store, person(mia), { chat: undefined, guid: "m4gb" })).toEqual([]);
    // A question whose people nobody knows is nobody's but the owners'.
    await ask(bench, { id: "n5hc", answerers: [], turnId: "t3" }, store);
    expect(await found(store, person(""), { chat: undefined, guid: "n5hc" })).toEqual([]);
  });

  it("is answered by what fits it, with several open by what is meant", async () => {
    const store = await ask(bench);
    const where = (words: "choice" | "other" | undefined, fits: AskedIn["fits"]) => ({
      chat: { keys: ["chat:7"], rowId: 3, writtenAt: 3000, words },
      fits,
    });
    for (const words of ["choice", "other", undefined] as const) {
      expect(
        await found(
          store,
          person(mia),
          where(words, () => false),
        ),
      ).toEqual([]);
      expect(
        await found(
          store,
          person(mia),
          where(words, (_, isAlone) => isAlone),
        ),
      ).toEqual(["k3fa"]);
    }
    expect(await found(store, person(mia), { chat: undefined, guid: "k3fa", fits: () => false })).toEqual([]);
    await ask(bench, { id: "m4gb", turnId: "t2" }, store);
    const first: AskedIn["fits"] = ({ id }) => id === "k3fa";
    for (const words of ["choice", undefined] as const)
      expect(await found(store, person(mia), where(words, first))).toEqual(["k3fa", "m4gb"]);
    expect(await found(store, person(mia), where("other", first))).toEqual(["k3fa"]);
    expect(
      await found(
        store,
        person(mia),
        where("other", (_, isAlone) => isAlone),
      ),
    ).toEqual([]);
  });

  it("tells the gates whether somebody was asked, apart from what owners are", async () => {
    const store = await ask(bench);
    const answers = { chat: { keys: ["chat:7"], rowId: 3, writtenAt: 3000 } };
    const told = async (from: string) => {
      const { person: known } = await store.gate.about(about(row(5, { from }), 3000, { answers }));
      return [known?.isAsked, known?.answersQuestion];
    };
    expect(await told(mia)).toEqual([true, true]);
    expect(await told(sam)).toEqual([false, false]);
    await ask(bench, { id: "m4gb", answerers: undefined, turnId: "t2" }, store);
    expect(await told(sam)).toEqual([false, true]);
  });

  it("keeps one voter's vote, changed and taken back, until it counts", async () => {
    const store = await ask(bench);
    const { questions } = store;
    expect(await questions.nextVote()).toBeUndefined();
    expect(await questions.vote("k3fa", vote("1"), 7000)).toBe(true);
    expect(await questions.vote("k3fa", vote("2", sam), 7500)).toBe(false);
    expect(await questions.vote("k3fa", vote(undefined, sam), 7500)).toBe(false);
    // It counts when the first one would have.
    expect(await bench.store().questions.vote("k3fa", vote("2"), 9000)).toBe(true);
    expect(await questions.nextVote()).toBe(7000);
    expect(await questions.votesDue(6999)).toEqual([]);
    const kept: QuestionVote = { option: "2", by: mia, chat, settlesAt: 7000 };
    expect(await questions.votesDue(7000)).toEqual([{ ...question, state: "open", vote: kept }]);
    expect(await questions.vote("k3fa", vote(undefined), 9000)).toBe(true);
    expect(await questions.nextVote()).toBeUndefined();
    expect(await questions.vote("k3fa", vote("1", sam), 9500)).toBe(true);
    await questions.end("k3fa", "answered", 9500, { choice: "A", by: sam });
    expect(await questions.vote("k3fa", vote("2", sam), 9600)).toBe(false);
    // It stays until what is said about it is there, once.
    expect(await questions.votesDue(9500)).toHaveLength(1);
    await questions.voted("k3fa", [item("A: noted.")], 9600);
    await bench.store().questions.voted("k3fa", [item("A: noted.")], 9600);
    expect((await store.outbox.list({ limit: 9 })).map(({ text }) => text)).toEqual(["A: noted.", "?"]);
    expect((await questions.get("k3fa"))?.vote).toBeUndefined();
  });

  it("is asked by nobody whose turn is over, or runs anew", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    await openTurn(store, claim, "t2", [2], "other");
    const [first] = await store.turns.claim("node-1", 1, 2000);
    const [second] = await store.turns.claim("node-1", 1, 2000);
    expect([first!.turn.id, second!.turn.id]).toEqual(["t1", "t2"]);
    const asks = (id: string, run: number, turnId = "t1") =>
      store.questions.ask({ ...question, id, turnId }, [item(id)], run);
    expect(await asks("q1", 1)).toBe(true);
    await store.turns.release(first!.claim);
    await expect(asks("q2", 1)).rejects.toMatchObject({ code: "NO_TURN" });
    const [again] = await store.turns.claim("node-2", 1, 2500);
    await expect(asks("q2", 1)).rejects.toMatchObject({ code: "NO_TURN" });
    expect(await asks("q3", 2)).toBe(true);
    await store.turns.end(again!.claim, { outcome: "done", replies: [] }, 2800, false);
    await expect(asks("q4", 2)).rejects.toMatchObject({ code: "NO_TURN" });
    // What another turn asks is its own.
    expect(await asks("q5", 1, "t2")).toBe(true);
    const kept = (await store.outbox.list({ limit: 9 })).map(({ text }) => text);
    expect(kept.toSorted()).toEqual(["q1", "q3", "q5"]);
  });

  it("is asked by no turn that somebody ended, from that commit on", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1], "s");
    await openTurn(store, claim, "t2", [2], "other");
    await store.turns.claim("node-1", 9, 2000);
    const asks = (id: string, turnId = "t1") =>
      store.questions.ask({ ...question, id, turnId }, [item(id)], 1);
    expect(await asks("q1")).toBe(true);
    await store.turns.requestCancel("s", 2200);
    await expect(asks("q2")).rejects.toMatchObject({ code: "NO_TURN" });
    expect(await asks("q3", "t2")).toBe(true);
    expect((await store.outbox.list({ limit: 9 })).map(({ text }) => text).toSorted()).toEqual(["q1", "q3"]);
  });

  it("is closed with the end of its turn, and where a later run asks something else", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    await openTurn(store, claim, "t2", [2]);
    const [run] = await store.turns.claim("node-1", 1, 2000);
    await ask(bench, {}, store);
    await ask(bench, { id: "m4gb", occasion: "y 0" }, store);
    await ask(bench, { id: "n5hc", turnId: "t2" }, store);
    const states = async () =>
      Promise.all(["k3fa", "m4gb", "n5hc"].map(async (id) => (await store.questions.get(id))?.state));
    expect(await store.questions.abandon(2500)).toBe(0);
    await store.turns.release(run!.claim);
    expect(await states()).toEqual(["open", "open", "open"]);
    await store.questions.closeOthers("t1", ["y 0"], 2600);
    expect(await states()).toEqual(["closed", "open", "open"]);
    const [again] = await store.turns.claim("node-1", 1, 2700);
    await store.turns.end(again!.claim, { outcome: "done", replies: [] }, 2800, false);
    expect(await states()).toEqual(["closed", "closed", "open"]);
    await store.turns.cancelQueued((await store.turns.get("t2"))!.sessionKey, 2900);
    expect((await store.turns.get("t2"))?.state).toBe("cancelled");
    expect(await states()).toEqual(["closed", "closed", "closed"]);
  });
}
