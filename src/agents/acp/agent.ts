import { realpath } from "node:fs/promises";
import { deadlineSleep, TapbackError } from "../../platform/index.js";
import type { Agent, AgentEvent, AgentSession, AgentTurn } from "../contract.js";
import type { AcpRuntime, AgentDefinition, AgentDeps } from "../definition.js";
import { mediaRoots } from "../media.js";
import { programOptions } from "../process/program.js";
import { AcpConnection } from "./connection.js";
import { FileAccess } from "./file-access.js";
import { ProcessPool } from "./pool.js";
import { programOf } from "./program.js";
import { promptBlocks } from "./prompt.js";
import { knownAgent } from "./registry.js";
import { AcpSession, canGoOn } from "./session.js";
import { Terminals } from "./terminals.js";

const defaults = {
  startTimeoutSeconds: 120,
  permissionTimeoutSeconds: 300,
  idleSeconds: 600,
  maxProcesses: 8,
};
const maxRemembered = 1000;
/** How long the first prompt of a session waits for the agent to look at the gateway's tools, milliseconds. */
const toolsGraceMs = 5000;

/** A process with the session that it serves. */
class Live {
  session: AcpSession | undefined;
  /** Whom its MCP connections act for. */
  actsFor: string | undefined;

  constructor(readonly connection: AcpConnection) {}

  get alive(): boolean {
    return this.connection.alive;
  }

  async close(): Promise<void> {
    await this.session?.close();
    await this.connection.close();
  }
}

/**
 * An Agent Client Protocol agent (behaviour 6.1 `acp`, 6.4 to 6.6). One process per session, because its environment
 * names the session; processes are bounded, closed when idle, and their sessions are resumed or loaded by the next.
 */
export function createAcpAgent(
  settings: AcpRuntime,
  definition: Pick<AgentDefinition, "workspace">,
  deps: Pick<AgentDeps, "env" | "home" | "clock" | "records">,
): Agent {
  return new AcpAgent(settings.acp, definition, deps);
}

class AcpAgent implements Agent {
  readonly canSteer = true;
  readonly #pool: ProcessPool<Live>;
  /** Sessions of turns that failed, whose session event was not stored. */
  readonly #remembered = new Map<string, string>();
  readonly #name: string;

  constructor(
    private readonly settings: AcpRuntime["acp"],
    private readonly definition: Pick<AgentDefinition, "workspace">,
    private readonly deps: Pick<AgentDeps, "env" | "home" | "clock" | "records">,
  ) {
    this.#pool = new ProcessPool(
      settings.maxProcesses ?? defaults.maxProcesses,
      (settings.idleSeconds ?? defaults.idleSeconds) * 1000,
      deps.clock,
    );
    this.#name = settings.agent ?? settings.command ?? "the agent";
  }

  async *run(turn: AgentTurn, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const { sessionKey } = turn.envelope;
    const oneshot = this.settings.mode === "oneshot";
    const isServed = await this.#endOther(turn);
    const live = await this.#pool.acquire(sessionKey, () => this.#start(sessionKey, signal), signal);
    let keep = false;
    try {
      const notes: string[] = [];
      if (!isServed)
        notes.push(
          "the tools of the gateway are refused in this turn: the session was opened for others, and this agent cannot load it anew",
        );
      live.session ??= await live.connection.until(signal, () =>
        this.#open(live, turn, oneshot, signal, (text) => notes.push(text)),
      );
      for (const text of notes) yield { type: "note", text };
      if (!oneshot) yield { type: "session", session: { acp: 1, sessionId: live.session.id } };
      const blocks = await promptBlocks(turn.envelope, live.connection.capabilities.promptCapabilities ?? {});
      signal.throwIfAborted();
      const permissionMs =
        (this.settings.permissionTimeoutSeconds ?? defaults.permissionTimeoutSeconds) * 1000;
      const roots = mediaRoots(turn, this.definition.workspace);
      keep = !oneshot;
      yield* live.session.prompt(blocks, turn, roots, permissionMs, signal);
    } catch (error) {
      // A login is seen by a new process only; a session that is gone is not to be asked for again.
      if (error instanceof TapbackError && ["AGENT_LOGIN", "AGENT_SESSION_LOST"].includes(error.code))
        keep = false;
      throw error;
    } finally {
      await this.#pool.release(sessionKey, live, keep);
    }
  }

  /** Ends the session and its process; the next turn begins a new one. */
  async reset(sessionKey: string): Promise<void> {
    this.#remembered.delete(sessionKey);
    await this.#pool.drop(sessionKey);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  sessions(): AgentSession[] {
    return this.#pool.list().map(({ key, value, busy }) => ({
      sessionKey: key,
      pid: value.connection.pid,
      busy,
      ...(value.session === undefined ? {} : { id: value.session.id }),
    }));
  }

  /**
   * Waits, not for long, until an agent that connects late asked what the gateway's tools are: its first turn would know of
   * none, and be over before it does.
   */
  async #untilListed({ mcp }: AgentTurn, signal: AbortSignal): Promise<void> {
    if (mcp === undefined || knownAgent(this.settings.agent ?? "")?.connectsLate !== true) return;
    const listed = new AbortController();
    void mcp.listed().then(() => listed.abort());
    await deadlineSleep(this.deps.clock, toolsGraceMs, AbortSignal.any([signal, listed.signal]));
  }

  async #open(
    live: Live,
    turn: AgentTurn,
    oneshot: boolean,
    signal: AbortSignal,
    note: (text: string) => void,
  ) {
    const { connection } = live;
    const { sessionKey } = turn.envelope;
    live.actsFor = turn.mcp?.actsFor;
    const earlier = oneshot ? undefined : (storedId(turn.session) ?? this.#remembered.get(sessionKey));
    const { model, sessionMode } = this.settings;
    const session = await AcpSession.open(
      connection,
      {
        cwd: await realpath(this.#program(sessionKey).cwd),
        mcp: turn.mcp?.open(!oneshot) ?? [],
        earlier,
        choices: {
          model,
          sessionMode,
        },
      },
      note,
    );
    if (!oneshot) this.#remember(sessionKey, session.id);
    await this.#untilListed(turn, signal);
    return session;
  }

  /**
   * Ends the session's process when its MCP connections act for others than this turn does, with all that their turns left
   * running in it: the next process loads the session and opens connections of its own. An agent that cannot load sessions
   * keeps its process, because its memory is there alone; the gateway refuses its calls in this turn.
   * @returns whether the connections of the process that is left, if any, serve this turn
   */
  async #endOther({ envelope: { sessionKey }, mcp }: AgentTurn): Promise<boolean> {
    const live = this.#pool.list().find(({ key }) => key === sessionKey)?.value;
    if (!live?.alive || live.session === undefined || live.actsFor === mcp?.actsFor) return true;
    if (!canGoOn(live.connection)) return false;
    await this.#pool.drop(sessionKey);
    return true;
  }

  #remember(sessionKey: string, id: string): void {
    this.#remembered.delete(sessionKey);
    this.#remembered.set(sessionKey, id);
    if (this.#remembered.size > maxRemembered) this.#remembered.delete(this.#remembered.keys().next().value!);
  }

  async #start(sessionKey: string, signal: AbortSignal): Promise<Live> {
    const child = this.#program(sessionKey);
    const { agent = "", files = "none", terminal = false, startTimeoutSeconds } = this.settings;
    const known = knownAgent(agent);
    const connection = await AcpConnection.open(
      {
        name: this.#name,
        known,
        child,
        ...(files === "none" ? {} : { files: new FileAccess(child.cwd, files === "write") }),
        ...(terminal ? { terminals: new Terminals(child) } : {}),
        clock: this.deps.clock,
        startTimeoutMs: (startTimeoutSeconds ?? defaults.startTimeoutSeconds) * 1000,
      },
      signal,
    );
    return new Live(connection);
  }

  #program(sessionKey: string) {
    const program = programOf(this.settings);
    return programOptions(program, this.definition, this.deps, { TAPBACK_SESSION: sessionKey });
  }
}

function storedId(session: unknown): string | undefined {
  const stored = session as { acp?: unknown; sessionId?: unknown } | null | undefined;
  return stored?.acp === 1 && typeof stored.sessionId === "string" ? stored.sessionId : undefined;
}
