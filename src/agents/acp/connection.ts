import { Readable, Writable } from "node:stream";
import {
  type AgentCapabilities,
  type AgentRequestMethod,
  type AgentRequestParamsByMethod,
  type AgentRequestResponsesByMethod,
  type ClientConnection,
  client,
  type InitializeResponse,
  methods,
  ndJsonStream,
  PROTOCOL_VERSION,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionUpdate,
} from "@agentclientprotocol/sdk";
import { type Clock, deadline, TapbackError, version } from "../../platform/index.js";
import { Child, type ChildEnd, type ChildOptions } from "../process/child.js";
import { agentError, closed, crashed, noAnswer } from "./errors.js";
import type { FileAccess } from "./file-access.js";
import type { KnownAgent } from "./registry.js";
import type { Terminals } from "./terminals.js";

/** Longest message of an agent; images come as base64. */
const maxMessageBytes = 32_000_000;
/** Between the end of an agent's output and its exit, milliseconds. */
const hangUpMs = 1000;

export interface ConnectionOptions {
  /** For messages: `codex`, or the command. */
  name: string;
  /** What the registry says of it, where it was named there. */
  known?: KnownAgent;
  child: ChildOptions;
  /** What the agent may do through the gateway; absent: nothing. */
  files?: FileAccess;
  terminals?: Terminals;
  clock: Clock;
  /** How long `initialize` may take to be answered, milliseconds. */
  startTimeoutMs: number;
}

/** What an agent reports about a session, and who listens to it. */
export interface ConnectionEvents {
  /** The one that is listened to: a process may have others, and a subagent's words are no answer. */
  sessionId: string;
  /** Takes an update of that session, in the order in which the agent sent it. */
  update(update: SessionUpdate): void;
  /** The agent asks whether it may do something, and waits for the answer (behaviour 6.5). */
  permission(request: RequestPermissionRequest): Promise<RequestPermissionResponse>;
}

const nobody: ConnectionEvents = {
  sessionId: "",
  update: () => {},
  permission: async () => ({ outcome: { outcome: "cancelled" } }),
};

/** One agent process, initialized. Every call ends: with an answer, or with the error that says why there is none. */
export class AcpConnection {
  /** Who listens now; nobody between turns, when permissions are denied. */
  events: ConnectionEvents = nobody;
  capabilities: AgentCapabilities = {};
  /** Whether the agent takes words into a prompt that runs. */
  takesSteering = false;
  #logins: string[] = [];
  #end: ChildEnd | undefined;
  /** Settles when the connection and the process are gone. */
  readonly #over: Promise<void>;
  #closing = false;
  #cause: TapbackError | undefined;
  readonly #rpc: ClientConnection;

  private constructor(
    private readonly options: ConnectionOptions,
    private readonly child: Child,
  ) {
    this.#rpc = this.#connect();
    void child.ended.then((end) => {
      this.#end = end;
      this.#rpc.close();
    });
    this.#over = this.#rpc.closed.then(() => this.#settle());
  }

  /**
   * Starts the agent and initializes it.
   * @throws AGENT_NOT_FOUND and the other errors of starting, AGENT_CRASHED, AGENT_NO_ANSWER, AGENT_PROTOCOL, the signal's reason
   */
  static async open(options: ConnectionOptions, signal: AbortSignal): Promise<AcpConnection> {
    const connection = new AcpConnection(options, await Child.start(options.child));
    try {
      await connection.#initialize(signal);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  get alive(): boolean {
    return !this.#closing && this.#end === undefined && !this.#rpc.signal.aborted;
  }

  /** The agent, for people. */
  get name(): string {
    return this.options.name;
  }

  get clock(): Clock {
    return this.options.clock;
  }

  get pid(): number {
    return this.child.pid;
  }

  /**
   * Does what need not be waited for any longer than a signal says: the connection is closed then, so that whatever was asked
   * ends.
   * @throws the signal's reason, what the work throws
   */
  async until<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const stop = () => void this.close();
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Nobody listens from now on. */
  silence(): void {
    this.events = nobody;
  }

  /** Asks the agent. @throws AGENT_LOGIN, AGENT_SESSION_LOST, AGENT_PROTOCOL, AGENT_CRASHED */
  async request<Method extends AgentRequestMethod>(
    method: Method,
    params: AgentRequestParamsByMethod[Method],
  ): Promise<AgentRequestResponsesByMethod[Method]> {
    try {
      const answer = await this.#rpc.agent.request(method, params);
      // One that hears of the end of its terminal may answer as if all were well.
      if (this.#closing) {
        await this.#over;
        throw this.#cause!;
      }
      const field = promised[method];
      if (field === undefined || (answer as Record<string, unknown> | null)?.[field] !== undefined)
        return answer;
      throw new TapbackError("AGENT_PROTOCOL", `${this.options.name} answered ${method} without ${field}`, {
        hint: "Update the agent or Tapback.",
      });
    } catch (error) {
      if (error instanceof TapbackError) throw error;
      throw await this.#explain(error);
    }
  }

  /** Asks the agent by a method that the protocol does not have. @returns what came, unchecked @throws as {@link request} */
  async extension(method: string, params: Record<string, unknown>): Promise<unknown> {
    try {
      return await this.#rpc.agent.request(method, params);
    } catch (error) {
      throw await this.#explain(error);
    }
  }

  /** Asks the agent to stop what it does in a session; it answers the prompt then. */
  async cancel(sessionId: string): Promise<void> {
    await this.#rpc.agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => {});
  }

  /** Ends the process with everything below it. */
  async close(): Promise<void> {
    this.#closing = true;
    this.silence();
    await Promise.all([this.child.stop(), this.options.terminals?.close()]);
    this.#rpc.close();
  }

  async #initialize(signal: AbortSignal): Promise<void> {
    const { startTimeoutMs, files, terminals, name } = this.options;
    const limit = new AbortController();
    const stopTimer = deadline(this.clock, startTimeoutMs, () => limit.abort(), { unref: true });
    const answer = this.request(methods.agent.initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientInfo: { name: "tapback", version },
      clientCapabilities: {
        fs: { readTextFile: files !== undefined, writeTextFile: files?.mayWrite ?? false },
        terminal: terminals !== undefined,
      },
    });
    answer.catch(() => {});
    const ended = aborted(AbortSignal.any([signal, limit.signal]));
    const given = await Promise.race([answer, ended])
      .catch((error) => {
        signal.throwIfAborted();
        throw limit.signal.aborted && error === limit.signal.reason
          ? noAnswer(this.options, "initialize", startTimeoutMs, this.child.stderr)
          : error;
      })
      .finally(stopTimer);
    if (given.protocolVersion !== PROTOCOL_VERSION)
      throw new TapbackError(
        "AGENT_PROTOCOL",
        `${name} speaks version ${given.protocolVersion} of the protocol, not ${PROTOCOL_VERSION}`,
        {
          hint: "Update the agent or Tapback.",
        },
      );
    this.capabilities = given.agentCapabilities ?? {};
    this.takesSteering = announcesSteering(given._meta);
    this.#logins = (given.authMethods ?? []).map((method) => method.name);
  }

  #connect(): ClientConnection {
    const { child } = this;
    const { files, terminals } = this.options;
    const app = client({ name: "tapback" })
      .onNotification(methods.client.session.update, ({ params }) =>
        this.#listenerOf(params).update(params.update),
      )
      .onRequest(methods.client.session.requestPermission, ({ params }) =>
        this.#listenerOf(params).permission(params),
      );
    files?.serve(app);
    terminals?.serve(app);
    const output = Writable.toWeb(child.stdin) as WritableStream<Uint8Array>;
    const input = Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>;
    return app.connect(ndJsonStream(output, input, { maxMessageBytes }));
  }

  #listenerOf({ sessionId }: { sessionId: string }): ConnectionEvents {
    return sessionId === this.events.sessionId ? this.events : nobody;
  }

  /** An agent that closes its side but lives on is of no use any more; one that dies does both, in any order. */
  async #settle(): Promise<void> {
    const dead = new AbortController();
    void this.child.ended.then(() => dead.abort());
    await this.clock.sleep(hangUpMs, dead.signal);
    const end = this.#end;
    const ours = this.#closing;
    await this.close();
    const { name, known } = this.options;
    this.#cause = ours ? closed(name) : crashed(name, end, this.child.stderr, known);
  }

  async #explain(error: unknown): Promise<TapbackError> {
    if (!this.#rpc.signal.aborted)
      return agentError(this.options.name, error, this.#logins, this.options.known);
    await this.#over;
    return this.#cause!;
  }
}

/** Whether the answer to `initialize` announces that words can be put into a prompt that runs. */
function announcesSteering(meta: InitializeResponse["_meta"]): boolean {
  const announced = meta?.steering as { supported?: unknown } | null | undefined;
  return announced?.supported === true;
}

/** What an answer must hold; the SDK checks nothing that comes from an agent as an answer. */
const promised: Partial<Record<AgentRequestMethod, string>> = {
  [methods.agent.initialize]: "protocolVersion",
  [methods.agent.session.new]: "sessionId",
  [methods.agent.session.prompt]: "stopReason",
};

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
