import { tapbackEmoji } from "../../conversation/index.js";
import { isBlank, renderMarkdown } from "../../outbound/index.js";
import { err, ok, TapbackError } from "../../platform/index.js";
import { nothingLeft, refuse } from "../refuse.js";
import { readTapback } from "../tapback.js";
import { messageId, text } from "./parameter.js";
import { row } from "./row.js";

/** What is about messages that are there. */
export const messageRows = {
  react: row({
    toggle: "reactions",
    ability: "react",
    parameters: {
      messageId: { ...messageId, required: true },
      emoji: {
        kind: "word",
        about: `${Object.keys(tapbackEmoji).join(", ")}, or an emoji`,
        otherNames: ["reaction"],
        value: "name",
      },
      remove: { kind: "flag", about: "take it off; without emoji whichever is ours" },
    },
    command: {
      words: "react",
      about: "put a tapback on a message, or take it off",
      examples: [
        "tapback message react --target chat_id:42 --message-id 7k --emoji love",
        "tapback message react --target chat_id:42 --message-id 7k --remove",
      ],
    },
    async plan({ messageId, emoji, remove }, { messages, onMac }) {
      const message = await messages.named(messageId);
      if (!message.ok) return message;
      const { guid } = message.value;
      const given = emoji === undefined ? undefined : readTapback(emoji);
      if (given && !given.ok) return given;
      if (given === undefined && !remove) return refuse("react needs emoji");
      const reaction = given?.value ?? (await messages.ownTapback(guid));
      if (reaction === undefined)
        return err(new TapbackError("TAPBACK_UNKNOWN", "there is no tapback of ours on this message"));
      return ok(onMac("react", { message: guid, reaction, remove }));
    },
  }),
  edit: row({
    toggle: "edit",
    ability: "edit",
    parameters: { messageId: { ...messageId, required: true }, text: { ...text, required: true } },
    command: {
      words: "edit",
      about: "change a message of ours",
      examples: ['tapback message edit --target chat_id:42 --message-id 7k --message "See you at 6"'],
    },
    async plan({ messageId, text }, { messages, onMac }) {
      const message = await messages.own(messageId);
      if (!message.ok) return message;
      // imsg takes plain text for an edit (protocol reference 6.3).
      const { text: shown } = renderMarkdown(text);
      return isBlank(shown) ? nothingLeft() : ok(onMac("edit", { message: message.value.guid, text: shown }));
    },
  }),
  unsend: row({
    toggle: "unsend",
    ability: "unsend",
    parameters: { messageId: { ...messageId, required: true } },
    command: {
      words: "unsend",
      about: "take a message of ours back",
      examples: ["tapback message unsend --target chat_id:42 --message-id 7k"],
    },
    async plan({ messageId }, { messages, onMac }) {
      const message = await messages.own(messageId);
      return message.ok ? ok(onMac("unsend", { message: message.value.guid })) : message;
    },
  }),
};
