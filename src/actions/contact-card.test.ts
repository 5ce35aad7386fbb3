import { describe, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { directChat, directMessage } from "../../test/support/message.js";
import { compilePolicy } from "../access/index.js";
import { type ActionOutcome, BridgeError } from "../bridge/index.js";
import { TapbackError } from "../platform/index.js";
import type { ActionRecord, OutboxItem } from "../store/index.js";
import { ContactCard, type ContactCardDeps } from "./contact-card.js";

const mia = "+15550100123";
const chat = directChat(mia);
const policy = { accountId: "default", dmPolicy: "open", allowFrom: ["*"] } as const;
const gone = (disposition: "unknown" | "not_sent") =>
  new BridgeError("BRIDGE_TIMEOUT", "the helper does not answer", { disposition });

const now = 100_000_000;
const day = 24 * 60 * 60_000;

/** One chat with Mia, whose turns have one answer each, and a Mac that does what the test has it do. */
function shared() {
  const records: ActionRecord[] = [];
  const calls: string[] = [];
  const lab = {
    offers: { state: "done", facts: { offers: true } } as ActionOutcome<{ offers: boolean }>,
    share: async (): Promise<ActionOutcome> => ({ state: "done", facts: {} }),
    seenAs: (): string | undefined => chat.guid,
    chats: async () => [chat],
    isOn: true,
    /** Every part of the answer. */
    parts: ["stored"],
    /** The place of the first of them. */
    firstOrdinal: 0,
    turn: "done",
    where: chat,
    can: (_ability: string) => true,
    /** When it was first written in these conversations. */
    writtenAt: {} as Record<string, number>,
  };
  const item = { origin: "turn", chatKey: "chat:7", target: { kind: "chat_id", chatId: 7 } };
  const store = {
    turns: {
      get: async (id: string) => ({
        id,
        state: lab.turn,
        envelope: { chat: { ...lab.where, chatId: chat.id }, sender: { handle: mia } },
        target: { kind: "chat_id", chatId: chat.id },
      }),
    },
    outbox: {
      ofTurn: async (turnId: string) =>
        lab.parts.map((state, index) => ({ ...item, turnId, state, ordinal: lab.firstOrdinal + index })),
      hasWrittenUntil: async (_: string, keys: string[], until: number) =>
        keys.some((key) => (lab.writtenAt[key] ?? Number.POSITIVE_INFINITY) <= until),
    },
    pairing: { owners: async () => [], hasOptedOut: async () => false, isApproved: async () => false },
    journal: {
      directSender: async () => mia,
      lastWritten: async () => ({ row: directMessage({ from: mia }) }),
    },
    actions: {
      inChat: async () => [...records],
      begin: async (action: Pick<ActionRecord, "turnId" | "name">) => {
        const id = records.length;
        records.push({ ...action, id, state: "running" } as ActionRecord);
        return { id, items: [] };
      },
      end: async (id: number, end: Partial<ActionRecord>) => void Object.assign(records[id]!, end),
    },
  };
  const actions = {
    support: async (ability: string) => ({ supported: lab.can(ability) }),
    offersContact: async () => {
      calls.push("offers");
      return lab.offers;
    },
    shareContact: () => {
      calls.push("share");
      return lab.share();
    },
  };
  const card = new ContactCard({
    ...{ account: "default", store, clock: new FakeClock(now), log: rememberingLog().log },
    bridge: { actions, chats: () => lab.chats() },
    settings: () => ({
      contactCard: lab.isOn,
      ...{ owners: new Set(), region: "US", policy: compilePolicy(policy), isNamed: () => false },
      seenAs: () => lab.seenAs(),
    }),
  } as unknown as ContactCardDeps);
  const answer = (turnId: string, change: Partial<OutboxItem> = {}) =>
    card.answered({
      ...{ ...item, turnId },
      ...change,
    } as OutboxItem);
  const states = () => records.map(({ state, error }) => error?.code ?? state);
  return { lab, calls, card, answer, states };
}

describe("a contact card (behaviour 18.7a)", () => {
  it("goes once, however many answers come to their end at the same time", async () => {
    const { answer, calls, states } = shared();
    await Promise.all([answer("t1"), answer("t1"), answer("t2")]);
    expect(calls).toEqual(["offers", "share"]);
    expect(states()).toEqual(["done"]);
  });

  it("is noted before Messages is asked to share it", async () => {
    const { answer, lab, states } = shared();
    let during: string[] = [];
    lab.share = async () => {
      during = states();
      return { state: "done", facts: {} };
    };
    await answer("t1");
    expect(during).toEqual(["running"]);
  });

  it("is tried with the next answer where it surely did not go, and not where that is in doubt", async () => {
    const { answer, calls, lab, states } = shared();
    lab.offers = { state: "failed", error: gone("unknown") };
    await answer("t1");
    lab.offers = { state: "done", facts: { offers: true } };
    lab.share = async () => ({ state: "failed", error: gone("not_sent") });
    await answer("t2");
    lab.share = async () => ({ state: "failed", error: gone("unknown") });
    await answer("t3");
    await answer("t4");
    expect(calls).toEqual(["offers", "offers", "share", "offers", "share"]);
    expect(states()).toEqual(["BRIDGE_TIMEOUT", "BRIDGE_TIMEOUT", "BRIDGE_TIMEOUT"]);
  });

  it("goes to nobody whose chat is another one by now, or cannot be looked up", async () => {
    const { answer, calls, lab, states } = shared();
    lab.seenAs = () => "iMessage;-;+15550100777";
    await answer("t1");
    lab.seenAs = () => undefined;
    lab.chats = () => Promise.reject(new TapbackError("CHILD_DOWN", "imsg is not running"));
    await answer("t2");
    expect(calls).toEqual([]);
    expect(states()).toEqual(["RECIPIENT_REFUSED", "CHILD_DOWN"]);
  });

  it("goes with nothing that an agent writes of its own accord, a command answers, or an owner said yes to", async () => {
    const { answer, calls } = shared();
    await answer("t1", { initiative: "agent" });
    await answer("t1", { origin: "command" });
    await answer("t1", { draft: "k7ab" });
    await answer("t1", { target: { kind: "chat_id", chatId: 8 } });
    await answer("t1", { target: { kind: "handle", handle: mia, service: "auto" } });
    expect(calls).toEqual([]);
  });

  it("waits until every part of the answer is in Messages", async () => {
    const { answer, calls, lab } = shared();
    for (const state of ["pending", "sending"]) {
      lab.parts = ["stored", state];
      await answer("t1");
      expect(calls, state).toEqual([]);
    }
    lab.parts = ["stored", "delivered", "not_sent", "unknown"];
    await answer("t1");
    expect(calls).toEqual(["offers", "share"]);
  });

  it("waits for the end of its turn, and goes then where the answer is there already", async () => {
    for (const state of ["queued", "running"]) {
      const { answer, calls, card, lab } = shared();
      lab.turn = state;
      await answer("t1");
      await card.turnEnded("t1");
      expect(calls, state).toEqual([]);
      lab.turn = "done";
      lab.parts = ["stored", "sending"];
      await card.turnEnded("t1");
      expect(calls, state).toEqual([]);
      lab.parts = ["stored", "stored"];
      await Promise.all([card.turnEnded("t1"), answer("t1")]);
      expect(calls, state).toEqual(["offers", "share"]);
    }
  });

  it("goes with no words for who waits alone, and with the answer after them", async () => {
    const { answer, calls, card, lab } = shared();
    lab.firstOrdinal = -1;
    lab.parts = ["stored", "not_sent"];
    await answer("t1", { ordinal: -1 });
    await card.turnEnded("t1");
    expect(calls).toEqual([]);
    lab.parts = ["stored", "delivered"];
    await card.turnEnded("t1");
    expect(calls).toEqual(["offers", "share"]);
  });

  it("goes where the conversation is new: nothing was written there a day ago, by its number or to the person", async () => {
    for (const key of ["chat:7", `handle:${mia}`]) {
      const { answer, calls, lab } = shared();
      lab.writtenAt[key] = now - day;
      await answer("t1");
      expect(calls, key).toEqual([]);
      lab.writtenAt = { [key]: now - day + 1, "chat:8": 1 };
      await answer("t1");
      expect(calls, key).toEqual(["offers", "share"]);
    }
  });

  it.each([
    ["a group", { guid: "iMessage;+;chat64", identifier: "chat64", isGroup: true, participants: [mia, "b"] }],
    ["a chat over SMS", directChat(mia, "SMS")],
    ["a chat over RCS", directChat(mia, "RCS")],
    ["a chat that nobody can name", { guid: "" }],
  ])("does not go into %s", async (_, change) => {
    const { answer, calls, lab, states } = shared();
    lab.where = { ...chat, ...change };
    await answer("t1");
    expect(calls).toEqual([]);
    expect(states()).toEqual([]);
  });

  it("is not asked for where it is off, or this Mac cannot", async () => {
    for (const missing of ["offersContact", "shareContact"]) {
      const { answer, calls, lab, states } = shared();
      lab.can = (ability) => ability !== missing;
      await answer("t1");
      expect([calls, states()], missing).toEqual([[], []]);
    }
    const { answer, calls, lab } = shared();
    lab.isOn = false;
    await answer("t1");
    expect(calls).toEqual([]);
    lab.isOn = true;
    await answer("t1");
    expect(calls).toEqual(["offers", "share"]);
  });

  it("is tried with three answers at most, and not twice with one", async () => {
    const { answer, calls, lab, states } = shared();
    lab.offers = { state: "done", facts: { offers: false } };
    for (const turn of ["t1", "t1", "t2", "t3", "t4"]) await answer(turn);
    expect(calls).toEqual(["offers", "offers", "offers"]);
    expect(states()).toEqual(["ACTION_UNAVAILABLE", "ACTION_UNAVAILABLE", "ACTION_UNAVAILABLE"]);
  });

  it("is not begun by an account that stops, which waits for the one under way", async () => {
    const { answer, calls, card, lab, states } = shared();
    const stopped: Promise<void>[] = [];
    lab.share = async () => {
      stopped.push(card.stop(), answer("t2"));
      return { state: "failed", error: gone("not_sent") };
    };
    await answer("t1");
    await Promise.all(stopped);
    await answer("t3");
    expect(calls).toEqual(["offers", "share"]);
    expect(states()).toEqual(["BRIDGE_TIMEOUT"]);
  });
});
