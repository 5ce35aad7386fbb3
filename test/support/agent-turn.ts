import { type ActionName, describeAction } from "../../src/actions/index.js";
import type { Agent, AgentEvent, AgentTurn, AskedChoice } from "../../src/agents/index.js";
import type { Envelope, EnvelopeMessage } from "../../src/conversation/index.js";
import { err, ok, TapbackError } from "../../src/platform/index.js";

/** A turn as a gateway would give it, with everything that its tools were asked for. */
export interface FakeTurn extends AgentTurn {
  acted: { action: string; parameters: Record<string, unknown> }[];
  scheduled: { id: string; dueAt: number; text: string; repeat?: string; turn?: boolean }[];
  asked: AskedChoice[];
}

export interface FakeTurnOptions {
  session?: unknown;
  attempt?: number;
  now?: number;
  offered?: ActionName[];
  failAction?: string;
  scheduled?: FakeTurn["scheduled"];
  envelope?: Partial<Envelope>;
  temporaryFolder?: string;
}

let turns = 0;

export function fakeMessage(text: string, more: Partial<EnvelopeMessage> = {}): EnvelopeMessage {
  return {
    sid: "7k",
    guid: "1AF5B9B8-0000-4000-8000-000000000001",
    rowId: 5013,
    text,
    sentAt: "2026-05-09T06:14:02.318Z",
    attachments: [],
    ...more,
  };
}

/** One turn that carries a text. */
export function fakeTurn(text: string, options: FakeTurnOptions = {}): FakeTurn {
  turns += 1;
  const acted: FakeTurn["acted"] = [];
  const scheduled = options.scheduled ?? [];
  const asked: AskedChoice[] = [];
  return {
    envelope: {
      version: 1,
      turnId: `turn-${turns}`,
      sessionKey: "agent:main:main",
      agentId: "main",
      channel: "imessage",
      accountId: "default",
      chat: {
        target: "chat_id:42",
        chatId: 42,
        guid: "iMessage;-;+15550100123",
        identifier: "+15550100123",
        name: "",
        isGroup: false,
        participants: ["+15550100123"],
      },
      sender: { handle: "+15550100123", name: "Mia Wong", isOwner: false },
      messages: [fakeMessage(text)],
      coalescedMessageGuids: [],
      context: [],
      notes: [],
      text,
      ...options.envelope,
    },
    attempt: options.attempt ?? 1,
    session: options.session,
    rights: { mayUse: () => true, key: "" },
    acted,
    scheduled,
    asked,
    ask: {
      ask: async (question) => {
        asked.push(question);
        return { choice: question.options[0]!, number: 1, by: "+15550100123" };
      },
    },
    message: {
      begun: async () => [],
      offered: () => (options.offered ?? []).map(describeAction),
      act: async (action, parameters) => {
        acted.push({ action, parameters });
        return options.failAction === action
          ? err(new TapbackError("BRIDGE_UNAVAILABLE", "secret cause", { hint: "Run `imsg launch`." }))
          : ok({ guid: "A1" });
      },
    },
    schedule: {
      add: async (dueAt, what, { repeat, turn } = {}) => {
        scheduled.push({
          ...{ id: `s${scheduled.length + 1}`, dueAt, text: what },
          ...(repeat !== undefined && { repeat }),
          ...(turn && { turn }),
        });
        return `s${scheduled.length}`;
      },
      list: async () =>
        scheduled.map(({ repeat, ...entry }) => ({
          ...entry,
          ...(repeat !== undefined && { repeat: { cron: repeat, zone: "UTC" } }),
        })),
      cancel: async (id) => {
        const index = scheduled.findIndex((item) => item.id === id);
        if (index >= 0) scheduled.splice(index, 1);
        return index >= 0;
      },
    },
    ...(options.temporaryFolder === undefined ? {} : { temporaryFolder: options.temporaryFolder }),
    zone: "UTC",
    now: () => options.now ?? Date.UTC(2026, 4, 9, 6, 14, 2),
  };
}

/** What a turn came to. */
export interface Ran {
  events: AgentEvent[];
  /** Text blocks, joined by a blank line. */
  text: string;
  media: string[];
  notes: string[];
  /** The session as the store would keep it. */
  session: unknown;
}

/** Runs a turn to its end. @throws what the agent threw */
export async function runTurn(
  agent: Agent,
  turn: AgentTurn,
  signal: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const events: AgentEvent[] = [];
  for await (const event of agent.run(turn, signal)) events.push(event);
  const texts = events.filter((event) => event.type === "text");
  return {
    events,
    text: texts.map((event) => event.text).join("\n\n"),
    media: texts.flatMap((event) => event.media ?? []),
    notes: events.flatMap((event) => (event.type === "note" ? [event.text] : [])),
    session: events.findLast((event) => event.type === "session")?.session,
  };
}
