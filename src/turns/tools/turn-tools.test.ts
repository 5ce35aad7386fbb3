import { describe, expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { directMessage } from "../../../test/support/message.js";
import { turnLabs } from "../../../test/support/turn-lab.js";
import type { Actor, MessageActions } from "../../actions/index.js";
import type { Bridge } from "../../bridge/index.js";
import { ok } from "../../platform/index.js";
import type { Turn } from "../../store/index.js";
import { ToolRules } from "../people/tool-rules.js";
import { historyOf } from "./history.js";
import { McpSessions } from "./mcp-sessions.js";
import { type ToolDeps, toolsFor } from "./tools.js";
import { TurnRights } from "./turn-rights.js";

const open = turnLabs();

/** The tools of turns over a real store. */
async function tooled() {
  const lab = open();
  const acts: { actor: Actor; action: string; occasion: number }[] = [];
  const actions = {
    act: async (actor: Actor, action: string, _parameters: object, occasion: number) => {
      acts.push({ actor, action, occasion });
      return ok({});
    },
    offers: (actor: Actor) => [
      { name: "send", offered: true, why: null },
      { name: "renameGroup", offered: actor.isOwner, why: null },
    ],
  } as unknown as MessageActions;
  const { store, clock } = lab;
  const files = { folder: "/out" } as ToolDeps["reach"]["files"];
  const toolsOf = (
    turn: Turn,
    { sendTo = [], ...more }: Partial<ToolDeps> & Pick<ToolDeps["reach"], "sendTo"> = {},
  ) =>
    toolsFor(turn, {
      ...{ store, clock, actions, history: undefined, rights: new TurnRights() },
      allowed: new ToolRules([]),
      reach: { files, sendTo },
      zone: "Europe/Berlin",
      ...more,
    });
  const turnIn = async (id: string, chatId = 7, account = "default") => {
    await lab.queue(id, { chatId, account, session: id });
    await store.turns.claim("node", 9, clock.now());
    return (await store.turns.get(id))!;
  };
  return { lab, acts, toolsOf, turnIn };
}

describe("what the people of a turn may use", () => {
  it("is all that is offered and done; every other tool refuses by name", async () => {
    const { acts, lab, toolsOf, turnIn } = await tooled();
    const turn = await turnIn("t");
    const history = { recent: async () => [], search: async () => [] };
    const {
      message,
      schedule,
      history: past,
    } = toolsOf(turn, {
      allowed: new ToolRules([{ deny: ["schedule", "message"] }, { allow: ["schedule", "message"] }]),
      history,
    });
    expect(message.offered()).toEqual([]);
    expect(await message.act("send", { text: "a" })).toMatchObject({ error: { code: "TOOL_DENIED" } });
    await expect(schedule.add(lab.clock.now() + 1000, "x")).rejects.toMatchObject({ code: "TOOL_DENIED" });
    await expect(schedule.list()).rejects.toMatchObject({ code: "TOOL_DENIED" });
    expect(past).toBeUndefined();
    expect(acts).toEqual([]);
    const neighbour = toolsOf(await turnIn("n", 8), { history });
    await neighbour.message.act("send", { text: "b" });
    expect(neighbour.history).toBeDefined();
    expect(acts).toHaveLength(1);
  });
});

describe("the actions of a turn", () => {
  it("are done as its own, with its conversation as the one that is meant", async () => {
    const { acts, toolsOf, turnIn } = await tooled();
    const turn = await turnIn("t");
    const sendTo = [{ kind: "chat_id" as const, chatId: 9 }];
    const { message } = toolsOf(turn, { sendTo });
    await message.act("send", { text: "a" });
    expect(acts).toEqual([
      {
        actor: {
          turnId: "t",
          run: 1,
          isOwner: false,
          files: { folder: "/out" },
          sendTo,
          home: {
            target: { kind: "chat_id", chatId: 7 },
            isGroup: false,
            identifier: "+15550100123",
            chat: { id: 7, guid: turn.envelope.chat.guid },
          },
        },
        action: "send",
        occasion: 0,
      },
    ]);
    // The same again is another occasion, and other words are another action.
    await message.act("send", { text: "a" });
    await message.act("send", { text: "b" });
    await message.act("react", { text: "a" });
    expect(acts.map(({ occasion }) => occasion)).toEqual([0, 1, 0, 0]);
    expect(message.offered().map(({ name }) => name)).toEqual(["send"]);
  });

  it("name a group by its identifier alone, and a person who has no chat yet by the handle", async () => {
    const { acts, toolsOf, turnIn } = await tooled();
    const turn = await turnIn("t");
    const at = (chat: object) => ({
      ...turn,
      envelope: { ...turn.envelope, chat: { ...turn.envelope.chat, ...chat } },
    });
    for (const chat of [
      { isGroup: true, identifier: "" },
      { identifier: "", chatId: 0 },
    ])
      await toolsOf(at(chat)).message.act("send", {});
    expect(acts.map(({ actor }) => [actor.home!.identifier, actor.home!.chat?.id])).toEqual([
      ["", 7],
      ["+15550100123", undefined],
    ]);
  });

  it("are refused where the account is not at work", async () => {
    const { toolsOf, turnIn } = await tooled();
    const { message } = toolsOf(await turnIn("t"), { actions: undefined });
    expect(await message.act("send", {})).toMatchObject({ ok: false, error: { code: "ACCOUNT_STOPPED" } });
    expect(message.offered()).toEqual([]);
  });
});

describe("the schedule of a turn", () => {
  it("keeps what is to come with all that its run needs", async () => {
    const { lab, toolsOf, turnIn } = await tooled();
    const turn = await turnIn("t");
    const { schedule } = toolsOf(turn);
    const once = await schedule.add(9_999_999_999_999, "later");
    const again = await schedule.add(9_999_999_999_998, "daily", { repeat: "0 9 * * *", turn: true });
    expect(once).not.toBe(again);
    const base = { target: { kind: "chat_id", chatId: 7 }, chatKey: "chat:7", origin: "schedule" };
    const { guid } = turn.envelope.chat;
    const stored = await lab.store.schedule.list();
    expect(stored.find(({ id }) => id === once)).toMatchObject({
      ...{
        id: once,
        account: "default",
        sessionKey: "t",
        dueAt: 9_999_999_999_999,
        createdAt: lab.clock.now(),
      },
      item: { ...base, text: "later", chatGuid: guid },
      maker: { handle: "+15550100123", isOwner: false, chat: turn.envelope.chat },
    });
    expect(stored.find(({ id }) => id === again)).toMatchObject({
      ...{ runsTurn: true, repeat: { cron: "0 9 * * *", zone: "Europe/Berlin" } },
    });
    expect(await schedule.list()).toEqual([
      {
        ...{ id: again, dueAt: 9_999_999_999_998, text: "daily", turn: true, by: "+15550100123" },
        repeat: { cron: "0 9 * * *", zone: "Europe/Berlin" },
      },
      expect.objectContaining({ id: once, text: "later", by: "+15550100123" }),
    ]);
  });

  it("is the same for a turn that runs again", async () => {
    const { lab, toolsOf, turnIn } = await tooled();
    const turn = await turnIn("t");
    const first = await toolsOf(turn).schedule.add(9_999_999_999_999, "later");
    expect(await toolsOf(turn).schedule.add(9_999_999_999_999, "later")).toBe(first);
    expect(await lab.store.schedule.list()).toHaveLength(1);
    const other = await toolsOf(await turnIn("t2")).schedule.add(9_999_999_999_999, "later");
    expect(other).not.toBe(first);
  });

  it("takes nothing more from the moment that somebody ended it (behaviour 21.3)", async () => {
    const { lab, toolsOf, turnIn } = await tooled();
    const [ended, neighbour] = [await turnIn("t"), await turnIn("n")];
    await lab.store.turns.requestCancel("t", lab.clock.now());
    const add = (turn: Turn) => toolsOf(turn).schedule.add(9_999_999_999_999, "later");
    await expect(add(ended)).rejects.toMatchObject({ code: "NO_TURN" });
    const id = await add(neighbour);
    expect(await lab.store.schedule.list()).toMatchObject([{ id }]);
  });

  it("shows and cancels what is of its conversation, and nothing of another chat or account", async () => {
    const { toolsOf, turnIn } = await tooled();
    const mine = toolsOf(await turnIn("mine")).schedule;
    const others = [
      toolsOf(await turnIn("chat", 8)).schedule,
      toolsOf(await turnIn("account", 7, "work")).schedule,
    ];
    const id = await mine.add(9_999_999_999_999, "mine");
    for (const other of others) {
      const theirs = await other.add(9_999_999_999_999, "theirs");
      expect((await other.list()).map(({ text }) => text)).toEqual(["theirs"]);
      expect(await mine.cancel(theirs)).toBe(false);
      expect(await other.cancel(id)).toBe(false);
    }
    expect((await mine.list()).map(({ text }) => text)).toEqual(["mine"]);
    expect(await mine.cancel("nobody")).toBe(false);
    expect(await mine.cancel(id)).toBe(true);
    expect(await mine.list()).toEqual([]);
    expect(await mine.cancel(id)).toBe(false);
  });

  it("takes a hundred things in one conversation, and no more", async () => {
    const { lab, toolsOf, turnIn } = await tooled();
    for (const id of ["t1", "t2"]) {
      const { schedule } = toolsOf(await turnIn(id));
      for (let n = 0; n < 50; n++) await schedule.add(9_999_999_999_999, `${n}`);
    }
    await expect(toolsOf(await turnIn("t3")).schedule.add(9_999_999_999_999, "x")).rejects.toMatchObject({
      code: "SCHEDULE_FULL",
    });
    expect(await lab.store.schedule.list()).toHaveLength(100);
    // Another conversation has room of its own.
    await toolsOf(await turnIn("other", 8)).schedule.add(9_999_999_999_999, "x");
  });
});

describe("the past of a conversation", () => {
  const turn = { account: "default", envelope: fakeTurn("x").envelope } as Turn;
  const { guid } = turn.envelope.chat;
  const rows = [
    directMessage({ text: "third, by us", fromMe: true, rowId: 3 }),
    directMessage({ text: "", rowId: 9 }),
    directMessage({
      text: "loved it",
      rowId: 8,
      tapback: { kind: "love", emoji: "", added: true, targetGuid: "G" },
    }),
    directMessage({ text: "Second Word", senderName: "Mia", rowId: 2 }),
    directMessage({ text: "first word", rowId: 1 }),
  ].map((row) => ({ ...row, chat: { ...row.chat, guid } }));
  const limits: number[] = [];
  const bridge = {
    history: async ({ limit }: { limit: number }) => {
      limits.push(limit);
      return rows;
    },
  } as unknown as Bridge;

  it("is shown oldest first, by name or handle, and without what is no message", async () => {
    const history = historyOf(turn, () => bridge, {} as never)!;
    expect(await history.recent(5)).toEqual([
      { sender: "+15550100123", text: "first word", sentAt: "2026-05-09T06:13:20.000Z" },
      { sender: "Mia", text: "Second Word", sentAt: "2026-05-09T06:13:20.000Z" },
      { sender: "me", text: "third, by us", sentAt: "2026-05-09T06:13:20.000Z" },
    ]);
    expect(limits).toEqual([5]);
  });

  it("is searched for every word, whatever its case, the newest ones", async () => {
    const history = historyOf(turn, () => bridge, {} as never)!;
    const found = async (query: string, limit = 9) =>
      (await history.search(query, limit)).map(({ text }) => text);
    expect(await found("WORD")).toEqual(["first word", "Second Word"]);
    expect(await found(" word  second ")).toEqual(["Second Word"]);
    expect(await found("word", 1)).toEqual(["Second Word"]);
    expect(await found("loved")).toEqual([]);
    expect(limits.at(-1)).toBe(2000);
  });

  it("is what the journal kept where Messages cannot be read, and there is none without a chat", async () => {
    const asked: object[] = [];
    const journal = {
      list: async (filter: object) => {
        asked.push(filter);
        return rows.map((row) => ({ row }));
      },
    };
    const failing = { history: () => Promise.reject(new Error("locked")) } as unknown as Bridge;
    const history = historyOf(turn, () => failing, { journal } as never)!;
    expect(await history.recent(5)).toHaveLength(3);
    expect(asked).toEqual([{ account: "default", chatId: 42, own: true, limit: 5 }]);
    const nowhere = { ...turn, envelope: { ...turn.envelope, chat: { ...turn.envelope.chat, chatId: 0 } } };
    expect(historyOf(nowhere, () => bridge, {} as never)).toBeUndefined();
  });
});

it("hands a server of its own program to agents, and none where there is none", () => {
  expect(new McpSessions("/state", undefined).begin(fakeTurn("x"))).toBeUndefined();
  const mcp = new McpSessions("/state", () => ({ command: "node", args: ["tapback.js"] }));
  const access = mcp.begin(fakeTurn("x"))!;
  expect(JSON.parse(access.actsFor)).toEqual(["default", "main", "chat_id:42", "guest", ""]);
  const [server] = access.open(true);
  expect(server).toEqual({
    type: "stdio",
    name: "tapback",
    command: "node",
    args: ["tapback.js", "mcp", "--session", "agent:main:main"],
    env: { TAPBACK_MCP_TOKEN: expect.stringMatching(/^[\w-]{43}$/), TAPBACK_STATE_DIR: "/state" },
  });
});
