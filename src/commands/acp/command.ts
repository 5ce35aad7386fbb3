import type { AgentSession } from "../../agents/index.js";
import { isAcpSession, knownSessions } from "../../turns/index.js";
import type { CommandAnswer, CommandContext, TypedCommand } from "../contract.js";
import { stopAnswers } from "../session.js";
import { changeSetting, settingNames } from "./settings.js";
import { spawn, spawnUsage } from "./spawn.js";

const usage = "/acp spawn|close|status|cancel|sessions|steer|model|mode|cwd|permissions|timeout";

/** `/acp`: an owner binds this conversation to a session of an ACP agent, and steers it (behaviour 6.4). */
export const acpCommand: TypedCommand = {
  name: "acp",
  usage,
  summary: "bind this conversation to a coding agent",
  quick: false,
  who: "owners",
  async run(context) {
    const [, typed = "", rest = ""] = /^(\S*)\s*([\s\S]*)$/.exec(context.words) ?? [];
    const verb = typed.toLowerCase();
    if (verb === "" || verb === "help") return `Usage: ${usage}\n${spawnUsage}`;
    if (verb === "spawn") return spawn(context, rest);
    if (verb === "sessions") return { toOwner: await sessions(context) };
    if (verb === "close") return close(context);
    if (!(await isAcp(context))) return notBound;
    if (settingNames.includes(verb)) {
      const answer = await changeSetting(context, verb, rest.trim());
      return verb === "cwd" ? { toOwner: answer } : answer;
    }
    switch (verb) {
      case "status":
        return { toOwner: await status(context) };
      case "cancel":
        return cancel(context);
      case "steer":
        return steer(context, rest.trim());
      default:
        return `Usage: ${usage}`;
    }
  },
};

const notBound = `This conversation is not bound to an ACP agent. ${spawnUsage}`;

async function isAcp({ gateway, place }: CommandContext): Promise<boolean> {
  return (await gateway.sessions.describe(place)).type === "acp";
}

/** Of what it ends nothing more is sent, as with `/stop` (behaviour 12). */
async function cancel(context: CommandContext): Promise<CommandAnswer> {
  const ended = await context.gateway.cancel(context.sessionKey);
  const unsent = await stopAnswers(context);
  return { text: ended.length + unsent > 0 ? "Cancelled." : "Nothing is running.", urgent: true };
}

async function close({ store, entry, chatKey, sessionKey, gateway }: CommandContext): Promise<CommandAnswer> {
  const bound = await store.bindings.find(entry.account, [chatKey]);
  if (!bound) {
    if (!isAcpSession(sessionKey)) return notBound;
    await gateway.cancel(sessionKey);
    await gateway.reset(sessionKey);
    return {
      text: "The session is closed. The configuration binds this conversation, so the next message begins a new one.",
      urgent: true,
    };
  }
  await gateway.cancel(bound.sessionKey);
  await gateway.reset(bound.sessionKey);
  await store.bindings.unbind(entry.account, chatKey);
  return { text: `Closed. ${bound.agentId} does not answer here any more.`, urgent: true };
}

async function status({ gateway, place, sessionKey, store, entry }: CommandContext): Promise<string> {
  const { agent, cwd, mode, model, sessionMode } = await gateway.sessions.describe(place);
  const { permissions = "ask", timeoutSeconds } = await store.bindings.settings(sessionKey);
  const running = (await gateway.sessions.running(entry.account)).find(
    (each) => each.sessionKey === sessionKey,
  );
  const tokens = (await store.turns.usageOf(sessionKey)).reduce(
    (sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens,
    0,
  );
  return [
    `${agent}, ${stateOf(running)}, ${mode}`,
    `Session ${sessionKey}`,
    `Folder ${cwd}`,
    `Model ${model ?? "its own"}, mode ${sessionMode ?? "its own"}, permissions ${permissions}`,
    ...(timeoutSeconds === undefined ? [] : [`Time limit ${timeoutSeconds} s`]),
    ...(tokens === 0 ? [] : [`${tokens} tokens so far`]),
  ].join("\n");
}

async function sessions({ gateway, store, entry }: CommandContext): Promise<string> {
  const running = await gateway.sessions.running(entry.account);
  const known = knownSessions(await store.bindings.list(entry.account), running);
  const lines = known.map(({ sessionKey, bound, state }) =>
    bound
      ? `${bound.agentId} in ${bound.chatKey.replace(/^chat:/, "chat_id:")}: ${state}`
      : `${sessionKey}: ${state}`,
  );
  return lines.join("\n") || "There are no sessions.";
}

function stateOf(session: AgentSession | undefined): string {
  if (!session) return "asleep";
  return session.busy ? "working" : "waiting";
}

/** What is being done ends, and the words are the next message to the agent. */
async function steer({ gateway, sessionKey }: CommandContext, words: string): Promise<CommandAnswer> {
  if (words === "") return "Usage: /acp steer <what to do instead>";
  await gateway.cancel(sessionKey);
  return { prompt: words };
}
