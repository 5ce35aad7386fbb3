import { createHash } from "node:crypto";
import { type Actor, describeAction } from "../../actions/index.js";
import type { AgentTurn, HistoryTool, MessageTool, ScheduleTool, ToolRights } from "../../agents/index.js";

import { type Clock, err, TapbackError } from "../../platform/index.js";
import type { Store, Turn } from "../../store/index.js";
import type { TurnActions } from "../macs/macs.js";
import { scheduledIn } from "../schedule/of-conversation.js";
import type { TurnRights } from "./turn-rights.js";

/** More than this in one conversation is no reminder but a runaway. */
const mostScheduled = 100;

/** What the tools of a turn are made with. */
export interface ToolDeps {
  store: Store;
  clock: Clock;
  /** The actions of the turn's account; undefined when the account is not at work (any more). */
  actions: TurnActions | undefined;
  /** What the agent may send and where, and what of it has to wait for an owner's yes. */
  reach: Pick<Actor, "files" | "sendTo" | "holds">;
  history: HistoryTool | undefined;
  rights: TurnRights;
  /** Which tools the people of the turn leave its agent. */
  allowed: ToolRights;
  /** IANA name. */
  zone: string;
}

/** What an agent may do while its turn runs, bound to the conversation of that turn. */
export function toolsFor(turn: Turn, deps: ToolDeps): Pick<AgentTurn, "message" | "schedule" | "history"> {
  const { history, rights, allowed } = deps;
  return {
    message: messageTool(turn, deps),
    schedule: allowed.mayUse("schedule") ? scheduleTool(turn, deps) : deniedSchedule,
    history: history && allowed.mayUse("history") ? historyTool(history, rights) : undefined,
  };
}

function denied(tool: string): TapbackError {
  return new TapbackError("TOOL_DENIED", `the tool ${tool} is not for the people of this turn`);
}

async function refuseSchedule(): Promise<never> {
  throw denied("schedule");
}

/** What an agent has that may not schedule. */
const deniedSchedule: ScheduleTool = { add: refuseSchedule, list: refuseSchedule, cancel: refuseSchedule };

/** For whom the agent of a turn acts. @param reach what it may send and where, and what of it waits for a yes */
export function actorOf(turn: Turn, reach: ToolDeps["reach"]): Actor {
  const { chat, sender, scheduled } = turn.envelope;
  return {
    turnId: turn.id,
    run: turn.attempt,
    isOwner: sender.isOwner,
    ...(scheduled && { isScheduled: true }),
    ...reach,
    home: {
      target: turn.target,
      isGroup: chat.isGroup,
      identifier: chat.identifier || (chat.isGroup ? "" : sender.handle),
      ...(chat.chatId > 0 && { chat: { id: chat.chatId, guid: chat.guid } }),
    },
  };
}

function messageTool(turn: Turn, { store, actions, reach, rights, allowed }: ToolDeps): MessageTool {
  const actor = actorOf(turn, reach);
  const asked = new Map<string, number>();
  if (!allowed.mayUse("message"))
    return { act: async () => err(denied("message")), offered: () => [], begun: async () => [] };
  return {
    act: async (action, parameters) => {
      try {
        rights.act();
      } catch (error) {
        if (error instanceof TapbackError) return err(error);
        throw error;
      }
      if (!actions) return err(new TapbackError("ACCOUNT_STOPPED", "this account is not at work now"));
      const what = JSON.stringify([action, parameters]);
      const occasion = asked.get(what) ?? 0;
      asked.set(what, occasion + 1);
      return actions.act(actor, action, parameters, occasion);
    },
    begun: async () => {
      rights.check();
      const begun = await store.actions.ofTurn(turn.id);
      return begun.map(({ name: action, parameters, state }) => ({ action, parameters, state }));
    },
    offered: () =>
      (actions?.offers(actor) ?? []).flatMap(({ name, offered }) => (offered ? describeAction(name) : [])),
  };
}

function scheduleTool(turn: Turn, { store, clock, rights, zone }: ToolDeps): ScheduleTool {
  const { sessionKey, account, target, chatKey } = turn;
  const { chat, sender } = turn.envelope;
  let scheduled = 0;
  const mine = async () =>
    scheduledIn(await store.schedule.list(), { account, chatKeys: [chatKey], guid: chat.guid });
  return {
    add: async (dueAt, text, { repeat, turn: runsTurn } = {}) => {
      rights.act();
      // The same for the same turn, however often a crash makes it run.
      const id = createHash("sha256").update(`${turn.id} ${scheduled++}`).digest("hex").slice(0, 10);
      const { guid } = chat;
      const item = { target, chatKey, origin: "schedule" as const, text, ...(guid && { chatGuid: guid }) };
      const schedule = {
        ...{ id, account, sessionKey, dueAt, createdAt: clock.now(), item, runsTurn },
        repeat: repeat === undefined ? undefined : { cron: repeat, zone },
        maker: { ...sender, chat },
      };
      const by = { turnId: turn.id, run: turn.attempt };
      if (await store.schedule.add(schedule, { most: mostScheduled, by })) return id;
      throw new TapbackError("SCHEDULE_FULL", `${mostScheduled} things are scheduled here already`);
    },
    list: async () => {
      rights.check();
      return (await mine()).map(({ id, dueAt, item, repeat, runsTurn, maker }) => ({
        ...{ id, dueAt, text: item.text ?? "", repeat, turn: runsTurn },
        by: maker && (maker.name ?? maker.handle),
      }));
    },
    cancel: async (id) => {
      rights.act();
      return (await mine()).some((message) => message.id === id) ? store.schedule.cancel(id) : false;
    },
  };
}

function historyTool(history: HistoryTool, rights: TurnRights): HistoryTool {
  return {
    recent: async (limit) => {
      rights.check();
      return history.recent(limit);
    },
    search: async (query, limit) => {
      rights.check();
      return history.search(query, limit);
    },
  };
}
