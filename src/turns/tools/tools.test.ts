import { expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import type { MessageActions } from "../../actions/index.js";
import { err, ok, type Result, TapbackError } from "../../platform/index.js";
import type { Store, Turn } from "../../store/index.js";
import { ToolRules } from "../people/tool-rules.js";
import { type ToolDeps, toolsFor } from "./tools.js";
import { maxActions, TurnRights } from "./turn-rights.js";

function open(rights: TurnRights) {
  const { envelope } = fakeTurn("hi");
  const turn = { id: "t", account: "default", sessionKey: "s", agentId: "main", envelope } as Turn;
  const acted: string[] = [];
  const actions = {
    act: async (_actor: unknown, action: string): Promise<Result<object, TapbackError>> => {
      acted.push(action);
      return action === "edit" ? err(new TapbackError("MESSAGE_NOT_OURS", "no")) : ok({});
    },
  } as unknown as MessageActions;
  const begun = {
    id: 1,
    account: "default",
    chat: "chat_id:7",
    name: "react",
    parameters: { emoji: "love" },
    state: "done",
  };
  const ofTurn = async (id: string) => (id === "t" ? [begun] : []);
  const store = {
    schedule: { list: () => [], add: async () => {} },
    actions: { ofTurn },
  } as unknown as Store;
  const history = { recent: async () => [], search: async () => [] };
  const deps = {
    store,
    clock: { now: () => 1 },
    actions,
    reach: { sendTo: [] },
    history,
    rights,
    allowed: new ToolRules([]),
  } as unknown as ToolDeps;
  return { acted, tools: toolsFor(turn, deps) };
}

const code = (done: Result<unknown, TapbackError>) => (done.ok ? "done" : done.error.code);

it("does so many actions in one turn, whatever came of them", async () => {
  const { tools, acted } = open(new TurnRights());
  for (let count = 0; count < maxActions; count++) await tools.message.act(count % 2 ? "send" : "edit", {});
  expect(code(await tools.message.act("send", {}))).toBe("TOO_MANY_ACTIONS");
  await expect(tools.schedule.add(2, "x")).rejects.toMatchObject({ code: "TOO_MANY_ACTIONS" });
  expect(acted).toHaveLength(100);
});

it("does nothing once the turn is over", async () => {
  const rights = new TurnRights();
  const { tools, acted } = open(rights);
  expect(code(await tools.message.act("send", {}))).toBe("done");
  const begun = [{ action: "react", parameters: { emoji: "love" }, state: "done" }];
  expect(await tools.message.begun()).toEqual(begun);
  rights.end();
  expect(code(await tools.message.act("send", {}))).toBe("NO_TURN");
  const gone = { code: "NO_TURN" };
  await expect(tools.schedule.add(2, "x")).rejects.toMatchObject(gone);
  await expect(tools.message.begun()).rejects.toMatchObject(gone);
  await expect(tools.schedule.list()).rejects.toMatchObject(gone);
  await expect(tools.schedule.cancel("x")).rejects.toMatchObject(gone);
  await expect(tools.history!.recent(1)).rejects.toMatchObject(gone);
  await expect(tools.history!.search("x", 1)).rejects.toMatchObject(gone);
  expect(acted).toEqual(["send"]);
});
