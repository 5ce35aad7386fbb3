import type { Manner } from "./manner.js";

/** It puts a tapback on the message. */
export const reacts: Manner = {
  name: "reacts",
  weight: 4,
  async act({ turn }) {
    await turn.message.act("react", { messageId: turn.envelope.messages[0]?.sid, emoji: "love" });
    return undefined;
  },
};
