/** What the helper reports of an entry of `events.jsonl`: others' typing, addresses that the account lost (protocol reference 22). */
export function bridgeEvent(entry: Record<string, unknown>): Record<string, unknown> | undefined {
  if (entry.event === "aliases-removed") return { event: entry.event, data: {} };
  if (entry.event !== "started-typing" && entry.event !== "stopped-typing") return undefined;
  return {
    event: entry.event,
    ts: new Date(Number(entry.at)).toISOString().replace(/\.\d+Z$/, "Z"),
    data: { chatGuid: entry.chatGuid },
  };
}
