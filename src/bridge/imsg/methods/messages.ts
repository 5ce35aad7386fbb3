import { change, type Done, type MessageKey, method, sendMs } from "./method.js";

/** What changes a message that is there. */
export const messageMethods = {
  tapback: method<
    MessageKey & ({ reaction: string } | { emoji: string }) & { remove?: boolean; part_index?: number },
    Done & { reaction?: string; emoji?: string }
  >({
    ...change,
    // Since 0.15 imsg waits 150 s for the answer, as with sends (protocol reference 14).
    timeoutMs: sendMs,
    selectors: ["sendReaction"],
    command: {
      name: "tapback",
      options: { message_id: "message", reaction: "kind" },
      flags: { remove: "remove" },
    },
  }),
  "message.edit": method<
    MessageKey & { text: string; backwards_compatibility_message?: string; part_index?: number },
    Done
  >({
    ...change,
    selectors: ["editMessageItem", "editMessage", "editMessageItemTranslation"],
    command: { name: "edit", options: { message_id: "message", text: "new-text" } },
  }),
  "message.unsend": method<MessageKey & { part_index?: number }, Done>({
    ...change,
    selectors: ["retractMessagePart"],
    command: { name: "unsend", options: { message_id: "message" } },
  }),
  "message.delete": method<MessageKey, Done>({ ...change, selectors: ["deleteMessage"] }),
  "message.notifyAnyways": method<MessageKey, Done>({ ...change, selectors: ["notifyAnyways"] }),
};
