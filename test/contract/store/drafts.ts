import { expect, it } from "vitest";
import type { Decision } from "../../../src/conversation/index.js";
import type {
  Claim,
  ClaimedTurn,
  Draft,
  HeldDraft,
  NewDraft,
  Store,
  TurnEnd,
} from "../../../src/store/index.js";
import { type Bench, context, dispatch, drop, item, openTurn, row, turn } from "./bench.js";

const owner = "+15550100009";
const draft: NewDraft = {
  ...{
    id: "k7ab",
    account: "default",
    madeBy: "t1",
    turnId: "t1",
    agentId: "main",
    to: "Mia",
    approves: false,
  },
  ...{ target: { kind: "chat_id", chatId: 7 }, chatKey: "chat:7" },
};
const held: HeldDraft = {
  ...{ id: draft.id, expiresAt: 9000, title: "To Mia: yes" },
  asked: [item("To Mia: yes", 1, { origin: "owner-notice" })],
};

/** Opens a turn of the chat that the drafts are for. */
async function open(store: Store, claim: Claim, id: string, rowIds: number[] = []): Promise<void> {
  const { envelope, ...rest } = turn(id);
  const chat = { ...envelope.chat, target: "chat_id:7" };
  await store.turns.open(claim, { ...rest, envelope: { ...envelope, chat } }, rowIds, [], 1000);
}

/** A turn that answers row 1 and has ended with a draft of these texts. */
async function drafted(store: Store, claim: Claim, ...texts: string[]): Promise<void> {
  const [first] = await store.journal.admit(claim, [row(1)], "live", 1000);
  await store.journal.decide(claim, first!, dispatch, 1000);
  await open(store, claim, "t1", [first!]);
  const [run] = await store.turns.claim("node-1", 1, 1000);
  await store.drafts.open(draft, 1000);
  const replies = texts.map((text) => item(text, 7, { draft: draft.id }));
  await store.turns.end(run!.claim, { outcome: "done", replies, holds: [held] }, 2000, false);
}

export function draftsContract(bench: Bench): void {
  const texts = async (store: Store, state: Draft["parts"][number]["state"]) =>
    (await store.outbox.list({ states: [state], limit: 9 })).map(({ text }) => text).reverse();
  const takes = async (store: Store, claim: Claim) =>
    (await store.outbox.take(claim, 9, 10_000_000)).map(({ item: { text } }) => text);

  it("sends nothing of a draft before the yes, and all of it once after the first", async () => {
    const { store, claim } = await bench.claimed();
    const other = bench.store();
    await drafted(store, claim, "yes", "and more");
    expect(await takes(store, claim)).toEqual(["To Mia: yes"]);
    expect(await store.outbox.nextDue("default", 2000)).toBeUndefined();
    const said = { sends: true, by: owner, tell: "sent" };
    const first = await Promise.all([
      store.drafts.decide("k7ab", said, 3000),
      other.drafts.decide("k7ab", { ...said, sends: false, by: "another" }, 3000),
    ]);
    expect(first.filter(Boolean)).toHaveLength(1);
    const { state, decidedBy } = (await store.drafts.get("k7ab"))!;
    expect([state, decidedBy]).toEqual(first[0] ? ["sent", owner] : ["dropped", "another"]);
    expect(await store.drafts.decide("k7ab", said, 3001)).toBe(false);
    expect(await takes(store, claim)).toEqual(first[0] ? ["yes"] : []);
    expect((await store.questions.get("k7ab"))?.state).toBe("answered");
  });

  it("counts the time of a send from the yes", async () => {
    const { store, claim } = await bench.claimed();
    await drafted(store, claim, "yes");
    await store.drafts.decide("k7ab", { sends: true, by: owner, tell: "" }, 50_000);
    const [part] = (await store.drafts.get("k7ab"))!.parts;
    expect(part).toMatchObject({ state: "pending", createdAt: 50_000, dueAt: 50_000, turnId: "t1" });
  });

  it("ends what is dropped or nobody decided as not sent, and tells the agent at its next turn", async () => {
    const { store, claim } = await bench.claimed();
    await drafted(store, claim, "yes");
    expect(await store.drafts.nextExpiry()).toBe(9000);
    expect(await store.drafts.due(8999)).toEqual([]);
    expect((await store.drafts.due(9000)).map(({ id }) => id)).toEqual(["k7ab"]);
    // A vote that was given in time counts, a moment later, unless it is taken back.
    const vote = { by: owner, chat: { target: draft.target, chatKey: "chat:1" } };
    expect(await store.questions.vote("k7ab", { ...vote, option: "send" }, 9500)).toBe(true);
    expect(await store.drafts.due(9400)).toEqual([]);
    expect(await store.drafts.nextExpiry()).toBeUndefined();
    await store.questions.vote("k7ab", { ...vote, option: undefined }, 9500);
    expect((await store.drafts.due(9400)).map(({ id }) => id)).toEqual(["k7ab"]);
    const told = { items: [item("nobody said yes", 1)], tell: "It was not sent." };
    expect(await store.drafts.expire("k7ab", told, 9000)).toBe("expired");
    expect(await store.drafts.expire("k7ab", told, 9000)).toBeUndefined();
    expect(await texts(store, "not_sent")).toEqual(["yes"]);
    expect(await texts(store, "pending")).toEqual(["To Mia: yes", "nobody said yes"]);
    expect((await store.questions.get("k7ab"))?.state).toBe("expired");
    expect(await store.drafts.nextExpiry()).toBeUndefined();
    await open(store, claim, "t2");
    expect((await store.turns.claim("node-1", 1, 9500))[0]?.told).toEqual(["It was not sent."]);
  });

  it.each([
    ["is told only then that it waits", ["It waits."]],
    ["was told before that it waits", []],
  ])("tells what became of a draft while a turn ran whose agent %s", async (_, told) => {
    const { store, claim } = await bench.claimed();
    const running = async (id: string) => {
      await open(store, claim, id);
      return (await store.turns.claim("node-1", 1, 1000))[0]!;
    };
    const end = ({ claim: of, told }: ClaimedTurn, more: Partial<TurnEnd> = {}) =>
      store.turns.end(of, { outcome: "done", replies: [], told, ...more }, 2000, false);
    const first = await running("t1");
    await store.drafts.open(draft, 1000);
    const replies = [item("yes", 7, { draft: draft.id })];
    await end(first, { replies, holds: [held], tellNext: "It waits." });
    if (told.length === 0) await end(await running("between"));
    const meanwhile = await running("t2");
    expect(meanwhile.told).toEqual(told);
    await store.drafts.decide("k7ab", { sends: true, by: owner, tell: "It was sent." }, 2500);
    await end(meanwhile, { tellNext: "It was cut." });
    const next = await running("t3");
    expect(next.told).toEqual(["It was sent.", "It was cut."]);
    await end(next);
    expect((await running("t4")).told).toEqual([]);
  });

  it("puts better words in the place of the texts, and leaves the rest where it is", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [run] = await store.turns.claim("node-1", 1, 1000);
    await store.drafts.open(draft, 1000);
    const part = (text: string) => item(text, 7, { draft: draft.id });
    const file = { ...part(""), text: undefined, file: "/out/x/plan.pdf" };
    const replies = [part("one"), file, part("two")];
    await store.turns.end(run!.claim, { outcome: "done", replies, holds: [held] }, 2000, false);
    const reworded = { title: "To Mia: better", asked: [item("To Mia: better", 1)] };
    expect(await store.drafts.reword("k7ab", [{ text: "better" }], reworded, 3000)).toBe(true);
    const words = [{ text: "best" }, { text: "of" }, { text: "all" }];
    await store.drafts.decide("k7ab", { sends: true, by: owner, words, tell: "" }, 4000);
    const { parts, drafted: before } = (await store.drafts.get("k7ab"))!;
    expect(before).toEqual(["one", "two"]);
    const sent = parts.filter(({ state }) => state === "pending").map((each) => each.file ?? each.text);
    expect(sent).toEqual(["best", "/out/x/plan.pdf", "of", "all"]);
    expect(
      await store.questions.asked("default", { chat: { keys: ["chat:1"], rowId: 99, writtenAt: 1 } }),
    ).toEqual([]);
  });

  it("counts no vote that was given to the words before, and knows what shows them by itself alone", async () => {
    const { store, claim } = await bench.claimed();
    await drafted(store, claim, "yes");
    const beside = { ...draft, id: "m2cd", madeBy: "t2", turnId: "t2" };
    await open(store, claim, "t2");
    const [run] = await store.turns.claim("node-1", 1, 1000);
    await store.drafts.open(beside, 1000);
    const replies = [item("beside", 7, { draft: "m2cd" })];
    const holds = [{ ...held, id: "m2cd", asked: [item("To Mia: beside", 2)] }];
    await store.turns.end(run!.claim, { outcome: "done", replies, holds }, 2000, false);
    for (const [index, each] of (await store.outbox.take(claim, 9, 2500)).entries())
      await store.outbox.settle(each.claim, { state: "stored", guid: `Q-${index}`, rowId: 50 + index }, 2500);
    const vote = { by: owner, chat: { target: draft.target, chatKey: "chat:1" }, option: "send" };
    for (const id of ["k7ab", "m2cd"]) await store.questions.vote(id, vote, 8000);
    expect(await store.drafts.nextExpiry()).toBeUndefined();
    const reworded = { title: "To Mia: better", asked: [item("To Mia: better", 1)] };
    expect(await store.drafts.reword("k7ab", [{ text: "better" }], reworded, 3000)).toBe(true);
    expect((await store.questions.votesDue(9000)).map(({ id }) => id)).toEqual(["m2cd"]);
    expect(await store.drafts.nextExpiry()).toBe(9000);
    const asked = (guid: string) => store.questions.asked("default", { guid });
    expect(await asked("Q-0")).toMatchObject([{ id: "k7ab", asShownBefore: true }]);
    expect((await asked("Q-1"))[0]).not.toHaveProperty("asShownBefore");
    expect((await store.questions.open("default", ["chat:1"])).map(({ id }) => id)).toEqual(["k7ab"]);
    const chat = { keys: ["chat:1"], rowId: 99, writtenAt: 9000 };
    expect(await store.questions.asked("default", { chat })).toEqual([]);
  });

  it("takes better words also for a draft of which no part is left", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [run] = await store.turns.claim("node-1", 1, 1000);
    await store.drafts.open(draft, 1000);
    const replies = [item("one", 7, { draft: draft.id }), item("beside", 8)];
    await store.turns.end(run!.claim, { outcome: "done", replies, holds: [held] }, 2000, false);
    const reworded = { title: "To Mia:", asked: [item("To Mia:", 1)] };
    expect(await store.drafts.reword("k7ab", [], reworded, 3000)).toBe(true);
    const words = [{ text: "after all" }];
    expect(await store.drafts.decide("k7ab", { sends: true, by: owner, words, tell: "" }, 4000)).toBe(true);
    const { parts, target, chatKey } = (await store.drafts.get("k7ab"))!;
    expect(parts.map(({ text, state }) => [text, state])).toEqual([
      ["one", "not_sent"],
      ["after all", "pending"],
    ]);
    expect(parts[1]).toMatchObject({ target, chatKey, origin: "turn" });
    const others = (await store.outbox.list({ limit: 9 })).filter(({ text }) => text === "beside");
    expect(others).toMatchObject([{ state: "pending" }]);
  });

  it("drops what a turn drafted and did not complete", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [run] = await store.turns.claim("node-1", 1, 1000);
    await store.drafts.open(draft, 1000);
    const action = { account: "default", turnId: "t1", chat: "chat_id:7", name: "send", parameters: {} };
    await store.actions.begin(action, 0, [item("on my way", 7, { draft: draft.id })], 1000);
    await store.turns.end(run!.claim, { outcome: "cancelled", replies: [] }, 2000, false);
    expect((await store.drafts.get("k7ab"))?.state).toBe("dropped");
    expect(await texts(store, "not_sent")).toEqual(["on my way"]);
    expect(await store.drafts.decide("k7ab", { sends: true, by: owner, tell: "" }, 3000)).toBe(false);
  });

  it("finds the draft of a turn that runs again, and refuses an id that is taken", async () => {
    const { store } = await bench.claimed();
    expect(await store.drafts.open(draft, 1000)).toMatchObject({ id: "k7ab", state: "open", parts: [] });
    expect(await store.drafts.open({ ...draft, id: "m2cd" }, 1001)).toMatchObject({
      ...{ id: "k7ab", approves: false },
    });
    const again = { ...draft, id: "m2cd", approves: true };
    expect(await store.drafts.open(again, 1001)).toMatchObject({ id: "k7ab", approves: true });
    expect(await store.drafts.open({ ...draft, madeBy: "t2" }, 1002)).toBeUndefined();
    const elsewhere = { ...draft, id: "m2cd", chatKey: "chat:8", approves: true };
    expect(await store.drafts.open(elsewhere, 1003)).toMatchObject({ id: "m2cd", approves: true });
    expect((await store.drafts.ofTurn("t1")).map(({ id }) => id)).toEqual(["k7ab", "m2cd"]);
  });

  it.each([
    ["is answered", dispatch, {}, true],
    ["is kept as context", context, {}, true],
    [
      "the account's human writes by hand",
      { ...drop, reason: "own_message" as const },
      { fromMe: true },
      true,
    ],
    ["goes on to an owner", { ...dispatch, kind: "command", name: "forward" } as Decision, {}, true],
    ["is a command", { ...dispatch, kind: "command", name: "status" } as Decision, {}, false],
    ["is an echo", { ...drop, reason: "echo" as const }, { fromMe: true }, false],
    ["is a tapback", { ...context, reason: "tapback" as const }, {}, false],
    ["is of another chat", dispatch, { chat: { ...row(1).chat, id: 8 } }, false],
  ])(
    "marks a draft as overtaken, once, by a newer message that %s",
    async (_, decision, change, overtakes) => {
      const { store, claim } = await bench.claimed();
      await drafted(store, claim, "yes");
      expect(await store.drafts.overtaken()).toEqual([]);
      const chat = { ...row(2).chat, id: 7 };
      const [id] = await store.journal.admit(claim, [row(2, { chat, ...change })], "live", 2500);
      expect(await store.drafts.overtaken("default")).toEqual([]);
      await store.journal.decide(claim, id!, decision, 2500);
      expect((await store.drafts.overtaken("default")).map((each) => each.id)).toEqual(
        overtakes ? ["k7ab"] : [],
      );
      if (!overtakes) return;
      const told = [item("Mia has written again", 1)];
      const marked = [store.drafts.overtake("k7ab", told, 3000), store.drafts.overtake("k7ab", told, 3000)];
      expect(await Promise.all(marked)).toEqual([true, false]);
      expect(await store.drafts.overtaken()).toEqual([]);
      expect(await store.drafts.expire("k7ab", { items: [], tell: "" }, 9000)).toBe("overtaken");
    },
  );

  it("drops a draft with what else waits in its chat when somebody stops the answer", async () => {
    const { store, claim } = await bench.claimed();
    await drafted(store, claim, "yes");
    expect(await store.outbox.stopAnswers("default", ["chat:7"], 3000)).toBe(1);
    expect(await store.drafts.get("k7ab")).toMatchObject({
      state: "dropped",
      parts: [{ state: "not_sent" }],
    });
    expect((await store.questions.get("k7ab"))?.state).toBe("closed");
  });

  it("leaves the question about a draft open when the turns of an earlier process are given up", async () => {
    const { store, claim } = await bench.claimed();
    await drafted(store, claim, "yes");
    expect(await store.questions.abandon(3000)).toBe(0);
    expect((await store.questions.get("k7ab"))?.state).toBe("open");
  });
}
