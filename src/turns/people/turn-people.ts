import type { Envelope } from "../../conversation/index.js";
import { normalizeHandle } from "../../conversation/index.js";

/**
 * Everybody whose words a turn answers, in normal form: its sender, and with messages of several people in one turn each of
 * them. Of a scheduled turn it is who made it.
 * @param region for numbers without `+`
 */
export function peopleOfTurn(
  { sender, messages }: Pick<Envelope, "sender" | "messages">,
  region: string,
): string[] {
  const handles = [sender, ...messages.map((message) => message.sender ?? sender)].map(({ handle }) =>
    normalizeHandle(handle, region),
  );
  return [...new Set(handles)].filter((handle) => handle !== "");
}
