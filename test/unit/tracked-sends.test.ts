import { describe, expect, it } from "vitest";
import { exitReason } from "../../src/bridge/imsg/exit-reason.js";
import { rpcError } from "../../src/bridge/imsg/rpc-error.js";
import {
  type Bridge,
  type BridgeError,
  BridgeError as Failure,
  type SendRequest,
} from "../../src/bridge/index.js";
import { openStore, type Store } from "../../src/store/index.js";
import { Bench, dispatch, item, row } from "../contract/store/bench.js";
import { FakeClock } from "../support/fake-clock.js";
import { bridgeOver, senderOf } from "../support/sender-lab.js";

const bench = new Bench(openStore);

/** An error of imsg about a tracked send (protocol reference 16.1). */
const failure = (code: number, disposition: string, detail: string) =>
  rpcError({
    code,
    message: "Delivery",
    data: { retry_safe: disposition === "not_started", disposition, operation: "send-message", detail },
  });
const gone = new Failure("CHILD_EXITED", "gone", { disposition: "unknown", retryable: true });

/** A sender over a Mac that tracks sends. @param answer of each try; undefined: Messages took it */
async function tracking(answer: (tries: number) => BridgeError | undefined) {
  const { store, claim } = await bench.claimed();
  const [admitted] = await store.journal.admit(claim, [row(40)], "live", 1000);
  await store.journal.decide(claim, admitted!, dispatch, 1000);
  const id = await store.outbox.add("default", item("ok"), 1000);
  const asked: SendRequest[] = [];
  const there = new Set<string>();
  const clock = new FakeClock(1000);
  const bridge = {
    ...bridgeOver([row(51, { fromMe: true, text: "ok" })]),
    actions: {
      capabilities: () => ({ can: () => ({ supported: true }) }),
      sendStatus: async (guid: string) => ({ state: "done", facts: { isThere: there.has(guid) } }),
    },
    send: async (request: SendRequest) => {
      asked.push(request);
      const error = answer(asked.length);
      return error ? { ok: false, error } : { ok: true, value: { guid: request.attemptId } };
    },
  } as unknown as Bridge;
  const ended: string[] = [];
  const sender = senderOf(store, claim, bridge, clock, (_, state) => ended.push(state));
  await sender.start();
  const until = (state: string) => clock.advanceUntil(() => ended.at(-1) === state);
  return { store, id, asked, there, clock, sender, until };
}

const stateOf = async (store: Store, id: number) => (await store.outbox.get(id))?.state;

describe("a text under a GUID of ours", () => {
  it("has it on the disk before the bridge hears of it, and is stored when Messages has it", async () => {
    const lab = await tracking(() => undefined);
    await lab.until("accepted");
    const [{ attemptId = "" } = {}] = lab.asked;
    expect(attemptId).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(await lab.store.outbox.get(lab.id)).toMatchObject({
      attemptId,
      guid: attemptId,
      state: "sending",
    });
    // A row of the same text is somebody's own.
    lab.there.add(attemptId);
    await lab.until("stored");
    expect(await lab.store.outbox.get(lab.id)).toMatchObject({ guid: attemptId, state: "stored" });
    await lab.sender.stop();
  });

  // Why a child is gone has many codes, some of which imsg answers with as well.
  it.each([
    ["imsg was killed", gone],
    ["the line to the Mac broke", exitReason(255, null, ["client_loop: send disconnect: Broken pipe"])],
    ["imsg ended over a locked database", exitReason(1, null, ["database is locked"])],
  ])("is repeated under the same one when nobody answered: %s", async (_, lost) => {
    const lab = await tracking((tries) => (tries < 3 ? lost : undefined));
    await lab.until("accepted");
    expect(lab.asked).toHaveLength(3);
    expect(new Set(lab.asked.map(({ attemptId }) => attemptId)).size).toBe(1);
    await lab.sender.stop();
  });

  it("is not repeated when a lost answer was that of a success", async () => {
    const lab = await tracking(() => gone);
    await lab.clock.advanceUntil(() => lab.asked.length === 1);
    lab.there.add(lab.asked[0]!.attemptId!);
    await lab.until("stored");
    expect(lab.asked).toHaveLength(1);
    await lab.sender.stop();
  });

  const refused = failure(-32603, "not_started", "Chat not found: any;-;+15550100123");

  it("goes without one when it was surely refused", async () => {
    const first = await tracking((tries) => (tries === 1 ? refused : undefined));
    await first.clock.advanceUntil(() => first.asked.length === 2);
    expect(first.asked.map(({ attemptId }) => attemptId !== undefined)).toEqual([true, false]);
    await first.sender.stop();
  });

  it("never goes without one after a try that is in doubt", async () => {
    const doubted = await tracking((tries) => (tries === 1 ? gone : refused));
    await doubted.clock.advanceUntil(() => doubted.asked.length === 4);
    expect(new Set(doubted.asked.map(({ attemptId }) => attemptId)).size).toBe(1);
    expect(doubted.asked[0]?.attemptId).toBeDefined();
    await doubted.sender.stop();
  });

  it("is unknown, and not repeated, when Messages may have had it and never shows it", async () => {
    const lab = await tracking(() => failure(-32001, "may_have_completed", "The request vanished"));
    await lab.until("unknown");
    expect(lab.asked).toHaveLength(1);
    expect(lab.clock.now()).toBeGreaterThan(150_000);
    expect(await lab.store.outbox.get(lab.id)).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
    await lab.sender.stop();
  });

  it("is known by its own row alone, which ends what was unknown", async () => {
    const lab = await tracking(() => undefined);
    await lab.until("accepted");
    const sent = await lab.store.outbox.findSent("default", { guid: lab.asked[0]!.attemptId!, rowId: 51 });
    expect(sent?.id).toBe(lab.id);
    await lab.until("unknown");
    expect(await stateOf(lab.store, lab.id)).toBe("unknown");
    await lab.sender.stop();
  });
});
