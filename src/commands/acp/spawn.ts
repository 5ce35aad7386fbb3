import { randomUUID } from "node:crypto";
import { knownAgent, knownAgents } from "../../agents/index.js";
import { normalizeId, resolveAgents } from "../../config/index.js";
import type { SessionSettings } from "../../store/index.js";
import { acpSessionKey } from "../../turns/index.js";
import type { CommandContext } from "../contract.js";
import { readOptions } from "./options.js";

export const spawnUsage =
  "/acp spawn <agent> --bind here [--cwd <folder>] [--mode persistent|oneshot] [--model <name>]";

/** Binds this conversation to a new session of an ACP agent (behaviour 6.4). */
export async function spawn(context: CommandContext, text: string): Promise<string> {
  const { store, entry, chatKey, clock } = context;
  const typed = readOptions(text, ["bind", "cwd", "mode", "model"]);
  const [name, ...more] = typed?.words ?? [];
  if (!typed || name === undefined || more.length > 0) return `Usage: ${spawnUsage}`;
  const { bind = "here", ...options } = typed.options;
  if (bind.toLowerCase() !== "here")
    return "Only --bind here is possible: a session answers in a conversation.";
  const bound = await store.bindings.find(entry.account, [chatKey]);
  if (bound) return `This conversation is bound to ${bound.agentId} already. /acp close ends that.`;
  const refused = refusalOf(name, context);
  if (refused !== undefined) return refused;
  const settings = settingsOf(options, context);
  if (typeof settings === "string") return settings;
  const agentId = normalizeId(name);
  const sessionKey = acpSessionKey(agentId, randomUUID());
  await store.bindings.bind(
    { account: entry.account, chatKey, sessionKey, agentId, createdAt: clock.now() },
    settings,
  );
  const where = settings.cwd === undefined ? "" : ` in ${settings.cwd}`;
  return `This conversation is bound to ${agentId} now${where}. It starts with your next message; /acp close ends it.`;
}

/** Why an agent cannot be spawned; undefined when it can. */
function refusalOf(name: string, { config, gateway }: CommandContext): string | undefined {
  const { allowedAgents } = config.acp;
  const id = normalizeId(name);
  const configured = resolveAgents(config).find((agent) => agent.id === id && agent.runtime.type === "acp");
  const known = knownAgent(name);
  if (!configured && !known) {
    const own = resolveAgents(config).filter(({ runtime }) => runtime.type === "acp");
    const names = [...new Set([...own.map((agent) => agent.id), ...Object.keys(knownAgents)])].sort();
    return `There is no ACP agent "${name}". Known: ${names.join(", ")}.`;
  }
  if (allowedAgents && !allowedAgents.some((allowed) => normalizeId(allowed) === id))
    return `${id} may not be spawned here (acp.allowedAgents).`;
  if (!configured && known && config.acp.command === undefined && !gateway.sessions.hasProgram(known.command))
    return `${known.command} is not installed where the gateway runs. Get it: ${known.install ?? "install Node.js with npx"}.`;
  return undefined;
}

function settingsOf(
  { cwd, mode, model }: Record<string, string>,
  { gateway }: CommandContext,
): SessionSettings | string {
  const settings: SessionSettings = {};
  if (cwd !== undefined) {
    const folder = gateway.sessions.folder(cwd);
    if (folder === undefined)
      return `${cwd} is not a folder where the gateway runs. Give a path that starts with / or ~.`;
    settings.cwd = folder;
  }
  if (mode !== undefined) {
    if (mode !== "persistent" && mode !== "oneshot") return `Usage: ${spawnUsage}`;
    settings.mode = mode;
  }
  if (model !== undefined) settings.model = model;
  return settings;
}
