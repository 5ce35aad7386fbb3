import { expect, it } from "vitest";
import type { NewQuestion, Store } from "../../../src/store/index.js";
import { type Bench, item, openTurn, row } from "./bench.js";

const question: NewQuestion = {
  id: "k3fa",
  kind: "permission",
  account: "default",
  turnId: "t1",
  sessionKey: "s",
  title: "Run a thing",
  options: [{ id: "yes", name: "Allow", kind: "allow_once" }],
  askedAt: 2000,
  expiresAt: 9000,
};
const binding = (chatKey: string, sessionKey: string) => ({
  account: "default",
  chatKey,
  sessionKey,
  agentId: "codex",
  createdAt: 1,
});
const cost = (model: string, tokens: number) => ({
  model,
  inputTokens: tokens,
  outputTokens: 1,
  cachedInputTokens: 0,
});

/** The questions that a number may answer that was written in a chat, in a row and at a time. */
async function meant(store: Store, chatKey: string, rowId: number, writtenAt = 9000): Promise<string[]> {
  const found = await store.questions.asked("default", { chat: { keys: [chatKey], rowId, writtenAt } });
  return found.map(({ id }) => id);
}

export function agentsContract(bench: Bench): void {
  it("asks a question together with its messages, and ends it once", async () => {
    const { store, claim } = await bench.claimed();
    expect(await store.questions.ask(question, [item("1. Allow", 7), item("1. Allow", 8)])).toBe(true);
    expect(await store.questions.ask({ ...question, title: "another" }, [item("?", 9)])).toBe(false);
    expect(await store.questions.open("default", ["chat:7"])).toEqual([{ ...question, state: "open" }]);
    expect(await store.questions.open("default", ["chat:9"])).toEqual([]);
    expect(await store.questions.open("other", ["chat:7"])).toEqual([]);
    expect(await meant(store, "chat:8", 99)).toEqual([]);
    await store.accounts.setCursor(claim, 50);
    const [taken, other] = await store.outbox.take(claim, 2, 3000);
    // While it is under way its row is still to come, whatever the clock of a Mac says about other rows.
    expect(await meant(store, "chat:8", 51, 9000)).toEqual([]);
    const inDoubt = {
      state: "unknown",
      error: { code: "OUTCOME_UNKNOWN", message: "nobody knows" },
    } as const;
    await store.outbox.settle(other!.claim, inDoubt, 3000);
    // Its row is not known: what was there before it was handed over says nothing about it, nor what was written before.
    expect(await meant(store, "chat:8", 51, 3000)).toEqual(["k3fa"]);
    expect(await meant(store, "chat:8", 50, 9000)).toEqual([]);
    expect(await meant(store, "chat:8", 51, 2999)).toEqual([]);
    await store.outbox.settle(taken!.claim, { state: "stored", guid: "G-1" }, 3000);
    expect(await meant(store, "chat:7", 99)).toEqual([]);
    await store.journal.admit(claim, [row(60, { guid: "G-1", fromMe: true })], "live", 3000);
    expect((await store.questions.asked("default", { guid: "G-1" })).map(({ id }) => id)).toEqual(["k3fa"]);
    expect(await store.questions.asked("default", { guid: "G-2" })).toEqual([]);
    expect(await store.questions.end("k3fa", "answered", 4000, { choice: "Allow", by: "+1555" })).toBe(true);
    expect(await store.questions.end("k3fa", "expired", 5000)).toBe(false);
    expect(await store.questions.get("k3fa")).toMatchObject({
      state: "answered",
      choice: "Allow",
      endedAt: 4000,
    });
    expect(await store.questions.open("default", ["chat:7"])).toEqual([]);
    await store.outbox.add("default", item("Allowed.", 7, { origin: "command" }), 5000);
    expect(await meant(store, "chat:7", 61)).toEqual(["k3fa"]);
    expect(await meant(store, "chat:7", 59)).toEqual([]);
    await store.outbox.add("default", item("and so on", 7), 6000);
    expect(await meant(store, "chat:7", 71)).toEqual([]);
  });

  it("lists what agents ask of every account, whole and in one conversation of those that were asked, and no draft", async () => {
    const { store, claim } = await bench.claimed();
    const other = { ...question, id: "m4gb", account: "other", kind: "ask" as const, askedAt: 1000 };
    await store.questions.ask(question, [item("does a", 8), item("does a", 7), item("1. Allow", 8)]);
    await store.questions.ask(other, [item("Which?", 9)]);
    await store.questions.ask({ ...question, id: "over" }, [item("gone", 8)]);
    await store.questions.end("over", "expired", 3000);
    await store.questions.ask({ ...question, id: "dr4f", kind: "draft" }, [item("To Mia", 7)]);
    await store.outbox.take(claim, 9, 3000);
    expect(await store.questions.waiting()).toEqual([
      { ...other, state: "open", texts: ["Which?"] },
      { ...question, state: "open", texts: ["does a", "1. Allow"] },
    ]);
  });

  it("hints at what is asked and at what becomes of it", async () => {
    const { store } = await bench.claimed();
    let hints = 0;
    const stop = store.watch("questions", () => {
      hints += 1;
    });
    await store.questions.ask(question, [item("?")]);
    expect(hints).toBe(1);
    await store.questions.end("k3fa", "answered", 3000, { choice: "Allow", by: "console" });
    expect(hints).toBe(2);
    await store.questions.ask({ ...question, id: "m4gb" }, [item("?")]);
    await store.questions.abandon(4000);
    expect(hints).toBe(4);
    stop();
  });

  it("tells by the row of its last message when a question was asked, and names all that are open", async () => {
    const { store, claim } = await bench.claimed();
    await store.questions.ask(question, [item("line one"), item("line two")]);
    const send = async (guid: string) => {
      const [taken] = await store.outbox.take(claim, 1, 3000);
      await store.outbox.settle(taken!.claim, { state: "stored", guid }, 3000);
      await store.journal.admit(claim, [row(Number(guid), { guid, fromMe: true })], "live", 3000);
    };
    await send("101");
    expect(await meant(store, "chat:7", 109)).toEqual([]);
    await send("103");
    // Whatever the clocks say, of which one may be wrong.
    expect(await meant(store, "chat:7", 102, 9000)).toEqual([]);
    expect(await meant(store, "chat:7", 104, 1)).toEqual(["k3fa"]);

    await store.questions.ask({ ...question, id: "m4gb", askedAt: 2500 }, [item("another")]);
    expect(await meant(store, "chat:7", 102)).toEqual([]);
    expect(await meant(store, "chat:7", 104)).toEqual(["k3fa", "m4gb"]);
    await store.questions.end("k3fa", "answered", 4000, { choice: "Allow", by: "+1555" });
    // It is open, and nobody can have read it.
    expect(await meant(store, "chat:7", 109)).toEqual([]);
    await send("106");
    expect(await meant(store, "chat:7", 105)).toEqual([]);
    expect(await meant(store, "chat:7", 107)).toEqual(["m4gb"]);
  });

  it("closes what an earlier process left open", async () => {
    const { store } = await bench.claimed();
    await store.questions.ask(question, [item("?")]);
    expect(await store.questions.abandon(5000)).toBe(1);
    expect((await store.questions.get("k3fa"))?.state).toBe("closed");
  });

  it("binds a conversation to a session, with its settings, and forgets both", async () => {
    const { store } = await bench.claimed();
    await store.bindings.bind(binding("chat:7", "agent:codex:acp:1"), { cwd: "/work" });
    await store.bindings.bind(binding("chat:8", "agent:codex:acp:2"), {});
    expect(await store.bindings.find("default", ["handle:x", "chat:7"])).toEqual(
      binding("chat:7", "agent:codex:acp:1"),
    );
    expect(await store.bindings.find("other", ["chat:7"])).toBeUndefined();
    expect(await store.bindings.list("default")).toHaveLength(2);
    await store.bindings.setSettings("agent:codex:acp:1", { cwd: "/work", model: "big" });
    const again = bench.store();
    expect(await again.bindings.settings("agent:codex:acp:1")).toEqual({ cwd: "/work", model: "big" });
    expect(await store.bindings.unbind("default", "chat:7")).toBe(true);
    expect(await store.bindings.unbind("default", "chat:7")).toBe(false);
    expect(await store.bindings.settings("agent:codex:acp:1")).toEqual({});
    expect(await store.bindings.find("default", ["chat:7"])).toBeUndefined();
  });

  it("takes replies before the end, each place once over all attempts", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [first] = await store.turns.claim("node-1", 1, 2000);
    expect(first!.emitted).toBe(0);
    expect(await store.turns.emit(first!.claim, [item("a"), item("b")], 0, 2100)).toBe("ok");
    await store.turns.release(first!.claim);
    expect(await store.turns.emit(first!.claim, [item("late")], 2, 2200)).toBe("lost");
    const [second] = await store.turns.claim("node-1", 1, 3000);
    expect(second!.emitted).toBe(2);
    await store.turns.emit(second!.claim, [item("a again")], 0, 3100);
    await store.turns.end(
      second!.claim,
      { outcome: "done", replies: [item("b again"), item("c")], firstOrdinal: 1 },
      3200,
      false,
    );
    expect((await store.outbox.ofTurn("t1")).map(({ text }) => text)).toEqual(["a", "b", "c"]);
  });

  it("adds up what turns and sessions cost", async () => {
    const { store, claim } = await bench.claimed();
    for (const [id, row] of [
      ["t1", 1],
      ["t2", 2],
    ] as const) {
      await openTurn(store, claim, id, [row], "s");
      const [running] = await store.turns.claim("node-1", 1, 2000);
      const usage = [cost("big", 10), cost("small", row)];
      await store.turns.end(running!.claim, { outcome: "done", replies: [], usage }, 3000, false);
    }
    expect((await store.turns.get("t2"))?.usage).toEqual([cost("big", 10), cost("small", 2)]);
    expect(await store.turns.usageOf("s")).toEqual([
      { ...cost("big", 20), outputTokens: 2 },
      { ...cost("small", 3), outputTokens: 2 },
    ]);
    await store.turns.resetSession("s");
    expect(await store.turns.usageOf("s")).toEqual([]);
  });
}
