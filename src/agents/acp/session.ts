import { type ContentBlock, type McpServer, methods, type StopReason } from "@agentclientprotocol/sdk";
import { awaitWithin, deadlineSleep, messageOf, TapbackError } from "../../platform/index.js";
import type { AgentEvent, AgentTurn, McpEndpoint } from "../contract.js";
import { EventQueue } from "../event-queue.js";
import type { MediaRoots } from "../media.js";
import { type AgentChoices, applyChoices, type Choices } from "./choices.js";
import type { AcpConnection } from "./connection.js";
import { Permissions } from "./permission.js";
import { PromptSteering } from "./steering.js";
import { ToolCalls } from "./tool-calls.js";
import { UpdateReader } from "./updates.js";
import { usageOf } from "./usage.js";

/** How long an agent may take to answer its prompt after a cancel, milliseconds; then its process is ended. */
const cancelGraceMs = 3000;

export interface SessionOptions {
  cwd: string;
  mcp: McpEndpoint[];
  /** The session to go on with, from an earlier process. */
  earlier?: string;
  choices: Choices;
}

/** One session of an agent process. */
export class AcpSession {
  private constructor(
    readonly id: string,
    private readonly connection: AcpConnection,
    /** The model as it was chosen, else the agent: what is told of tokens is told of that. */
    private readonly model: string,
  ) {}

  /**
   * Opens a session: resumes or loads the earlier one where the agent can, else begins a new one and says so.
   * @throws AGENT_LOGIN, AGENT_PROTOCOL, AGENT_CRASHED
   */
  static async open(
    connection: AcpConnection,
    { cwd, mcp, earlier, choices }: SessionOptions,
    note: (text: string) => void,
  ): Promise<AcpSession> {
    const mcpServers = serversFor(mcp, connection, note);
    const model = choices.model ?? connection.name;
    const params = { cwd, mcpServers };
    const found =
      earlier === undefined ? undefined : await goOn(connection, { ...params, sessionId: earlier }, note);
    if (earlier !== undefined && found !== undefined) {
      await applyChoices(connection, earlier, found, choices, note);
      return new AcpSession(earlier, connection, model);
    }
    const opened = await connection.request(methods.agent.session.new, params);
    await applyChoices(connection, opened.sessionId, opened, choices, note);
    return new AcpSession(opened.sessionId, connection, model);
  }

  /**
   * Runs one prompt to its end.
   * @param permissionTimeoutMs after this an unanswered permission request is denied
   * @throws AGENT_CRASHED, AGENT_LOGIN, AGENT_PROTOCOL, AGENT_REFUSED, the signal's reason after a cancel
   */
  async *prompt(
    blocks: ContentBlock[],
    turn: AgentTurn,
    roots: MediaRoots,
    permissionTimeoutMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<AgentEvent> {
    const { connection, id } = this;
    const queue = new EventQueue();
    const updates = new UpdateReader(queue, roots, turn.temporaryFolder);
    const calls = new ToolCalls();
    const permissions = new Permissions((event) => queue.push(event), {
      turnId: turn.envelope.turnId,
      timeoutMs: permissionTimeoutMs,
      clock: connection.clock,
      calls,
    });
    connection.events = {
      sessionId: id,
      update: (update) => {
        calls.take(update);
        updates.take(update);
      },
      permission: (request) => permissions.ask(request),
    };
    const asked = connection.request(methods.agent.session.prompt, { sessionId: id, prompt: blocks });
    const note = (text: string) => queue.push({ type: "note", text });
    const further = new PromptSteering(turn.steering, connection, id, note);
    const answered = asked
      .then(async (answer) => {
        const { stopReason } = answer;
        // A message that the agent was given just now is part of this turn, or of none.
        await further.end();
        await updates.end();
        const usage = usageOf(answer, this.model);
        if (usage) queue.push(usage);
        finish(stopReason, queue, { signal, unanswered: permissions.unanswered });
      })
      .catch((error) => queue.fail(signal.aborted ? signal.reason : error));
    const cancel = () => {
      permissions.close();
      void this.#stopPrompt(answered);
    };
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
    let complete = false;
    try {
      yield* queue;
      complete = true;
    } finally {
      signal.removeEventListener("abort", cancel);
      permissions.close();
      // Left early: the agent must not go on with a prompt that nobody follows.
      if (!complete) await this.#stopPrompt(answered);
      connection.silence();
    }
  }

  /** Asks the agent to stop, and ends its process when it does not answer: then `answered` settles in any case. */
  async #stopPrompt(answered: Promise<void>): Promise<void> {
    await this.connection.cancel(this.id);
    const done = new AbortController();
    void answered.then(() => done.abort());
    if (await deadlineSleep(this.connection.clock, cancelGraceMs, done.signal)) await this.connection.close();
  }

  /** Tells the agent that the session is over, where it wants to know. */
  async close(): Promise<void> {
    const { connection, id } = this;
    if (!connection.alive || !connection.capabilities.sessionCapabilities?.close) return;
    const closed = connection.request(methods.agent.session.close, { sessionId: id }).catch(() => {});
    await awaitWithin(connection.clock, 1000, closed);
  }
}

/** Whether a process can go on with the session of an earlier one. */
export function canGoOn({ capabilities }: AcpConnection): boolean {
  return Boolean(capabilities.sessionCapabilities?.resume) || capabilities.loadSession === true;
}

async function goOn(
  connection: AcpConnection,
  params: { cwd: string; mcpServers: McpServer[]; sessionId: string },
  note: (text: string) => void,
): Promise<AgentChoices | undefined> {
  const { loadSession, sessionCapabilities } = connection.capabilities;
  try {
    // Resuming sends no history again; loading replays it as updates, which nobody listens to.
    if (sessionCapabilities?.resume) return await connection.request(methods.agent.session.resume, params);
    if (loadSession === true) return (await connection.request(methods.agent.session.load, params)) ?? {};
    note("the agent cannot load earlier sessions: a new one begins");
  } catch (error) {
    if (!connection.alive || (error instanceof TapbackError && error.code === "AGENT_LOGIN")) throw error;
    note(`the earlier session cannot be loaded (${messageOf(error)}): a new one begins`);
  }
  return undefined;
}

function serversFor(
  mcp: McpEndpoint[],
  connection: AcpConnection,
  note: (text: string) => void,
): McpServer[] {
  const pairs = (record: Record<string, string>) =>
    Object.entries(record).map(([name, value]) => ({ name, value }));
  return mcp.flatMap((endpoint): McpServer[] => {
    const { name } = endpoint;
    if (endpoint.type === "stdio")
      return [{ name, command: endpoint.command, args: endpoint.args, env: pairs(endpoint.env) }];
    if (connection.capabilities.mcpCapabilities?.http === true)
      return [{ type: "http", name, url: endpoint.url, headers: pairs(endpoint.headers) }];
    note(`the agent takes no MCP server over http: ${name} is left out`);
    return [];
  });
}

function finish(
  stopReason: StopReason,
  queue: EventQueue,
  { signal, unanswered }: { signal: AbortSignal; unanswered: string | undefined },
): void {
  if (signal.aborted) {
    queue.fail(signal.reason);
  } else if (unanswered !== undefined && ["refusal", "cancelled"].includes(stopReason)) {
    queue.fail(new TapbackError("AGENT_UNANSWERED", `nobody answered the agent in time: ${unanswered}`));
  } else if (stopReason === "refusal") {
    queue.fail(new TapbackError("AGENT_REFUSED", "The agent refused to go on with this prompt"));
  } else if (stopReason === "cancelled") {
    queue.fail(new TapbackError("AGENT_CANCELLED", "The agent cancelled the prompt by itself"));
  } else {
    if (stopReason !== "end_turn")
      queue.push({ type: "note", text: `the agent stopped early: ${stopReason}`, isLimit: true });
    queue.end();
  }
}
