import { normalizeHandle } from "../conversation/index.js";
import { version } from "../platform/index.js";
import type { ChatCommand } from "./contract.js";

/** `/status`: how the gateway is. */
export const statusCommand: ChatCommand = {
  name: "status",
  usage: "/status",
  summary: "how the gateway and this conversation are",
  ownerOnly: false,
  async run({ gateway, entry, agentId, sessionKey, store, isOwner }) {
    const { queued, running } = store.turns.counts(entry.account);
    const lines = [
      `Tapback ${version}`,
      `iMessage ${entry.account}: ${gateway.verdictOf(entry.account)}`,
      `Agent ${agentId}, ${running} running, ${queued} waiting.`,
    ];
    if (isOwner) lines.push(`Session ${sessionKey}`);
    return lines.join("\n");
  },
};

/** `/whoami`: how the gateway knows the sender. */
export const whoamiCommand: ChatCommand = {
  name: "whoami",
  usage: "/whoami",
  summary: "how you are known here",
  ownerOnly: false,
  async run({ entry, isOwner }) {
    const { row } = entry;
    const name = row.senderName ? `${row.senderName}, ` : "";
    return `You are ${name}${normalizeHandle(row.sender)}${isOwner ? ", an owner" : ""}.\nThis chat is chat_id:${row.chat.id}.`;
  },
};
