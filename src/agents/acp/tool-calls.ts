import type { SessionUpdate, ToolCallUpdate } from "@agentclientprotocol/sdk";

/** Most calls of one prompt that are kept. */
const maxKept = 500;

/**
 * What an agent reported of the tool calls of one prompt, each as its updates left it. A permission request names a call, and
 * some agents say there nothing of what it would do.
 */
export class ToolCalls {
  readonly #calls = new Map<string, ToolCallUpdate>();

  /** Keeps what an update says of a tool call; other updates are ignored. Beyond the bound the oldest call is forgotten. */
  take(update: SessionUpdate): void {
    if (update.sessionUpdate !== "tool_call" && update.sessionUpdate !== "tool_call_update") return;
    const { sessionUpdate: _, ...call } = update;
    if (this.#calls.size >= maxKept) this.#calls.delete(this.#calls.keys().next().value!);
    this.#calls.set(call.toolCallId, this.whole(call));
  }

  /** A call with what is known of it; what it says itself wins. */
  whole(call: ToolCallUpdate): ToolCallUpdate {
    const before = this.#calls.get(call.toolCallId);
    const said = Object.entries(call).filter(([, value]) => value !== undefined && value !== null);
    return { ...before, ...(Object.fromEntries(said) as unknown as ToolCallUpdate) };
  }
}
