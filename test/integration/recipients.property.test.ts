import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Bridge, SendRequest } from "../../src/bridge/index.js";
import { ChatCommands } from "../../src/commands/chat-commands.js";
import { commandRules, type GatewayControls, type SessionControls } from "../../src/commands/index.js";
import { parseConfig, resolveAccount } from "../../src/config/index.js";
import { chatKeyOf, parseTarget, type Target } from "../../src/conversation/index.js";
import { Intake, rulesFor } from "../../src/inbound/index.js";
import { MacClock } from "../../src/inbound/mac-clock.js";
import { Sender } from "../../src/outbound/index.js";
import { ok, systemClock } from "../../src/platform/index.js";
import { type Origin, openStore } from "../../src/store/index.js";
import { directMessage, groupMessage } from "../support/message.js";

const people = ["+15550100001", "+15550100002", "+15550100003"];
const owner = "+15550100009";
const group = 88;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const clock = systemClock;

const said = fc.record({
  who: fc.integer({ min: 0, max: 2 }),
  inGroup: fc.boolean(),
  text: fc.constantFrom("hi", "bot?", "STOP", "START", "/help", "/whoami", ""),
});
const rogue = fc.record({
  origin: fc.constantFrom<Origin>(
    "turn",
    "schedule",
    "command",
    "approval",
    "pairing",
    "owner-notice",
    "opt-out",
  ),
  to: fc.constantFrom<Target>(
    ...[1, 2, 3, 4, group].map((chatId): Target => ({ kind: "chat_id", chatId })),
    ...[...people, "+15550100004", owner].map(
      (handle): Target => ({ kind: "handle", handle, service: "auto" }),
    ),
  ),
});
const world = fc.record({
  dmPolicy: fc.constantFrom("pairing" as const, "allowlist" as const, "disabled" as const),
  groupPolicy: fc.constantFrom("open" as const, "allowlist" as const, "disabled" as const),
  listed: fc.subarray(people),
  stream: fc.array(said, { minLength: 1, maxLength: 14 }),
  rogues: fc.array(rogue, { minLength: 4, maxLength: 8 }),
});

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** Plays a world through the real intake, commands, store and sender; agents answer everything. */
async function play({ dmPolicy, groupPolicy, listed, stream, rogues }: World) {
  const folder = mkdtempSync(join(tmpdir(), "tapback-recipients-"));
  const store = openStore(join(folder, "state.db"));
  const { claim } = await store.accounts.claim("default", "node");
  const groups = { "*": { requireMention: false } };
  const imessage = { dmPolicy, groupPolicy, allowFrom: listed, groups };
  const parsed = await parseConfig(
    JSON.stringify({ channels: { imessage }, commands: { ownerAllowFrom: [owner] } }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const rules = rulesFor(config, resolveAccount(config, "default")!, commandRules);
  const sends: SendRequest[] = [];
  const bridge = {
    state: "live",
    chats: async () => [],
    history: async () => [],
    actions: { capabilities: () => undefined },
    send: async (request: SendRequest) => {
      sends.push(request);
      return { ok: true, value: { guid: `SENT-${sends.length}`, rowId: 10_000 + sends.length } };
    },
  } as unknown as Bridge;
  const sessions: SessionControls = {
    describe: async () => ({ type: "demo" }),
    running: async () => [],
    restart: async () => {},
    folder: () => undefined,
    hasProgram: () => false,
    modelFault: () => undefined,
  };
  const controls: GatewayControls = {
    verdictOf: async () => "fine",
    cancel: async () => [],
    reset: async () => {},
    answer: async () => false,
    vote: async () => false,
    liveSession: () => undefined,
    ...{ sessions, secrets: [] },
  };
  const commands = new ChatCommands({ store, clock, log: silent, config: () => config, controls });
  const deps = { store, bridge, claim, clock, mac: new MacClock(clock), log: silent };
  const intake = new Intake(deps, {
    rules: () => rules,
    absences: { missed: undefined, outages: () => [] },
    commands: { run: (entry, decision) => commands.run(claim, entry, decision, rules) },
    listener: {
      arrived: () => {},
      decided: () => {},
      opened: () => {},
      kept: () => {},
      missed: () => {},
      looping: () => {},
    },
  });
  const pace = { perChatPerMinute: 1000, perAccountPerHour: 1000, newConversationsPerDay: 1000 };
  const manners = { unansweredLimit: 0, firstMessage: "any" as const };
  const sender = new Sender({
    ...deps,
    random: () => 0.5,
    rules: {
      settings: () => ({
        owners: new Set([owner]),
        policy: rules.policy,
        region: "US",
        isNamed: () => false,
        seenAs: (chatId) =>
          chatId === group ? groupMessage({ chatId }).chat.guid : `iMessage;-;${people[chatId - 1]}`,
        ttlMs: 1e9,
        transport: "auto",
        service: "auto",
        pace,
        manners,
      }),
      fileOf: async ({ file }) => ok(file!),
    },
    listener: { settled: () => {}, held: () => {} },
  });
  await intake.start();
  await sender.start();
  for (const [index, { who, inGroup, text }] of stream.entries()) {
    const row = { rowId: index + 1, guid: `IN-${index}`, text, sentAt: Date.now() };
    const from = people[who]!;
    intake.receive(
      inGroup
        ? groupMessage({ ...row, from, chatId: group })
        : directMessage({ ...row, from, chat: { ...directMessage({ from }).chat, id: who + 1 } }),
    );
  }
  const settled = (done: () => Promise<boolean>) => vi.waitUntil(done, { timeout: 15_000, interval: 5 });
  await settled(
    async () =>
      (await store.journal.list({ limit: 100 })).length === stream.length &&
      (await store.journal.unfinished("default")).length === 0,
  );
  for (let turns = await store.turns.claim("node", 50, 1); turns.length > 0; ) {
    for (const { claim: held, turn } of turns) {
      const target = parseTarget(turn.envelope.chat.target);
      if (!target.ok) throw target.error;
      const reply = {
        target: target.value,
        chatKey: chatKeyOf(target.value),
        origin: "turn" as const,
        text: "re",
      };
      await store.turns.end(held, { outcome: "done", replies: [reply] }, Date.now(), false);
    }
    turns = await store.turns.claim("node", 50, 1);
  }
  for (const { origin, to } of rogues)
    await store.outbox.add(
      "default",
      { target: to, chatKey: chatKeyOf(to), origin, text: "rogue" },
      Date.now(),
    );
  await settled(async () => {
    const { pending, sending } = await store.outbox.counts("default");
    return pending + sending === 0;
  });
  await intake.stop();
  await sender.stop();
  const counts = await store.journal.counts("default");
  await store.close();
  rmSync(folder, { recursive: true });
  return { sends, counts };
}

describe("recipients", () => {
  it("are those whom the rules admit, whatever is asked to be sent; and every row has its outcome", async () => {
    expect(commandRules).toHaveProperty("whoami");
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const { dmPolicy, groupPolicy, listed, stream } = given;
        const { sends, counts } = await play(given);
        const wrote = (who: number, inGroup = false) =>
          stream.filter((one) => one.who === who && one.inGroup === inGroup && one.text !== "");
        for (const { target, text = "" } of sends) {
          if (target.kind === "handle" && target.handle === owner) continue;
          const who =
            target.kind === "handle"
              ? people.indexOf(target.handle)
              : target.kind === "chat_id"
                ? target.chatId - 1
                : -1;
          if (target.kind === "chat_id" && target.chatId === group) {
            // Somebody whom the group's rules let in wrote there.
            const admitted = people.some(
              (handle, index) =>
                wrote(index, true).length > 0 &&
                (groupPolicy === "open" || (groupPolicy === "allowlist" && listed.includes(handle))),
            );
            expect(admitted, JSON.stringify(sends)).toBe(true);
            continue;
          }
          const handle = people[who];
          // Only people who wrote, and whom the list admits; a stranger gets a code, or the answer to STOP and START.
          expect(handle !== undefined && wrote(who).length > 0, JSON.stringify(sends)).toBe(true);
          const isListed = dmPolicy !== "disabled" && listed.includes(handle!);
          const isOffered = dmPolicy === "pairing";
          expect(isListed || isOffered, JSON.stringify({ given, sends })).toBe(true);
          if (!isListed && text !== "rogue")
            expect(text).toMatch(/pairing code|no more messages|Welcome back/);
        }
        const total = counts.reduce((sum, { count }) => sum + count, 0);
        expect(total).toBe(stream.length);
        const kinds = new Set(["dispatch", "command", "pairing", "context", "drop"]);
        for (const { state, decision, reason } of counts) {
          expect(state).toBe("done");
          expect(kinds.has(decision)).toBe(true);
          if (decision !== "dispatch" && decision !== "command") expect(reason).not.toBe("");
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
