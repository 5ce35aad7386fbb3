import { effectFor, effectNames } from "../../conversation/index.js";
import { ok } from "../../platform/index.js";
import { refuse } from "../refuse.js";
import { effect, file, messageId, text } from "./parameter.js";
import { row } from "./row.js";

/** What makes a message with something to it. */
export const sendingRows = {
  reply: row({
    toggle: "reply",
    ability: "reply",
    parameters: { messageId: { ...messageId, required: true }, text: { ...text, required: true } },
    command: {
      words: "reply",
      about: "answer a message in its thread",
      examples: ['tapback message reply --target chat_id:42 --message-id 7k --message "Yes, at 5"'],
    },
    async plan({ messageId, text }, { messages, texts }) {
      const message = await messages.named(messageId);
      if (!message.ok) return message;
      return ok({ sends: texts(text, { replyTo: message.value.guid, strict: true }), needs: "reply" });
    },
  }),
  sendWithEffect: row({
    toggle: "sendWithEffect",
    ability: "effect",
    writes: true,
    parameters: { text: { ...text, required: true }, effect: { ...effect, required: true } },
    command: {
      words: "effect",
      about: "send a message with an effect",
      examples: ['tapback message effect --target chat_id:42 --message "We did it" --effect confetti'],
    },
    plan({ text, effect }, { texts }) {
      const id = effectFor(effect);
      if (id === undefined) return refuse(`there is no effect ${effect}; use ${effectNames.join(", ")}`);
      return ok({ sends: texts(text, { effect: id, strict: true }), needs: "effect" });
    },
  }),
  "upload-file": row({
    toggle: "sendAttachment",
    ability: "attachment",
    writes: true,
    begins: true,
    olderName: "sendAttachment",
    parameters: {
      ...file,
      text,
      messageId,
      asVoice: { kind: "flag", about: "as a voice message", otherNames: ["voice"] },
    },
    command: {
      words: "upload",
      about: "send a file",
      examples: [
        "tapback message upload --target chat_id:42 --media ./plan.pdf",
        "tapback message upload --target chat_id:42 --media ./note.m4a --as-voice",
      ],
    },
    async plan({ text, messageId, asVoice, ...given }, { messages, files, item, texts }) {
      const message = messageId === undefined ? undefined : await messages.named(messageId);
      if (message && !message.ok) return message;
      const ready = await files.ready(given, asVoice);
      if (!ready.ok) return ready;
      const sent = item({
        file: ready.value,
        replyTo: message?.value.guid,
        ...(asVoice && { voice: true, strict: true }),
      });
      const caption = text === undefined ? [] : texts(text);
      return ok({ sends: [sent, ...caption], needs: asVoice ? "voice" : "attachment" });
    },
  }),
};
