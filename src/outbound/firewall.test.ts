import { describe, expect, it } from "vitest";
import { Bench, dispatch, drop, row } from "../../test/contract/store/bench.js";
import { groupChat } from "../../test/support/message.js";
import { chatOf } from "../../test/support/send-bench.js";
import { storeWith } from "../../test/support/store-with.js";
import { compilePolicy, type PolicySource } from "../access/index.js";
import type { Chat, Decision, Target } from "../conversation/index.js";
import { type Draft, type Origin, openStore } from "../store/index.js";
import { checkRecipient, type FirewallFacts, isOwnerOrNamed } from "./firewall.js";
import { sendNotice } from "./notices/texts.js";
import { withReader } from "./reader.js";

const stores = new Bench(openStore);
const mia = "+15550100123";
const ben = "+15550100456";
const owner = "+15550100001";
const chat = (chatId: number): Target => ({ kind: "chat_id", chatId });
const to = (handle: string): Target => ({ kind: "handle", handle, service: "auto" });

/** Mia wrote in chat 7 and was let in, Ben in chat 8 and was not. */
async function world(source: Partial<PolicySource> = { dmPolicy: "allowlist", allowFrom: [mia] }) {
  const { store, claim } = await stores.claimed();
  const wrote = async (rowId: number, where: Chat, sender: string, decision: Decision) => {
    const [id] = await store.journal.admit(claim, [row(rowId, { chat: where, sender })], "live", 1000);
    await store.journal.decide(claim, id!, decision, 1000);
    return id!;
  };
  await wrote(1, chatOf(7, mia), mia, dispatch);
  await wrote(2, chatOf(8, ben), ben, drop);
  const facts: FirewallFacts = {
    ...{ owners: new Set([owner]), region: "US", isNamed: () => false },
    policy: compilePolicy({ accountId: "default", ...source }),
  };
  const may = async (origin: Origin, target: Target, change: Partial<FirewallFacts> = {}) => {
    const item = { account: "default", target, chatKey: "k", origin, createdAt: 2000 };
    const refused = await checkRecipient(item, store, { ...facts, ...change });
    if (refused) expect(refused.code).toBe("RECIPIENT_REFUSED");
    return refused === undefined;
  };
  return { store, claim, facts, may, wrote };
}

describe("the recipient firewall (behaviour 10.3)", () => {
  it.each(["turn", "command", "schedule"] as const)(
    "lets a %s write where the gates admit today",
    async (origin) => {
      const { may } = await world();
      expect(await may(origin, chat(7))).toBe(true);
      expect(await may(origin, to(mia))).toBe(true);
      expect(await may(origin, chat(8))).toBe(false);
      expect(await may(origin, to(ben))).toBe(false);
      expect(await may(origin, chat(99))).toBe(false);
      expect(await may(origin, { kind: "chat_guid", guid: "iMessage;-;+15550100123" })).toBe(false);
      // Having been let in once is no right.
      const policy = compilePolicy({ accountId: "default", dmPolicy: "disabled" });
      expect(await may(origin, chat(7), { policy })).toBe(false);
    },
  );

  it("lets a turn write to an owner and to whom the configuration names, and nobody else do that", async () => {
    const { may, facts } = await world();
    const isNamed = (target: Target) => target.kind === "chat_id" && target.chatId === 99;
    expect(await may("turn", to(owner))).toBe(true);
    expect(await may("turn", chat(99), { isNamed })).toBe(true);
    expect(await may("turn", chat(98), { isNamed })).toBe(false);
    expect(await may("command", chat(99), { isNamed })).toBe(false);
    expect(await may("schedule", chat(99), { isNamed })).toBe(false);
    expect(isOwnerOrNamed(to("(555) 010-0001"), facts)).toBe(true);
    expect(isOwnerOrNamed(chat(7), facts)).toBe(false);
  });

  it("lets a notice go to owners alone, those of pairing among them", async () => {
    const { may } = await world();
    expect(await may("owner-notice", to(owner))).toBe(true);
    expect(await may("owner-notice", to(mia))).toBe(false);
    expect(await may("owner-notice", chat(7))).toBe(false);
  });

  it("lets nothing go of a kind that it does not know, as a state of a newer release may have it", async () => {
    const { may } = await world({ dmPolicy: "open", allowFrom: ["*"] });
    expect(await may("greeting" as never, to(mia))).toBe(false);
    expect(await may("" as never, chat(7))).toBe(false);
  });

  it("counts the owners that pairing made, each in their own account", async () => {
    const { store, facts } = await world();
    const owners = async (account: string) => (account === "default" ? [ben] : []);
    const paired = storeWith(store, { pairing: { owners } });
    const told = async (account: string, handle: string) => {
      const item = {
        account,
        target: to(handle),
        chatKey: "k",
        origin: "owner-notice" as const,
        createdAt: 1,
      };
      return (await checkRecipient(item, paired, facts)) === undefined;
    };
    expect(await told("default", ben)).toBe(true);
    expect(await told("default", owner)).toBe(true);
    expect(await told("default", mia)).toBe(false);
    expect(await told("other", ben)).toBe(false);
    expect(await told("other", owner)).toBe(true);
  });

  it("lets go what an owner said yes to, by the very draft, and to nobody who said STOP", async () => {
    const { store, facts } = await world();
    const draft = { state: "sent", approves: true, account: "default", chatKey: "k" };
    const may = async (change: object, id = "k7", stopped = false) => {
      const asked = storeWith(store, {
        drafts: { get: async (given) => (given === "k7" ? ({ ...draft, ...change } as Draft) : undefined) },
        pairing: { hasOptedOut: async () => stopped },
      });
      const item = { account: "default", target: to(ben), chatKey: "k", createdAt: 2000 };
      const refused = await checkRecipient({ ...item, draft: id, origin: "approved-draft" }, asked, facts);
      return refused === undefined;
    };
    expect(await may({})).toBe(true);
    for (const change of [
      { state: "held" },
      { approves: false },
      { account: "other" },
      { chatKey: "chat:7" },
    ])
      expect(await may(change), JSON.stringify(change)).toBe(false);
    expect(await may({}, "k8")).toBe(false);
    expect(await may({}, "k7", true)).toBe(false);
    const plain = { account: "default", target: to(ben), chatKey: "k", createdAt: 2000 };
    expect(await checkRecipient({ ...plain, origin: "approved-draft" }, store, facts)).toBeDefined();
  });

  it("lets a person at the command line write to anybody but who said STOP", async () => {
    const { may, store, claim, wrote } = await world();
    expect(await may("person", to(ben))).toBe(true);
    expect(await may("person", chat(99))).toBe(true);
    const stop = await wrote(3, chatOf(8, ben), ben, {
      ...{ kind: "command", name: "opt-out", isOwner: false, gates: [], treatedAs: "direct" },
    });
    await store.journal.complete(claim, stop, { replies: [], optOut: { handle: ben, value: true } }, 1000);
    // A row of the system, which has no handle, is ben's chat still (protocol reference 9.7).
    await wrote(4, chatOf(8, ben), "me@example.com", { ...drop, reason: "empty" });
    for (const target of [to(ben), chat(8), { kind: "chat_guid", guid: `iMessage;-;${ben}` } as const])
      expect(await may("person", target), JSON.stringify(target)).toBe(false);
    expect(await may("person", to(mia))).toBe(true);
    expect(await may("person", chat(7))).toBe(true);
  });

  it("lets a code go to who asked for it, while that is open, and to no other chat", async () => {
    const { may, store, claim } = await world({ dmPolicy: "pairing", allowFrom: [] });
    const [id] = await store.journal.admit(
      claim,
      [row(9, { chat: chatOf(8, ben), sender: ben })],
      "live",
      1000,
    );
    const request = { handle: ben, code: "ABCD", requestedAt: 1000, expiresAt: 5000, chatId: 8, text: "hi" };
    const reply = { target: chat(8), chatKey: "chat:8", origin: "pairing" as const, text: "code" };
    const decision = { ...drop, kind: "pairing" as const, reason: "pairing_offered" as const, offer: true };
    await store.journal.offerPairing(claim, { id: id!, decision, request, reply, most: 9 }, 1000);
    // Somebody else who asked too changes nothing of it.
    const zoe = "+15550100888";
    const [other] = await store.journal.admit(
      claim,
      [row(10, { chat: chatOf(12, zoe), sender: zoe })],
      "live",
      1000,
    );
    const theirs = { ...request, handle: zoe, code: "EFGH", chatId: 12 };
    const told = { ...reply, target: chat(12), chatKey: "chat:12" };
    await store.journal.offerPairing(
      claim,
      { id: other!, decision, request: theirs, reply: told, most: 9 },
      1000,
    );
    for (const asked of [chat(8), to(ben), chat(12), to(zoe)])
      expect(await may("pairing", asked), JSON.stringify(asked)).toBe(true);
    expect(await may("pairing", { kind: "chat_guid", guid: `iMessage;-;${ben}` })).toBe(false);
    expect(await may("pairing", chat(7))).toBe(false);
    expect(await may("pairing", to(mia))).toBe(false);
    const policy = compilePolicy({ accountId: "default", dmPolicy: "disabled" });
    expect(await may("pairing", chat(8), { policy })).toBe(false);
    // The word of an approval goes to who is approved.
    expect(await may("approval", to(ben))).toBe(false);
    expect(await may("approval", chat(8))).toBe(false);
    await store.pairing.admit("default", ben, 1500);
    expect(await may("approval", to(ben))).toBe(true);
    expect(await may("approval", to(mia))).toBe(false);
    expect(await may("approval", { kind: "chat_guid", guid: "g" })).toBe(false);
  });
});

describe("who reads a chat that nobody wrote in", () => {
  const chats = [chatOf(9, "+15550100777"), groupChat(88)];

  async function readerOf(origin: Origin, chatId: number, optedOut = false) {
    const { store, claim, wrote } = await world();
    if (optedOut) {
      const stop = await wrote(3, chatOf(8, ben), ben, {
        ...{ kind: "command", name: "opt-out", isOwner: false, gates: [], treatedAs: "direct" },
      });
      await store.journal.complete(claim, stop, { replies: [], optOut: { handle: ben, value: true } }, 1000);
    }
    let asked = 0;
    const item = { account: "default", target: chat(chatId), chatKey: "k", origin, createdAt: 1 };
    const known = await withReader(item, store, async () => {
      asked++;
      return chats;
    });
    return {
      asked,
      known: known.ok ? ((known.value as { handle?: string }).handle ?? "nobody") : known.error.code,
    };
  }

  it("is asked of Messages only where it decides", async () => {
    expect(await readerOf("turn", 9)).toEqual({ asked: 1, known: "+15550100777" });
    await stores.clear();
    expect(await readerOf("turn", 7)).toEqual({ asked: 0, known: "nobody" });
    await stores.clear();
    expect(await readerOf("turn", 88)).toEqual({ asked: 1, known: "nobody" });
    await stores.clear();
    expect(await readerOf("turn", 99)).toEqual({ asked: 1, known: "nobody" });
    await stores.clear();
    expect(await readerOf("owner-notice", 9)).toEqual({ asked: 0, known: "nobody" });
    await stores.clear();
    expect(await readerOf("person", 9)).toEqual({ asked: 0, known: "nobody" });
    await stores.clear();
    expect(await readerOf("person", 9, true)).toEqual({ asked: 1, known: "+15550100777" });
    await stores.clear();
    expect(await readerOf("person", 99, true)).toEqual({ asked: 1, known: "RECIPIENT_REFUSED" });
    await stores.clear();
    expect(await readerOf("person", 7, true)).toEqual({ asked: 0, known: "nobody" });
  });
});

describe("what an owner is told of a send", () => {
  const item = { id: 5, origin: "turn", target: chat(7) } as never;
  const error = (code: string) => ({ code: code as never, message: "why" });

  it.each([
    [
      { state: "unknown", error: error("OUTCOME_UNKNOWN") },
      "send_unknown",
      "5",
      /not known: why.*message status 5/,
    ],
    [
      { state: "not_sent", error: error("RECIPIENT_REFUSED") },
      "send_refused",
      undefined,
      /to chat_id:7 was refused: why\./,
    ],
    [
      { state: "not_sent", error: error("EXPIRED") },
      "send_failed",
      "EXPIRED",
      /was not sent: why \(EXPIRED\)\./,
    ],
  ] as const)("%j", (outcome, kind, cause, text) => {
    expect(sendNotice(item, outcome)).toMatchObject({ kind, text: expect.stringMatching(text) });
    expect(sendNotice(item, outcome)!.cause).toBe(cause);
    // Of a notice that failed there is none.
    expect(sendNotice({ ...(item as object), origin: "owner-notice" } as never, outcome)).toBeUndefined();
  });

  it("is nothing where all went well, or goes on", () => {
    for (const outcome of [
      { state: "stored" },
      { state: "accepted" },
      { state: "retry", dueAt: 1, error: error("X") },
    ])
      expect(sendNotice(item, outcome as never)).toBeUndefined();
  });
});
