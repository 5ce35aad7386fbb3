import { version } from "../platform/index.js";
import type { LiveSession } from "../turns/index.js";
import type { TypedCommand } from "./contract.js";

/** `/status`: how the gateway is. */
export const statusCommand: TypedCommand = {
  name: "status",
  usage: "/status",
  summary: "how the gateway and this conversation are",
  quick: false,
  who: "admitted",
  async run({ gateway, entry, agentId, sessionKey, store, isOwner, handle }) {
    const { queued, running } = await store.turns.counts(entry.account);
    const lines = [
      `Tapback ${version}`,
      `iMessage ${entry.account}: ${await gateway.verdictOf(entry.account)}`,
      `Agent ${agentId}, ${running} running, ${queued} waiting.`,
    ];
    const served = { agentId, account: entry.account, chat: entry.row.chat, handle };
    const live = gateway.liveSession(sessionKey, served);
    if (live) lines.push(liveLine(live));
    if (isOwner) lines.push(`Session ${sessionKey}`);
    return lines.join("\n");
  },
};

function liveLine({ attachedSince, waitingSince }: LiveSession): string {
  const iso = (at: number) => new Date(at).toISOString();
  if (attachedSince !== undefined) return `A session is attached since ${iso(attachedSince)}.`;
  if (waitingSince === undefined) return "No session is attached.";
  return `Waiting for an attached session since ${iso(waitingSince)}.`;
}

/** `/whoami`: how the gateway knows the sender. */
export const whoamiCommand: TypedCommand = {
  name: "whoami",
  usage: "/whoami",
  summary: "how you are known here",
  quick: false,
  who: "admitted",
  async run({ entry, isOwner, handle }) {
    const { row } = entry;
    const name = row.senderName ? `${row.senderName}, ` : "";
    return `You are ${name}${handle}${isOwner ? ", an owner" : ""}.\nThis chat is chat_id:${row.chat.id}.`;
  },
};
