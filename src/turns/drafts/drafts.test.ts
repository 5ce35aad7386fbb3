import { describe, expect, it } from "vitest";
import { item } from "../../../test/contract/store/bench.js";
import { turnLabs } from "../../../test/support/turn-lab.js";
import type { DraftChat } from "../../actions/index.js";
import { parseConfig } from "../../config/index.js";
import type { ScheduledMessage, Turn, TurnEnd } from "../../store/index.js";
import { TurnAccounts } from "../accounts.js";
import { Drafts } from "./drafts.js";

const open = turnLabs();
const owner = "+15550100009";
const done: TurnEnd = { outcome: "done", replies: [item("hello")] };
const chatOf = (chatId: number, handle: string, more: Partial<DraftChat> = {}): DraftChat => ({
  ...{ target: { kind: "chat_id", chatId }, isGroup: false, handle, name: "Kim", ...more },
});

/** Turns of a guest, of an owner, and of an owner in a group. */
async function drafting(imessage: object = { review: "on" }, owners: string[] = [owner]) {
  const lab = open();
  const parsed = await parseConfig(
    JSON.stringify({ channels: { imessage }, commands: { ownerAllowFrom: [owner] } }),
    {},
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const accounts = new TurnAccounts(
    () => undefined,
    () => config,
  );
  const { store, clock, log } = lab;
  const drafts = new Drafts({
    ...{ store, clock, log, accounts, config: () => config, owners: async () => owners },
  });
  await lab.queue("guest", { session: "a" });
  await lab.queue("owner", { session: "b", chatId: 8, isOwner: true });
  await lab.queue("group", { session: "c", chatId: 9, isOwner: true, isGroup: true });
  const claimed = await store.turns.claim("node", 9, clock.now());
  const claimOf = (id: string) => claimed.find(({ turn }) => turn.id === id)!.claim;
  const [guest, own, group] = (await Promise.all(
    ["guest", "owner", "group"].map((id) => store.turns.get(id)),
  )) as [Turn, Turn, Turn];
  return { lab, store, drafts, guest, own, group, claimOf };
}

describe("an answer that waits for an owner's yes (behaviour 18.1)", () => {
  it("is that of every reviewed conversation but an owner's own", async () => {
    const held = async (imessage: object) => {
      const { drafts, guest, own, group } = await drafting(imessage);
      expect([guest, own, group].map((turn) => drafts.notesFor(turn).length > 0)).toEqual(
        [guest, own, group].map((turn) => drafts.holdsAnswerOf(turn)),
      );
      return [guest, own, group].map((turn) => drafts.holdsAnswerOf(turn));
    };
    expect(await held({ review: "on" })).toEqual([true, false, true]);
    expect(await held({ review: "off" })).toEqual([false, false, false]);
    expect(await held({ dms: { "+15550100123": { review: "on" } } })).toEqual([true, false, false]);
    expect(await held({ groups: { "9": { review: "on" } } })).toEqual([false, false, true]);
  });

  it("is shown to the owners whole, and sent to nobody", async () => {
    const { lab, drafts, guest, store } = await drafting({ review: "on", reviewExpireMinutes: 7 });
    const replies = [item("hello"), item("and more")];
    const end = await drafts.holdEnd(guest, { ...done, replies });
    const [draft] = await store.drafts.ofTurn("guest");
    expect(draft).toMatchObject({ state: "open", madeBy: "guest", to: "+15550100123", approves: false });
    expect(draft).not.toHaveProperty("forOwner");
    expect(end.replies).toEqual(replies.map((each) => ({ ...each, draft: draft!.id })));
    expect(end.holds).toMatchObject([{ id: draft!.id, expiresAt: lab.clock.now() + 7 * 60_000 }]);
    const { asked } = end.holds![0]!;
    expect(asked.map(({ chatKey }) => chatKey)).toEqual([`handle:${owner}`]);
    expect(asked[0]!.text).toMatch(/^To \+15550100123:\nhello\nand more\n1\. Send/);
    expect(end.tellNext).toMatch(/\w/);
    expect(lab.lines).toEqual([]);
  });

  it("waits where no owner can be asked, and the log says so", async () => {
    const { lab, drafts, guest } = await drafting({ review: "on" }, []);
    const end = await drafts.holdEnd(guest, done);
    expect(end.holds).toMatchObject([{ asked: [] }]);
    expect(lab.lines).toEqual([
      "warn: a draft waits, and there is no owner to ask (commands.ownerAllowFrom)",
    ]);
  });

  it("is none where nothing is to be held: another chat, no words, a turn that was stopped", async () => {
    const { drafts, guest, own, store } = await drafting();
    const silent: TurnEnd = { ...done, replies: [] };
    const cancelled: TurnEnd = { ...done, outcome: "cancelled" };
    expect(await drafts.holdEnd(own, done)).toBe(done);
    expect(await drafts.holdEnd(guest, silent)).toBe(silent);
    expect(await drafts.holdEnd(guest, cancelled)).toBe(cancelled);
    expect(await store.drafts.list({ limit: 9 })).toEqual([]);
  });

  it("holds what the turn drafted for others, and not the answer in a chat that nobody reviews", async () => {
    const { drafts, guest, store } = await drafting({ review: "off" });
    const id = (await drafts.holdAction(guest, chatOf(11, "+15550100777"), true))!;
    await store.outbox.add("default", { ...item("for Kim", 11), draft: id }, 1000);
    // One that came to nothing is not asked about.
    await drafts.holdAction(guest, chatOf(12, "+15550100778"), true);
    const end = await drafts.holdEnd(guest, { ...done, tellNext: "before" });
    expect(end.replies).toEqual(done.replies);
    expect(end.holds).toMatchObject([{ id, asked: [{ text: expect.stringMatching(/^To Kim: for Kim\n/) }] }]);
    expect(end.tellNext).toMatch(/^before\n\S/);
    expect(end.tellNext!.split("\n")).toHaveLength(2);
  });

  it("goes with what the turn did before in the same chat, as one draft", async () => {
    const { drafts, guest, store } = await drafting();
    const id = (await drafts.holdAction(guest, chatOf(7, "+15550100123"), false))!;
    await store.outbox.add("default", { ...item("first"), draft: id }, 1000);
    const end = await drafts.holdEnd(guest, done);
    expect(end.replies).toMatchObject([{ text: "hello", draft: id }]);
    expect(end.holds).toMatchObject([
      { id, asked: [{ text: expect.stringMatching(/:\nfirst\nhello\n1\. Send/) }] },
    ]);
  });
});

describe("an action that waits for an owner's yes (behaviour 18.1, 10.3a)", () => {
  it("is one in a reviewed chat, once for each chat, and none in an owner's", async () => {
    const { drafts, guest, own, store } = await drafting();
    const home = chatOf(7, "+15550100123", { name: "Mia" });
    const first = await drafts.holdAction(guest, home, false);
    expect(await drafts.holdAction(guest, home, false)).toBe(first);
    const other = await drafts.holdAction(guest, chatOf(11, "+15550100777"), false);
    expect(new Set([first, other]).size).toBe(2);
    expect(await store.drafts.get(other!)).toMatchObject({
      ...{ target: { kind: "chat_id", chatId: 11 }, chatKey: "chat:11", to: "Kim", approves: false },
    });
    expect(await drafts.holdAction(guest, chatOf(12, "+1 (555) 010-0009"), false)).toBeUndefined();
    expect(await drafts.holdAction(own, chatOf(8, "+15550100123"), false)).toBeUndefined();
    // Whose chat it is nobody knows, and a group that an owner is in is not the owner's.
    expect(await drafts.holdAction(guest, chatOf(13, ""), false)).toBeDefined();
    expect(await drafts.holdAction(guest, chatOf(14, owner, { isGroup: true }), false)).toBeDefined();
  });

  it("is one for somebody whom nobody let in, whatever is reviewed, for the owner who asked", async () => {
    const { drafts, own, guest, store } = await drafting({ review: "off" });
    const kim = chatOf(11, "+15550100777");
    expect(await drafts.holdAction(own, kim, false)).toBeUndefined();
    const id = await drafts.holdAction(own, kim, true);
    expect(await store.drafts.get(id!)).toMatchObject({ approves: true, forOwner: "+15550100123" });
    const other = await drafts.holdAction(guest, kim, true);
    expect(await store.drafts.get(other!)).not.toHaveProperty("forOwner");
  });

  it("is refused where its draft has ended already", async () => {
    const { drafts, guest, store, claimOf } = await drafting();
    const home = chatOf(7, "+15550100123");
    const id = (await drafts.holdAction(guest, home, false))!;
    await store.turns.end(claimOf("guest"), { outcome: "cancelled", replies: [] }, 1000, false);
    expect((await store.drafts.get(id))?.state).not.toBe("open");
    await expect(drafts.holdAction(guest, home, false)).rejects.toMatchObject({ code: "STOPPED" });
  });
});

describe("a scheduled text that waits for an owner's yes", () => {
  const scheduled = (maker?: Partial<NonNullable<ScheduledMessage["maker"]>>): ScheduledMessage => ({
    ...{ id: "s1", account: "default", sessionKey: "agent:main:main", dueAt: 5, createdAt: 1 },
    item: item("later"),
    ...(maker && {
      maker: {
        ...{ handle: "+15550100123", isOwner: false, chat: { isGroup: false, name: "" } as never },
        ...maker,
      },
    }),
  });

  it("is one for a reviewed conversation, whoever is known of it, and none for an owner's own", async () => {
    const { drafts, lab } = await drafting();
    const held = (await drafts.holdScheduled(scheduled({ name: "Mia" }), [item("later")]))!;
    const [draft] = await lab.store.drafts.list({ limit: 9 });
    expect(draft).toMatchObject({ madeBy: "schedule s1 5", agentId: "main", to: "Mia", approves: false });
    expect(held.items).toEqual([{ ...item("later"), draft: draft!.id }]);
    expect(held.holds).toMatchObject([
      { id: draft!.id, asked: [{ text: expect.stringContaining("later") }] },
    ]);
    const own = scheduled({ handle: owner, isOwner: true });
    expect(await drafts.holdScheduled(own, [item("later")])).toBeUndefined();
    const group = { isGroup: true, name: "Climbing" } as never;
    const inGroup = scheduled({ handle: owner, isOwner: true, chat: group });
    expect(await drafts.holdScheduled(inGroup, [item("later", 9)])).toBeDefined();
    // An older version did not keep who made it.
    expect(await drafts.holdScheduled(scheduled(), [item("later", 10)])).toBeDefined();
  });

  it("is one by whom the account's owners are when it falls due, not when it was made", async () => {
    const guest = "+15550100123";
    const isHeld = async (owners: string[], made: Parameters<typeof scheduled>[0]) => {
      const { drafts } = await drafting({ review: "on" }, owners);
      return (await drafts.holdScheduled(scheduled(made), [item("later")])) !== undefined;
    };
    expect(await isHeld([owner], { handle: guest, isOwner: true })).toBe(true);
    expect(await isHeld([owner, guest], { handle: "+1 (555) 010-0123", isOwner: false })).toBe(false);
    expect(await isHeld([owner, guest], { handle: "+15550100777", isOwner: false })).toBe(true);
  });

  it("is one by what holds for its person, or its group", async () => {
    const { drafts } = await drafting({
      ...{ dms: { "+15550100123": { review: "on" } }, groups: { "9": { review: "on" } } },
    });
    const isHeld = async (message: ScheduledMessage, chatId: number) =>
      (await drafts.holdScheduled(message, [item("later", chatId)])) !== undefined;
    const group = { isGroup: true, name: "" } as never;
    expect(await isHeld(scheduled({}), 7)).toBe(true);
    expect(await isHeld(scheduled({ handle: "+15550100777" }), 7)).toBe(false);
    expect(await isHeld(scheduled({ chat: group }), 9)).toBe(true);
    expect(await isHeld(scheduled({ chat: group }), 10)).toBe(false);
    expect(await isHeld(scheduled(), 7)).toBe(false);
  });
});
