import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { directMessage } from "../../../test/support/message.js";
import type { Decision } from "../../conversation/index.js";
import { type Claim, openStore, type Store } from "../../store/index.js";
import { TurnSteering, waitsText } from "./steering.js";

const owner = { handle: "+15550100001", isOwner: true };
const guest = { handle: "+15550100002", isOwner: false };
let folder: string;
let store: Store;
let account: Claim;
let clock: FakeClock;
let abort: AbortController;
let notes: string[];
let isOn: boolean;
let isAsWritten: boolean;
/** Called while it is found out. */
let asked: () => void;
let warnings: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapback-steering-"));
  store = openStore(join(folder, "state.db"));
  account = (await store.accounts.claim("default", "node")).claim;
  clock = new FakeClock();
  abort = new AbortController();
  notes = [];
  isOn = true;
  isAsWritten = true;
  asked = () => {};
  warnings = [];
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

let rows = 0;

/** Queues a message as a turn. @returns its id */
async function write(text: string, sender: { handle: string; isOwner: boolean } = owner): Promise<string> {
  rows += 1;
  const row = directMessage({ rowId: rows, guid: `GUID-${rows}`, text, sender: sender.handle });
  const [entry] = await store.journal.admit(account, [row], "live", clock.now());
  const { isOwner } = sender;
  const decision: Decision = { kind: "dispatch", isOwner, gates: [], treatedAs: "direct" };
  await store.journal.decide(account, entry!, decision, clock.now());
  const { envelope } = fakeTurn(text, { envelope: { sender } });
  const turn = { id: text, account: "default", sessionKey: "s", agentId: "main", envelope };
  await store.turns.open(account, turn, [entry!], [], clock.now());
  return text;
}

/** A turn runs, and its agent can be offered what comes. */
async function running(text: string, sender = owner): Promise<{ steering: TurnSteering; claim: Claim }> {
  await write(text, sender);
  const claim = (await store.turns.claim("node", 1, clock.now()))[0]!.claim;
  const rules = {
    isOn: () => isOn,
    isAsWritten: async () => {
      asked();
      return isAsWritten;
    },
  };
  const log = { warn: (line: string) => warnings.push(line) } as never;
  const deps = { store, clock, log, signal: abort.signal, note: (note: string) => notes.push(note) };
  return { steering: new TurnSteering(claim, "s", rules, deps), claim };
}

const told = async () => (await store.outbox.list({ account: "default", limit: 9 })).map(({ text }) => text);
const stateOf = async (id: string) => (await store.turns.get(id))?.state;

it("gives the agent what its owner writes meanwhile, in order, and stores that it has it", async () => {
  const { steering, claim } = await running("a");
  const onMessage = vi.fn();
  steering.listen(onMessage);
  for (const text of ["b", "c"]) steering.offer(await write(text));
  await vi.waitFor(() => expect(onMessage).toHaveBeenCalledTimes(3));
  for (const text of ["b", "c"]) {
    const message = await steering.next();
    expect(message?.envelope.text).toBe(text);
    expect(await stateOf(text)).toBe("queued");
    expect(await message!.taken()).toBe(true);
    expect(await stateOf(text)).toBe("cancelled");
  }
  expect(await steering.next()).toBeUndefined();
  expect((await store.turns.get("a"))?.envelope.text).toBe("a\nb\nc");
  expect(notes).toHaveLength(2);
  expect(await told()).toEqual([]);
  await store.turns.end(claim, { outcome: "done", replies: [] }, clock.now(), false);
  expect(await store.turns.claim("node", 1, clock.now())).toEqual([]);
});

it("takes in what was written before the agent said that it takes something", async () => {
  const { steering } = await running("a");
  await write("b");
  const onMessage = vi.fn();
  steering.listen(onMessage);
  expect(onMessage).toHaveBeenCalled();
  expect((await steering.next())?.envelope.text).toBe("b");
});

it("tells the owner once that it waits where the agent takes nothing in", async () => {
  const { steering } = await running("a");
  steering.offer(await write("b"));
  expect(await told()).toEqual([]);
  steering.listen();
  await vi.waitFor(async () => expect(await told()).toEqual([waitsText]));
  steering.offer(await write("c"));
  expect(await steering.next()).toBeUndefined();
  await clock.advance(1);
  expect(await told()).toEqual([waitsText]);
});

it("lets nobody else's message in, and tells them nothing", async () => {
  const { steering } = await running("a");
  const onMessage = vi.fn();
  steering.listen(onMessage);
  steering.offer(await write("b", guest));
  await clock.advance(1);
  expect(onMessage).toHaveBeenCalledTimes(1);
  expect(await steering.next()).toBeUndefined();
  expect(await told()).toEqual([]);
  // The owner's next one does not overtake it.
  steering.offer(await write("c"));
  await vi.waitFor(async () => expect(await told()).toEqual([waitsText]));
  expect(await steering.next()).toBeUndefined();
});

it("lets no owner's message into a guest's turn", async () => {
  const { steering } = await running("a", guest);
  steering.listen(() => {});
  await write("b");
  expect(await steering.next()).toBeUndefined();
});

it("leaves for a turn of its own what was edited or taken back, and everything in another queue mode", async () => {
  const { steering } = await running("a");
  steering.listen(() => {});
  await write("b");
  isAsWritten = false;
  expect(await steering.next()).toBeUndefined();
  isAsWritten = true;
  isOn = false;
  expect(await steering.next()).toBeUndefined();
  isOn = true;
  expect(await steering.next()).toBeDefined();
});

it("takes nothing in after a stop or the end of the turn", async () => {
  const { steering, claim } = await running("a");
  steering.listen(() => {});
  await write("b");
  const message = await steering.next();
  await store.turns.end(claim, { outcome: "done", replies: [] }, clock.now(), false);
  expect(await message!.taken()).toBe(false);
  abort.abort();
  expect(await steering.next()).toBeUndefined();
  expect(await stateOf("b")).toBe("queued");
});

it("leaves for a turn of its own what nobody wrote", async () => {
  const { steering } = await running("a");
  steering.listen(() => {});
  const { envelope } = fakeTurn("b", { envelope: { sender: owner } });
  const turn = { id: "b", account: "default", sessionKey: "s", agentId: "main", envelope };
  await store.turns.open(account, turn, [], [], clock.now());
  expect(await steering.next()).toBeUndefined();
  expect(await stateOf("b")).toBe("queued");
});

it("gives nothing more to an agent that was stopped, or is done, while it looked", async () => {
  for (const over of [(it: TurnSteering) => it.end(), () => abort.abort()]) {
    const { steering, claim } = await running(`a${rows}`);
    steering.listen(() => {});
    const text = await write(`b${rows}`);
    const before = await steering.next();
    // It is over while it is found out whether the message is as it was written.
    asked = () => over(steering);
    expect(await steering.next()).toBeUndefined();
    expect(await before!.taken()).toBe(false);
    expect(await stateOf(text)).toBe("queued");
    asked = () => {};
    await store.turns.end(claim, { outcome: "done", replies: [] }, clock.now(), false);
    await store.turns.cancelQueued("s", clock.now());
    abort = new AbortController();
  }
  expect(await told()).toEqual([]);
});

it("tells nobody that something waits once the turn is over", async () => {
  const { steering } = await running("a");
  const onMessage = vi.fn();
  steering.listen(onMessage);
  steering.end();
  steering.offer(await write("b"));
  await clock.advance(1);
  expect([onMessage.mock.calls.length, await told()]).toEqual([1, []]);
});

it("leaves a message for its turn where the store fails, and says so", async () => {
  const { steering } = await running("a");
  steering.listen(() => {});
  const text = await write("b");
  vi.spyOn(store.turns, "get").mockRejectedValue(new Error("locked"));
  steering.offer(text);
  await vi.waitFor(() =>
    expect(warnings).toEqual(["a message that was written during a turn waits: locked"]),
  );
  vi.restoreAllMocks();
  expect(await stateOf(text)).toBe("queued");
});

it("gives a message that the agent refused a turn of its own, and says so", async () => {
  const { steering } = await running("a");
  steering.listen(() => {});
  await write("b");
  await (await steering.next())!.refused();
  expect(await told()).toEqual([waitsText]);
  expect(await steering.next()).toBeUndefined();
  expect(await stateOf("b")).toBe("queued");
});
