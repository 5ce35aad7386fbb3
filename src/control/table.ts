import { channelTable } from "../agents/channel/wire/index.js";
import type { DatabaseVerdict, MessagesAnswer, Reached, RecordedFrame, SelfCheck } from "../bridge/index.js";
import type { AccountStatus, GatewayStatus, PrivateApiStatus, Stage } from "../health/index.js";
import type { SiteState } from "../http/index.js";
import { agentTable } from "../mcp/wire/index.js";
import { TapbackError } from "../platform/index.js";
import {
  anything,
  exactly,
  facts,
  flag,
  list,
  number,
  object,
  oneOf,
  optional,
  orNull,
  recordOf,
  type Shape,
  type Shaped,
  text,
} from "../platform/shapes/index.js";
import type { Delivery, OutboxItem, OutboxState } from "../store/index.js";
import type { HookState } from "../webhooks/index.js";

/** An action of behaviour 11 as the command line shows it. */
export interface OfferedAction {
  name: string;
  offered: boolean;
  /** Why it is not. */
  why: string | null;
}

/** What became of a message that was sent (behaviour 10.1). */
export interface SentStatus
  extends Pick<OutboxItem, "id" | "guid" | "state" | "settledAt" | "error" | "delivery"> {
  /** The program that asked for it: `token NAME` (behaviour 20.1). */
  askedBy?: string | undefined;
}

/** A tool as an MCP client is shown it. */
export interface ShownTool {
  name: string;
  description: string;
  inputSchema: { type: "object"; [key: string]: unknown };
}

const state = oneOf<OutboxState>("held", "pending", "sending", "delivered", "stored", "not_sent", "unknown");

const stage = object<Stage>({
  name: oneOf(
    "ssh",
    "child",
    "rpc",
    "database",
    "watch",
    "agent",
    "sends",
    "store",
    "clock",
    "arrival",
    "addresses",
  ),
  ok: flag,
  provenAt: orNull(text),
  detail: text,
  remedy: orNull(text),
});

const privateApi = object<PrivateApiStatus>({
  available: flag,
  version: number,
  message: text,
  methods: list(text),
  selectors: recordOf(flag),
  remedy: orNull(text),
});

const account = object<AccountStatus>({
  id: text,
  name: text,
  enabled: flag,
  configured: flag,
  running: flag,
  connected: flag,
  verdict: text,
  state: oneOf("starting", "live", "waiting", "stopped"),
  connectedSince: orNull(text),
  lastInboundAt: orNull(text),
  lastOutboundAt: orNull(text),
  restarts: number,
  stages: list(stage),
  privateApi: optional(privateApi),
  deliveries: object({ delivered: number, read: number, downgraded: number, failed: number }),
  queues: object({
    inbound: number,
    turns: number,
    running: number,
    outbox: object<Record<OutboxState, number>>({
      ...{ held: number, pending: number, sending: number },
      delivered: number,
      stored: number,
      not_sent: number,
      unknown: number,
    }),
  }),
});

const gatewayStatus = object<GatewayStatus>({
  gateway: orNull(
    object<NonNullable<GatewayStatus["gateway"]>>({
      ...{ pid: number, startedAt: text, version: text },
      sleeps: optional(list(object({ from: text, to: text }))),
      http: optional(
        list(
          object<SiteState>({
            ...{ name: text, url: orNull(text) },
            error: orNull(object({ code: text, message: text, hint: orNull(text) })),
          }),
        ),
      ),
    }),
  ),
  defaultAccount: text,
  webhooks: optional(
    list(
      object<HookState>({
        ...{ number, name: text, events: list(text), chats: orNull(list(text)) },
        state: oneOf("new", "ok", "failing", "gone"),
        ...{ behind: number, failingSince: orNull(text), nextTryAt: orNull(text), why: orNull(text) },
      }),
    ),
  ),
  accounts: list(account),
});

const sentStatus = object<SentStatus>({
  askedBy: optional(text),
  id: number,
  guid: optional(text),
  state,
  settledAt: optional(number),
  error: optional(object({ code: text, message: text })),
  delivery: optional(
    object<Delivery>({
      checkedAt: number,
      service: optional(text),
      deliveredAt: optional(number),
      readAt: optional(number),
      downgraded: flag,
      failed: flag,
    }),
  ),
});

const itself = object<SelfCheck>({
  pid: number,
  messages: orNull(
    object<MessagesAnswer>({
      state: oneOf("answered", "refused", "waiting", "closed", "failed"),
      words: text,
      signedIn: orNull(flag),
    }),
  ),
  databases: list(
    object<DatabaseVerdict>({
      id: text,
      ok: flag,
      code: orNull(text),
      detail: text,
      remedy: orNull(text),
      ownAddress: orNull(text),
      newestAt: orNull(number),
    }),
  ),
  network: list(object<Reached>({ host: text, port: number, code: orNull(text) })),
});

const recordedFrame = object<RecordedFrame>({ ms: number, to: oneOf("imsg", "gateway"), frame: facts });

const offeredAction = object<OfferedAction>({ name: text, offered: flag, why: orNull(text) });

/** The rest of a schema is for the client and the model. */
const toolSchema: Shape<ShownTool["inputSchema"]> = object<{ type: "object" }>({ type: oneOf("object") });

const shownTool = object<ShownTool>({
  name: text,
  description: text,
  inputSchema: toolSchema,
});

/**
 * All that a running gateway can be asked over its control socket: each method's name, parameters and result. Both ends check
 * by this table: the gateway what it is asked, the asker what it is answered.
 */
export const controlTable = {
  /** A command wrote to the state: look now instead of at the next poll. */
  changed: { parameters: exactly<object>({}), result: orNull(anything) },
  /** Health of all accounts (behaviour 16.1); with `probe` looked at anew, each look within `timeoutMs` milliseconds. */
  status: {
    parameters: exactly<{ probe?: boolean; timeoutMs?: number }>({
      probe: optional(flag),
      timeoutMs: optional(number),
    }),
    result: gatewayStatus,
  },
  /** Whether the first sender who is approved becomes the owner of an account (behaviour 3.3). */
  "pairing.owner": {
    parameters: exactly<{ account: string }>({ account: text }),
    result: object<{ firstOwner: "yes" | "no" | "untold" }>({ firstOwner: oneOf("yes", "no", "untold") }),
  },
  /** What macOS lets the gateway's own process do (behaviour 13.1), each question within `timeoutMs` milliseconds. */
  "self.check": { parameters: exactly<{ timeoutMs: number }>({ timeoutMs: number }), result: itself },
  /** An address of an account, null where nothing tells; each question to its Mac within `timeoutMs` milliseconds. */
  "self.address": {
    parameters: exactly<{ account: string; timeoutMs: number }>({ account: text, timeoutMs: number }),
    result: object<{ address: string | null }>({ address: orNull(text) }),
  },
  /** Makes an address that opens the console in one browser, once (behaviour 19.2). */
  "console.address": {
    parameters: exactly<object>({}),
    result: object<{ url: string }>({ url: text }),
  },
  /** Keeps from now on what is said with imsg of messages that carry a mark (behaviour 13.2), three minutes at most. */
  "imsg.record": {
    parameters: exactly<{ account: string; mark: string }>({ account: text, mark: text }),
    result: orNull(anything),
  },
  /** What was kept; ends it. */
  "imsg.recorded": {
    parameters: exactly<{ account: string }>({ account: text }),
    result: list(recordedFrame),
  },
  /** Does an action of behaviour 11 for a person; the action checks its own parameters. */
  "message.act": {
    parameters: exactly<{ account?: string; action: string; parameters: Record<string, unknown> }>({
      account: optional(text),
      action: text,
      parameters: facts,
    }),
    result: facts,
  },
  /** What can be done, in the conversation that the parameters name (behaviour 17.7). */
  "message.actions": {
    parameters: exactly<{ account?: string; parameters: Record<string, unknown> }>({
      account: optional(text),
      parameters: facts,
    }),
    result: list(offeredAction),
  },
  /** What became of a sent message, by its id or GUID. */
  "message.status": {
    parameters: exactly<{ account?: string; message: string }>({ account: optional(text), message: text }),
    result: sentStatus,
  },
  /** The tools of the turn that a session's token was handed out in (behaviour 6.6). */
  "mcp.tools": { parameters: exactly<Session>({ session: text, token: text }), result: list(shownTool) },
  "mcp.call": {
    parameters: exactly<Session & { tool: string; input?: unknown }>({
      session: text,
      token: text,
      tool: text,
      input: anything,
    }),
    result: object<{ text: string; isError: boolean }>({ text, isError: flag }),
  },
  ...agentTable,
  ...channelTable,
} satisfies Record<string, Record<"parameters" | "result", Pick<Shape<unknown>, "fault">>>;

interface Session {
  session: string;
  token: string;
}

/** The name of a control method. */
export type ControlMethod = keyof typeof controlTable;
export type ControlParameters<M extends ControlMethod> = Shaped<(typeof controlTable)[M]["parameters"]>;
export type ControlResult<M extends ControlMethod> = Shaped<(typeof controlTable)[M]["result"]>;

/** What a running gateway does when it is asked; the signal aborts when whoever asked hung up. */
export type ControlMethods = {
  [M in ControlMethod]: (parameters: ControlParameters<M>, left: AbortSignal) => Promise<ControlResult<M>>;
};

/** Whether this version has a method of that name. */
export function isControlMethod(name: unknown): name is ControlMethod {
  return typeof name === "string" && Object.hasOwn(controlTable, name);
}

/** @returns the parameters of a request, as the method takes them @throws `CONTROL_PARAMETERS`, naming the one that is wrong */
export function controlParameters<M extends ControlMethod>(method: M, given: unknown): ControlParameters<M> {
  const fault = controlTable[method].parameters.fault(given, "");
  if (fault === undefined) return given as ControlParameters<M>;
  throw new TapbackError("CONTROL_PARAMETERS", `${method}: ${fault}`);
}

/** @returns the gateway's answer, as the method gives it @throws `CONTROL_RESULT` */
export function controlResult<M extends ControlMethod>(method: M, answered: unknown): ControlResult<M> {
  const fault = controlTable[method].result.fault(answered, "");
  if (fault === undefined) return answered as ControlResult<M>;
  throw new TapbackError("CONTROL_RESULT", `the gateway's answer to ${method} is not understood: ${fault}`, {
    hint: "Restart the gateway (a service with `tapback service restart`), so that it and the command line are of one version.",
  });
}
