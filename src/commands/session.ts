import type { ChatCommand } from "./contract.js";

const reset = (name: string): ChatCommand => ({
  name,
  usage: `/${name}`,
  summary: "start over: the agent forgets this conversation",
  ownerOnly: false,
  async run({ gateway, sessionKey, agentId }) {
    await gateway.cancel(sessionKey);
    await gateway.reset(sessionKey, agentId);
    return "Done. We start afresh.";
  },
});

/** `/new` and `/reset` (behaviour 6.4, 12). */
export const newCommand = reset("new");
export const resetCommand = reset("reset");

/** `/stop`: ends what the agent is doing here. */
export const stopCommand: ChatCommand = {
  name: "stop",
  usage: "/stop",
  summary: "stop what the agent is doing here",
  ownerOnly: false,
  async run({ gateway, sessionKey }) {
    const ended = await gateway.cancel(sessionKey);
    if (ended === 0) return "Nothing is running.";
    return ended === 1 ? "Stopped." : `Stopped, and dropped ${ended - 1} waiting.`;
  },
};

/** `/queue`: what waits. */
export const queueCommand: ChatCommand = {
  name: "queue",
  usage: "/queue",
  summary: "what is running and what waits",
  ownerOnly: false,
  async run({ store, entry, config }) {
    const { queued, running } = store.turns.counts(entry.account);
    const { pending, sending } = store.outbox.counts(entry.account);
    return `${running} running, ${queued} waiting, ${pending + sending} to send. Mode: ${config.messages.queue.mode}.`;
  },
};
