import type { Transport } from "@modelcontextprotocol/server";
import { cutText } from "../../../conversation/index.js";
import { type Clock, messageOf, TapbackError } from "../../../platform/index.js";
import type { AgentDefinition, AgentDeps, McpServerSettings } from "../../definition.js";
import { programOptions } from "../../process/program.js";
import type { Tool } from "../../tools/tool.js";
import { McpClient } from "./client.js";
import { HttpTransport } from "./http.js";
import { StdioTransport } from "./stdio.js";
import { toolsOf } from "./tools.js";

const mostTools = 64;
/** How long a start may take; a first one may download the program, milliseconds. */
const startMs = 120_000;
/** A server's own words, UTF-16 code units. */
const mostWords = 300;

/** What a program of a server gets of the gateway's environment, as other clients do it: no keys (behaviour 6.8d). */
const inherited = ["HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER"];

/** A server that runs, with what it offers. */
export interface OpenServer {
  tools: Tool[];
  /** Tools that are not offered, by the server's names. */
  leftOut: string[];
  /** Whether it is gone. */
  isOver(): boolean;
  /** Ends it, or the connection to it; safe to call again. */
  close(): Promise<void>;
}

/** What a server is opened with, beside its own settings. */
export interface McpServerParts {
  definition: Pick<AgentDefinition, "workspace">;
  deps: Pick<AgentDeps, "env" | "home" | "clock" | "records">;
}

/**
 * Starts a server, or connects to it, and asks what it offers.
 * @throws MCP_SERVER with its own words, within two minutes; the signal's reason
 */
export async function openServer(
  name: string,
  settings: McpServerSettings,
  { definition, deps }: McpServerParts,
  signal: AbortSignal,
): Promise<OpenServer> {
  let transport: (Transport & { stderr?: string }) | undefined;
  const client = new McpClient();
  let isOver = false;
  client.onclose = () => {
    isOver = true;
  };
  const close = async () => {
    isOver = true;
    await client.close();
    // A client that never connected has nothing to close.
    await transport?.close();
  };
  const { limited, stop } = limitedBy(signal, deps.clock);
  try {
    transport = await transportOf(settings, definition, deps);
    await client.open(transport, limited, startMs);
    const { tools, leftOut } = toolsOf(name, await client.listTools(mostTools, limited), client);
    return { tools, leftOut, isOver: () => isOver, close };
  } catch (error) {
    const words = (transport?.stderr ?? "").trim();
    await close();
    signal.throwIfAborted();
    const detail = `${messageOf(error)}${words === "" ? "" : `: ${cutText(words, mostWords)}`}`;
    throw new TapbackError("MCP_SERVER", `The MCP server ${name} does not work: ${detail}`, {
      hint: `Try by hand what stands under mcpServers.${name} in the agent's runtime.`,
      cause: error,
    });
  } finally {
    stop();
  }
}

async function transportOf(
  { command, args, env, cwd, url, headers }: McpServerSettings,
  definition: Pick<AgentDefinition, "workspace">,
  deps: McpServerParts["deps"],
): Promise<Transport & { stderr?: string }> {
  if (url !== undefined) return new HttpTransport(url, headers ?? {}, deps.clock);
  const program = { command: command ?? "", ...(args && { args }), ...(env && { env }), ...(cwd && { cwd }) };
  const own = Object.fromEntries(inherited.map((variable) => [variable, deps.env[variable]]));
  return StdioTransport.open(programOptions(program, definition, { ...deps, env: own }, {}));
}

function limitedBy(signal: AbortSignal, clock: Clock): { limited: AbortSignal; stop: () => void } {
  const limit = new AbortController();
  const stop = clock.after(
    startMs,
    () => limit.abort(new Error(`it was not ready within ${startMs / 1000} s`)),
    { unref: true },
  );
  return { limited: AbortSignal.any([signal, limit.signal]), stop };
}
