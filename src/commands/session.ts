import { isAcpSession } from "../turns/index.js";
import type { CommandContext, TypedCommand } from "./contract.js";
import { sharedSessions } from "./shared-sessions.js";

/** A conversation that is bound to an ACP session does what its owners say (behaviour 12). */
const forOwners = "This conversation is bound to an agent of its owner; only an owner may do that.";
const isRefused = ({ sessionKey, isOwner }: CommandContext) => isAcpSession(sessionKey) && !isOwner;

/** What would be forgotten is what others said too (behaviour 5.2a). */
const forOwnersOfShared = ({ hasOwner }: CommandContext) =>
  `Others share the agent's memory here, so only an owner may start it over${
    hasOwner ? "." : ", and none is set. Set commands.ownerAllowFrom in the configuration."
  }`;

/** Whether anybody but the sender writes in the same session in a chat of their own. */
async function sharesMemory({ config, store, sessionKey }: CommandContext): Promise<boolean> {
  return (await sharedSessions(config, store)).some((shared) => shared.sessionKey === sessionKey);
}

/** What is on its way of an answer is stopped like the turn that makes one; what others of the session get goes on. */
export const stopAnswers = ({ store, entry, chatKeys, clock }: CommandContext) =>
  store.outbox.stopAnswers(entry.account, chatKeys, clock.now());

const reset = (name: string): TypedCommand => ({
  name,
  usage: `/${name}`,
  summary: "start over: the agent forgets this conversation",
  quick: false,
  who: "admitted",
  async run(context) {
    if (isRefused(context)) return forOwners;
    const { gateway, sessionKey } = context;
    if (!context.isOwner && (await sharesMemory(context))) return forOwnersOfShared(context);
    await gateway.cancel(sessionKey);
    await stopAnswers(context);
    await gateway.reset(sessionKey);
    return { text: "Done. We start afresh.", urgent: true };
  },
});

/** `/new` and `/reset` (behaviour 6.4, 12). */
export const newCommand = reset("new");
export const resetCommand = reset("reset");

/** `/stop`: ends what the agent is doing here. */
export const stopCommand: TypedCommand = {
  name: "stop",
  usage: "/stop",
  summary: "stop what the agent is doing here",
  quick: true,
  who: "admitted",
  async run(context) {
    if (isRefused(context)) return forOwners;
    const { gateway, sessionKey, origin } = context;
    const held = await context.endHeld();
    const ended = (await gateway.cancel(sessionKey, origin)).length;
    const unsent = await stopAnswers(context);
    // What was held would have been one turn.
    return { text: whatStopped(held > 0 ? ended + 1 : ended, unsent), urgent: true };
  },
};

/** @param ended turns, begun or not @param unsent messages of answers */
function whatStopped(ended: number, unsent: number): string {
  if (ended > 1) return `Stopped, and dropped ${ended - 1} waiting.`;
  if (ended === 1) return "Stopped.";
  return unsent === 0 ? "Nothing is running." : "Stopped: the rest of the answer is not sent.";
}

/** `/queue`: what waits. */
export const queueCommand: TypedCommand = {
  name: "queue",
  usage: "/queue",
  summary: "what is running and what waits",
  quick: false,
  who: "admitted",
  async run({ store, entry, config }) {
    const { queued, running } = await store.turns.counts(entry.account);
    const { pending, sending } = await store.outbox.counts(entry.account);
    return `${running} running, ${queued} waiting, ${pending + sending} to send. Mode: ${config.messages.queue.mode}.`;
  },
};
