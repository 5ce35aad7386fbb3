import type { AgentSession } from "../../agents/index.js";
import type { ChatBinding } from "../../store/index.js";

/** A session of an account: one that a conversation is bound to, or that a process runs for now (behaviour 6.4). */
export interface KnownSession {
  sessionKey: string;
  /** The conversation that is bound to it, as bindings know it, and its agent; absent where the configuration says which it is. */
  bound?: Pick<ChatBinding, "chatKey" | "agentId">;
  state: "asleep" | "waiting" | "working";
}

/** Puts what is bound and what runs together, what is bound first. */
export function knownSessions(
  bound: readonly ChatBinding[],
  running: readonly AgentSession[],
): KnownSession[] {
  const stateOf = (session: AgentSession | undefined): KnownSession["state"] =>
    session === undefined ? "asleep" : session.busy ? "working" : "waiting";
  return [
    ...bound.map(({ chatKey, sessionKey, agentId }) => ({
      sessionKey,
      bound: { chatKey, agentId },
      state: stateOf(running.find((each) => each.sessionKey === sessionKey)),
    })),
    ...running
      .filter(({ sessionKey }) => !bound.some((each) => each.sessionKey === sessionKey))
      .map((each) => ({ sessionKey: each.sessionKey, state: stateOf(each) })),
  ];
}
