import { randomBytes, timingSafeEqual } from "node:crypto";
import type { AgentTurn, McpEndpoint } from "../../agents/index.js";
import type { ClientTool } from "../../agents/tools/index.js";
import { TapbackError } from "../../platform/index.js";

/** How the program that serves MCP is started: this very gateway's. */
export interface OwnProgram {
  command: string;
  args: string[];
}

/**
 * Lets agents that bring their own loop reach the tools of their turn over the control socket (behaviour 6.6). Each
 * session has a token of its own, and a call reaches the conversation of the turn that runs in that session, no other.
 */
export class McpSessions {
  readonly #tokens = new Map<string, string>();
  readonly #running = new Map<string, AgentTurn>();
  readonly #shown = new Map<string, ClientTool[]>();

  /** @param program absent: no MCP server is handed to agents */
  constructor(
    private readonly stateDir: string,
    private readonly program: OwnProgram | undefined,
  ) {}

  /** How the agent of a session reaches its server. */
  endpoints(sessionKey: string): McpEndpoint[] {
    if (!this.program) return [];
    const { command, args } = this.program;
    return [
      {
        type: "stdio",
        name: "tapback",
        command,
        args: [...args, "mcp", "--session", sessionKey],
        env: { TAPBACK_MCP_TOKEN: this.#tokenOf(sessionKey), TAPBACK_STATE_DIR: this.stateDir },
      },
    ];
  }

  begin(turn: AgentTurn): void {
    this.#running.set(turn.envelope.sessionKey, turn);
  }

  end(turn: AgentTurn): void {
    const { sessionKey } = turn.envelope;
    if (this.#running.get(sessionKey) === turn) this.#running.delete(sessionKey);
  }

  methods(): Record<string, (parameters: Record<string, unknown>) => Promise<unknown>> {
    return {
      "mcp.tools": async (params) => this.#tools(this.#authorised(params)),
      "mcp.call": async (params) => {
        const sessionKey = this.#authorised(params);
        const turn = this.#running.get(sessionKey);
        if (!turn)
          throw new TapbackError("NO_TURN", "no turn runs in this session now", {
            hint: "Tools reach the conversation while its message is being answered.",
          });
        const box = await toolboxOf(turn);
        return box.call(String(params.tool), params.input);
      },
    };
  }

  /** Clients ask for the list when they start, mostly in a turn; between turns it is what it was. */
  async #tools(sessionKey: string): Promise<ClientTool[]> {
    const turn = this.#running.get(sessionKey);
    if (turn) this.#shown.set(sessionKey, (await toolboxOf(turn)).shown());
    const shown = this.#shown.get(sessionKey);
    if (!shown) throw new TapbackError("NO_TURN", "no turn has run in this session yet");
    return shown;
  }

  #authorised({ session, token }: Record<string, unknown>): string {
    const expected = typeof session === "string" ? this.#tokens.get(session) : undefined;
    const given = Buffer.from(String(token));
    const wanted = Buffer.from(expected ?? "");
    if (expected === undefined || given.length !== wanted.length || !timingSafeEqual(given, wanted))
      throw new TapbackError("MCP_UNAUTHORISED", "this token is not for this session", {
        hint: "A token is handed to the session's agent when it starts, and holds until the gateway stops.",
      });
    return session as string;
  }

  #tokenOf(sessionKey: string): string {
    const known = this.#tokens.get(sessionKey);
    if (known !== undefined) return known;
    const token = randomBytes(32).toString("base64url");
    this.#tokens.set(sessionKey, token);
    return token;
  }
}

/** The tools are those of the built-in agent; their schemas are loaded with the first client. */
async function toolboxOf(turn: AgentTurn) {
  const { clientTools } = await import("../../agents/tools/index.js");
  return clientTools(turn);
}
