import { randomUUID } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgentDeps, proveAgent, type ToolsProof } from "../../agents/index.js";
import type { ClientTool } from "../../agents/tools/index.js";
import { type Config, normalizeId } from "../../config/index.js";
import type { OwnProgram } from "../tools/mcp-sessions.js";
import { envelopeNowhere, turnNowhere } from "./nowhere.js";
import { agentOfSession } from "./session-agent.js";
import { madeWorkspace } from "./workspace.js";

/** What proves an agent. */
export interface ProofDeps extends Omit<AgentDeps, "channels"> {
  /** How the gateway's own MCP server is started; absent: nothing is proved of its tools. */
  program?: () => OwnProgram;
}

/**
 * Brings an agent of the configuration to the point before its first token (behaviour 6.7), as a session of its own would.
 * @param deps without `providers`, which are the configuration's
 * @returns what it came to, in a few words
 * @throws TapbackError why it is not ready; the signal's reason
 */
export async function proveConfigured(
  config: Config,
  id: string,
  stateDir: string,
  { program, ...deps }: ProofDeps,
  signal: AbortSignal,
): Promise<string> {
  const agentId = normalizeId(id);
  const sessionKey = `agent:${agentId}:proof:${randomUUID()}`;
  const agent = agentOfSession(config, { agentId, sessionKey, account: "proof", chatKey: "proof" }, {});
  const workspace = madeWorkspace(agent, stateDir, deps.home);
  const definition = { ...agent, workspace };
  const parts = { ...deps, providers: config.models.providers };
  if (!program || agent.runtime.type !== "acp") return await proveAgent(definition, parts, signal);
  // Outside of the state directory: a proof leaves nothing there.
  const folder = await mkdtemp(join(tmpdir(), "tapback-proof-"));
  try {
    return await proveAgent(definition, parts, signal, ownServer(program(), join(folder, "listed")));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The server of a proof: it has the tools of a turn without a conversation, and leaves a mark when it is asked for them. */
function ownServer({ command, args }: OwnProgram, mark: string): ToolsProof {
  return {
    endpoint: { type: "stdio", name: "tapback", command, args: [...args, "mcp", "--proof", mark], env: {} },
    listed: () =>
      stat(mark).then(
        () => true,
        () => false,
      ),
  };
}

/**
 * What the server of a proof answers when it is asked for its tools.
 * @param mark file that says so, absolute
 * @throws the system's error where the mark cannot be written
 */
export async function proofTools(mark: string): Promise<ClientTool[]> {
  const { clientTools } = await import("../../agents/tools/index.js");
  const nobody = { agentId: "proof", sessionKey: "proof", turnId: "proof" };
  const tools = clientTools(turnNowhere(envelopeNowhere(nobody, ""), "UTC")).shown();
  await writeFile(mark, "", { mode: 0o600 });
  return tools;
}
