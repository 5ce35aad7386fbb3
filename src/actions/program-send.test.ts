import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Bench, row } from "../../test/contract/store/bench.js";
import { ActionBench } from "../../test/support/action-bench.js";
import { removeFolder } from "../../test/support/remove-folder.js";
import type { Decision } from "../conversation/index.js";
import { openStore } from "../store/index.js";
import type { Actor } from "./context.js";
import { actForProgram, sendForProgram } from "./program-send.js";

const stores = new Bench(openStore);
const folder = mkdtempSync(join(tmpdir(), "tapback-program-send-"));
afterAll(() => removeFolder(folder));
const mia = "+15550100123";
const hello = { chatId: 7, text: "hello" };
const noChat = {
  state: "not_sent",
  error: { code: "TARGET_INVALID", message: "there is no such chat" },
} as const;

/** A program beside a turn's bench: it acts for no turn, and is at home nowhere. */
async function program() {
  const bench = await ActionBench.of(stores);
  const { files } = bench.turn();
  const actor: Actor = { isOwner: true, files };
  const send = (parameters: Record<string, unknown> = hello, key?: string) =>
    sendForProgram(bench, actor, parameters, key);
  const sent = async () => (await bench.store.outbox.list({ account: "default", limit: 9 })).length;
  /** Mia says STOP. */
  const stop = async () => {
    const { store, claim } = bench;
    const [id] = await store.journal.admit(claim, [row(50)], "live", 1);
    const decision: Decision = {
      kind: "command",
      name: "opt-out",
      isOwner: false,
      gates: [],
      treatedAs: "direct",
    };
    await store.journal.decide(claim, id!, decision, 1);
    await store.journal.complete(claim, id!, { replies: [], optOut: { handle: mia, value: true } }, 1);
  };
  return { bench, send, sent, stop };
}

it("tells what became of each part", async () => {
  const { bench, send } = await program();
  const sending = send({ to: mia, text: "hello" });
  await bench.settle({ state: "stored", guid: "S1" });
  expect(await sending).toEqual({ state: "stored", parts: [{ id: 1, state: "stored", guid: "S1" }] });
  const again = send();
  await bench.settle(noChat);
  expect(await again).toEqual({
    state: "not_sent",
    parts: [{ id: 2, state: "not_sent", error: noChat.error }],
  });
});

it("says that it is on its way when it takes longer", async () => {
  const { bench, send } = await program();
  const sending = send();
  await bench.clock.advance(31_000);
  expect(await sending).toEqual({ state: "pending", parts: [{ id: 1, state: "pending" }] });
});

it("says what it waits for", async () => {
  const { bench, send } = await program();
  const sending = send();
  const error = { code: "PACED" as const, message: "held back: 20 messages" };
  await bench.settle({ state: "retry", dueAt: bench.clock.now() + 60_000, error });
  expect(await sending).toEqual({
    state: "pending",
    parts: [{ id: 1, state: "pending", error }],
    waitsFor: expect.stringContaining("20 messages"),
  });
});

it("throws what refuses it before it is in the outbox", async () => {
  const { send, sent, stop } = await program();
  await expect(send({ text: "to whom?" })).rejects.toMatchObject({ code: "ACTION_PARAMETERS" });
  await expect(send({ chatId: 7 })).rejects.toMatchObject({ code: "ACTION_PARAMETERS" });
  for (const blank of ["#", ">", "&nbsp;"])
    await expect(send({ ...hello, text: blank }, "k")).rejects.toMatchObject({ code: "ACTION_PARAMETERS" });
  await expect(send(hello, "")).rejects.toMatchObject({ code: "ACTION_PARAMETERS" });
  await expect(send(hello, "k".repeat(256))).rejects.toMatchObject({ code: "ACTION_PARAMETERS" });
  await stop();
  await expect(send()).rejects.toMatchObject({ code: "RECIPIENT_REFUSED" });
  expect(await sent()).toBe(0);
});

it("sends the same under a key once, also side by side, and tells what became of it", async () => {
  const { bench, send, sent, stop } = await program();
  const both = Promise.all([send(hello, "k"), send({ text: "hello", chatId: "7" }, "k")]);
  await bench.settle({ state: "stored", guid: "S1" });
  const whole = { state: "stored", parts: [{ id: 1, state: "stored", guid: "S1" }] };
  expect(await both).toEqual([whole, whole]);
  // The Mac is not asked, and no rule: it is sent.
  bench.chats = [];
  await stop();
  expect(await send(hello, "k")).toEqual(whole);
  expect(await sent()).toBe(1);
  for (const other of [
    { ...hello, text: "bye" },
    { ...hello, chatId: 8 },
  ])
    await expect(send(other, "k")).rejects.toMatchObject({ code: "KEY_REUSED" });
  // The words are forgotten, the key is not.
  await bench.store.journal.forget(Number.MAX_SAFE_INTEGER);
  expect(await send(hello, "k")).toEqual(whole);
  expect(await sent()).toBe(1);
});

it("sends under a key once more when it surely did not go", async () => {
  const { bench, send, sent } = await program();
  const first = send(hello, "k");
  await bench.settle(noChat);
  expect(await first).toMatchObject({ state: "not_sent" });
  const second = send(hello, "k");
  await bench.settle({ state: "unknown", error: { code: "OUTCOME_UNKNOWN", message: "nobody knows" } });
  expect(await second).toMatchObject({ state: "unknown", parts: [{ id: 2 }] });
  expect(await send(hello, "k")).toMatchObject({ state: "unknown", parts: [{ id: 2 }] });
  expect(await sent()).toBe(2);
});

it("keeps no key in words", async () => {
  const { bench, send } = await program();
  const sending = send(hello, "birthday of Mia");
  await bench.settle({ state: "stored" });
  await sending;
  expect(await bench.store.actions.ofKey("default", "birthday of Mia")).toBeUndefined();
});

it("does other actions too, and under a key sends once", async () => {
  const { bench, sent } = await program();
  const actor: Actor = { isOwner: true, files: { ...bench.turn().files!, folder } };
  const upload = { chatId: 7, buffer: "eA==", filename: "a.txt" };
  const act = (key?: string) => actForProgram(bench.actions, actor, "upload-file", upload, key);
  const first = act("k");
  await bench.settle({ state: "stored", guid: "S1" });
  expect(await first).toMatchObject({ MessageSidFull: "S1" });
  expect(await act("k")).toMatchObject({ MessageSidFull: "S1" });
  expect(await sent()).toBe(1);
  const another = act("another");
  await bench.settle({ state: "stored", guid: "S2" });
  expect(await another).toMatchObject({ MessageSidFull: "S2" });
  await expect(act("")).rejects.toMatchObject({ code: "ACTION_PARAMETERS" });
  await expect(actForProgram(bench.actions, actor, "edit", { chatId: 7 })).rejects.toMatchObject({
    code: "ACTION_PARAMETERS",
  });
});

it("does what sends nothing each time it is asked for, whatever its key (behaviour 17.10d)", async () => {
  const { bench, send } = await program();
  const actor: Actor = { isOwner: true, files: bench.turn().files! };
  const react = { chatId: 7, messageId: "GUID-40", emoji: "love" };
  for (const times of [1, 2]) {
    await actForProgram(bench.actions, actor, "react", react, "k");
    expect(bench.done).toHaveLength(times);
  }
  // Nor is the key another message's.
  const sending = send(hello, "k");
  await bench.settle({ state: "stored", guid: "S1" });
  expect(await sending).toMatchObject({ state: "stored" });
});
