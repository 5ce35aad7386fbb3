import { randomBytes, timingSafeEqual } from "node:crypto";
import type { AgentTurn, McpAccess, McpEndpoint } from "../../agents/index.js";
import type { ClientTool, ClientTools } from "../../agents/tools/index.js";
import { TapbackError } from "../../platform/index.js";

/** How the program that serves MCP is started: this very gateway's. */
export interface OwnProgram {
  command: string;
  args: string[];
}

/** Who asks: a session, and the token that its agent was handed. */
export interface SessionAccess {
  session: string;
  token: string;
}

/** A token that was handed to the agent of a session. */
interface Grant {
  token: string;
  actsFor: string;
  /** The turn that it was handed out in. */
  turn: AgentTurn;
  /** Whether later turns that act for the same may be reached with it. */
  lasts: boolean;
  /** The tools were asked for. */
  listed: Promise<void>;
  onListed: () => void;
}

/**
 * Lets agents that bring their own loop reach the tools of their turn over the control socket (behaviour 6.6).
 *
 * Nothing in a call tells which turn it was made for: an agent keeps one connection over many turns, and what a turn leaves
 * behind can read the token and call later. So a token is bound to what a turn may do: its conversation, and whether an owner
 * asked. It reaches only turns of that very conversation with those very rights, and each handing out ends the token before.
 * An agent whose session goes on with other rights opens its connections anew. What a guest's turn left behind is refused in
 * an owner's turn and in every other chat; while the same chat's next turn runs with the same rights, it can do what that turn
 * may do anyway. An agent that keeps nothing between turns gets a token that ends with its turn.
 */
export class McpSessions {
  readonly #grants = new Map<string, Grant>();
  readonly #running = new Map<string, AgentTurn>();

  /** @param program where it lies now; absent: no MCP server is handed to agents */
  constructor(
    private readonly stateDir: string,
    private readonly program: (() => OwnProgram) | undefined,
  ) {}

  /** A turn begins. @param turn without its servers @returns how its agent reaches them; undefined where there are none */
  begin(turn: AgentTurn): McpAccess | undefined {
    const { program } = this;
    if (!program) return undefined;
    this.#running.set(turn.envelope.sessionKey, turn);
    return {
      actsFor: actsFor(turn),
      open: (lasts) => [this.#open(turn, lasts, program())],
      listed: async () => this.#grants.get(turn.envelope.sessionKey)?.listed,
    };
  }

  /** A turn is over: calls of its session are refused with `NO_TURN`. */
  end(turn: AgentTurn): void {
    const { sessionKey } = turn.envelope;
    if (this.#running.get(sessionKey) === turn) this.#running.delete(sessionKey);
  }

  /** @returns what is on offer in the turn that the token was handed out in, whatever runs now @throws `MCP_UNAUTHORISED` */
  async tools(access: SessionAccess): Promise<ClientTool[]> {
    const { turn, onListed } = this.#authorised(access);
    onListed();
    return (await toolboxOf(turn)).shown();
  }

  /** Calls a tool of the turn that runs. @throws `MCP_UNAUTHORISED`, `NO_TURN` */
  async call(access: SessionAccess, tool: string, input: unknown): ReturnType<ClientTools["call"]> {
    const box = await toolboxOf(this.#turnOf(this.#authorised(access)));
    return box.call(tool, input);
  }

  #open(turn: AgentTurn, lasts: boolean, { command, args }: OwnProgram): McpEndpoint {
    const { sessionKey } = turn.envelope;
    const token = randomBytes(32).toString("base64url");
    let onListed = () => {};
    const listed = new Promise<void>((resolve) => {
      onListed = resolve;
    });
    this.#grants.set(sessionKey, { token, actsFor: actsFor(turn), turn, lasts, listed, onListed });
    return {
      type: "stdio",
      name: "tapback",
      command,
      args: [...args, "mcp", "--session", sessionKey],
      env: { TAPBACK_MCP_TOKEN: token, TAPBACK_STATE_DIR: this.stateDir },
    };
  }

  #turnOf(grant: Grant): AgentTurn {
    const running = this.#running.get(grant.turn.envelope.sessionKey);
    const isMeant = grant.lasts ? running && actsFor(running) === grant.actsFor : running === grant.turn;
    if (running && isMeant) return running;
    throw new TapbackError("NO_TURN", "no turn that this connection was opened for runs now", {
      hint: "Tools reach the conversation while its message is being answered.",
    });
  }

  #authorised({ session, token }: SessionAccess): Grant {
    const grant = this.#grants.get(session);
    const given = Buffer.from(token);
    const wanted = Buffer.from(grant?.token ?? "");
    if (grant && given.length === wanted.length && timingSafeEqual(given, wanted)) return grant;
    throw new TapbackError("MCP_UNAUTHORISED", "this token is not for this session", {
      hint: "A token is handed to the session's agent when it starts, and holds until the next one is handed out.",
    });
  }
}

/** What a turn may reach: its conversation, others only where an owner asked (10.3a), with the tools of its people (18.3). */
function actsFor({ envelope: { accountId, agentId, chat, sender }, rights }: AgentTurn): string {
  return JSON.stringify([accountId, agentId, chat.target, sender.isOwner ? "owner" : "guest", rights.key]);
}

/** The tools are those of the built-in agent; their schemas are loaded with the first client. */
async function toolboxOf(turn: AgentTurn): Promise<ClientTools> {
  const { clientTools } = await import("../../agents/tools/index.js");
  return clientTools(turn);
}
