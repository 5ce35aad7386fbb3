import { ok } from "../../platform/index.js";
import { refuse } from "../refuse.js";
import { files, text } from "./parameter.js";
import { row } from "./row.js";

/** What every Mac can, and nobody can switch off. */
export const plainRows = {
  send: row({
    writes: true,
    begins: true,
    parameters: { text, media: files },
    command: {
      words: "send",
      about: "send a message",
      examples: [
        'tapback message send --target +15550100123 --message "See you at 5"',
        "tapback message send --target chat_id:42 --media ./plan.pdf",
      ],
    },
    async plan({ text, media }, { texts, item, files }) {
      if (text === undefined && media.length === 0) return refuse("send needs text or media");
      const sends = text === undefined ? [] : texts(text);
      for (const path of media) {
        const ready = await files.ready({ path });
        if (!ready.ok) return ready;
        sends.push(item({ file: ready.value }));
      }
      return ok({ sends });
    },
  }),
  read: row({
    looks: true,
    begins: true,
    parameters: { limit: { kind: "number", about: "how many messages", most: 100, fallback: 20 } },
    command: {
      words: "read",
      about: "list the newest messages of a conversation with their ids",
      examples: ["tapback message read --target chat_id:42 --limit 5"],
    },
    plan: ({ limit }, { messages }) => ok({ look: () => messages.newest(limit) }),
  }),
};
