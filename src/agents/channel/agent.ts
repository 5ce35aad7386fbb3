import type { Agent, AgentEvent, AgentTurn } from "../contract.js";
import type { AgentDefinition, AgentDeps } from "../definition.js";
import { EventQueue } from "../event-queue.js";
import { mediaRoots } from "../media.js";
import { Delivery, detached } from "./delivery.js";

/**
 * A session that runs already, and attached itself (behaviour 20.4): a turn is pushed into it and ends with its answer. Where
 * none is attached the turn is given back with `AGENT_DETACHED`, and waits.
 */
export function createChannelAgent(
  { workspace }: Pick<AgentDefinition, "workspace">,
  { channels }: Pick<AgentDeps, "channels">,
): Agent {
  const chats = new Map<string, string>();
  return {
    run: (turn, signal) => {
      chats.set(turn.envelope.sessionKey, turn.envelope.chat.target);
      return run(turn, signal, workspace, channels);
    },
    reset: async (sessionKey) => channels?.startedOver(sessionKey, chats.get(sessionKey) ?? ""),
    close: async () => {},
  };
}

async function* run(
  turn: AgentTurn,
  signal: AbortSignal,
  workspace: string,
  channels: AgentDeps["channels"],
): AsyncGenerator<AgentEvent> {
  signal.throwIfAborted();
  if (!channels) throw detached();
  const events = new EventQueue();
  const delivery = new Delivery(turn, events, mediaRoots(turn, workspace));
  const onAbort = () => events.fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    channels.deliver(delivery);
    yield* events;
  } finally {
    signal.removeEventListener("abort", onAbort);
    channels.runEnded(delivery);
  }
}
