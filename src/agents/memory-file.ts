import type { Envelope } from "../conversation/index.js";

/** What an agent noted for good, in its workspace (behaviour 6.8). */
export const memoryFile = "MEMORY.md";

/**
 * Whether a turn may see the memory, write it, and send it: an owner's in a direct chat. What was noted there is private;
 * others see it in no chat, and in a group everybody reads the answer.
 */
export function maySeeMemory({ sender, chat }: Envelope): boolean {
  return sender.isOwner && !chat.isGroup;
}
