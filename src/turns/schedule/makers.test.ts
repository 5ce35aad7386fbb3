import { afterEach, expect, it } from "vitest";
import { Bench } from "../../../test/contract/store/bench.js";
import { compilePolicy, type PolicySource } from "../../access/index.js";
import { openStore, type ScheduledMessage, type Store } from "../../store/index.js";
import type { TurnRules } from "../turn-rules.js";
import { MakersNow } from "./makers.js";

const bench = new Bench(openStore);
afterEach(() => bench.clear());

const mia = "+15550100123";
const boss = "+15550100009";
const chat = {
  ...{ target: "chat_id:7", chatId: 7, guid: `any;-;${mia}`, identifier: mia, name: "", isGroup: false },
  participants: [mia],
};
const group = {
  ...{ target: "chat_id:88", chatId: 88, guid: "any;+;chat88", identifier: "chat88", name: "Climbing" },
  ...{ isGroup: true, participants: [mia, boss] },
};

const made = (by: Partial<ScheduledMessage["maker"]> = {}, more: Partial<ScheduledMessage> = {}) => ({
  ...{ id: "s1", account: "default", sessionKey: "then", dueAt: 5000, createdAt: 1000 },
  item: { target: { kind: "chat_id", chatId: 7 }, chatKey: "chat:7", origin: "schedule", text: "on today?" },
  runsTurn: true,
  maker: { handle: mia, name: "Mia", isOwner: false, chat, ...by },
  ...more,
});

function makers(store: Store, source: Partial<PolicySource>): MakersNow {
  const policy = compilePolicy({ accountId: "default", ...source });
  const sessionOf: TurnRules["sessionOf"] = (row, bound) => ({
    agentId: bound?.agentId ?? "main",
    sessionKey: bound?.sessionKey ?? `now:${row.chat.id}:${row.sender}`,
    systemPrompt: "Be short.",
  });
  const rules = { policy, sessionOf } as TurnRules;
  return new MakersNow(store, { now: () => 6000 } as never, (id) =>
    id === "default" ? { rules } : undefined,
  );
}

const judge = (store: Store, source: Partial<PolicySource>, schedule = made(), newest = schedule.dueAt) =>
  makers(store, source).judge(schedule as ScheduledMessage, newest);

it("asks its agent as if its maker had written just now, in the session of now", async () => {
  const store = bench.store();
  const repeat = { cron: "0 7 * * MON-FRI", zone: "Europe/Berlin" };
  const verdict = await judge(store, { allowFrom: [mia] }, made({}, { repeat }));
  if (verdict.kind !== "runs") throw new Error(verdict.kind);
  const { turn } = verdict;
  expect(turn).toMatchObject({ account: "default", agentId: "main", sessionKey: `now:7:${mia}` });
  expect(turn?.envelope).toMatchObject({
    chat,
    sender: { handle: mia, name: "Mia", isOwner: false },
    messages: [{ guid: "", text: "on today?", sentAt: "1970-01-01T00:00:06.000Z" }],
    scheduled: { id: "s1", dueAt: "1970-01-01T00:00:05.000Z", repeat },
    coalescedMessageGuids: [],
    systemPrompt: "Be short.",
    text: "on today?",
  });
  expect(turn?.envelope.notes).toEqual([expect.stringContaining("Nobody wrote just now.")]);
});

it("tells its agent the time that it comes for, and where it comes once for several (behaviour 6.6b)", async () => {
  const store = bench.store();
  const repeat = { cron: "0 * * * *", zone: "Europe/Berlin" };
  const [missed, kept] = [made({}, { repeat }), made({}, { repeat, dueAt: 7_205_000 })];
  const told = async (schedule: typeof missed) => {
    const verdict = await judge(store, { allowFrom: [mia] }, schedule, 7_205_000);
    if (verdict.kind !== "runs") throw new Error(verdict.kind);
    expect(verdict.turn?.envelope.scheduled).toMatchObject({ dueAt: "1970-01-01T02:00:05.000Z" });
    return verdict.turn?.envelope.notes.join();
  };
  expect(await told(missed)).toMatch(
    /for 1970-01-01T02:00:05\.000Z with .* once for all the times since 1970-01-01T00:00:05\.000Z/,
  );
  expect(await told(kept)).not.toMatch(/once/);
});

it("runs in the session that its conversation was bound to meanwhile", async () => {
  const store = bench.store();
  const binding = {
    account: "default",
    chatKey: "chat:7",
    sessionKey: "bound",
    agentId: "codex",
    createdAt: 1,
  };
  await store.bindings.bind(binding, {});
  expect(await judge(store, { allowFrom: [mia] })).toMatchObject({
    turn: { agentId: "codex", sessionKey: "bound" },
  });
});

it("ends with the admission of its maker", async () => {
  const store = bench.store();
  expect(await judge(store, {})).toEqual({ kind: "ended" });
  await store.pairing.admit("default", mia, 1000);
  expect(await judge(store, {})).toMatchObject({ kind: "runs" });
  // An approval opens no group.
  expect(await judge(store, {}, made({ chat: group }))).toEqual({ kind: "ended" });
  expect(await judge(store, { groupAllowFrom: [mia] }, made({ chat: group }))).toMatchObject({
    kind: "runs",
  });
  expect(await judge(store, { dmPolicy: "disabled" })).toEqual({ kind: "ended" });
  await store.pairing.revoke("default", mia);
  for (const runsTurn of [true, false])
    expect(await judge(store, {}, { ...made(), runsTurn })).toEqual({ kind: "ended" });
});

it("waits where its account has ended since it was asked for: nobody knows whom it would let in", async () => {
  const store = bench.store();
  const gone = (more: Partial<ScheduledMessage> = {}) =>
    judge(store, { allowFrom: [mia] }, made({}, { account: "gone", ...more }));
  expect(await gone()).toEqual({ kind: "waits" });
  expect(await gone({ runsTurn: false, maker: undefined as never })).toEqual({ kind: "waits" });
  expect(await judge(store, { allowFrom: [mia] })).toMatchObject({ kind: "runs" });
});

it("is the owner's only while its maker is one, and never more than the turn that made it", async () => {
  const store = bench.store();
  const isOwner = async (was: boolean, source: Partial<PolicySource>) => {
    const verdict = await judge(store, { allowFrom: [mia, boss], ...source }, made({ isOwner: was }));
    return verdict.kind === "runs" && verdict.turn?.envelope.sender.isOwner;
  };
  const commands = { ownerAllowFrom: [mia] };
  expect(await isOwner(true, { commands })).toBe(true);
  expect(await isOwner(true, { commands: { ownerAllowFrom: [boss] } })).toBe(false);
  expect(await isOwner(false, { commands })).toBe(false);
});

it("is left out while its maker has said STOP in their own chat", async () => {
  const own = bench.store();
  const pairing = Object.assign(Object.create(own.pairing), { hasOptedOut: async () => true });
  const store: Store = Object.assign(Object.create(own), { pairing });
  expect(await judge(store, { allowFrom: [mia] })).toEqual({ kind: "stopped" });
  expect(await judge(store, { groupAllowFrom: [mia] }, made({ chat: group }))).toMatchObject({
    kind: "runs",
  });
});

it("leaves a message of an earlier version to the firewall", async () => {
  const store = bench.store();
  const { maker: _, ...old } = made();
  expect(await judge(store, {}, { ...old, runsTurn: false } as never)).toEqual({ kind: "runs" });
  expect(await judge(store, {}, old as never)).toEqual({ kind: "ended" });
});
