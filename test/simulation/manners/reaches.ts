import { everybody } from "../cast.js";
import { outside } from "../words.js";
import type { Manner } from "./manner.js";

/** It writes to somebody else. */
export const reaches: Manner = {
  name: "reaches",
  weight: 6,
  async act({ turn, name, random, ledger }) {
    const { envelope } = turn;
    const others = everybody.filter((handle) => handle !== envelope.sender.handle);
    const to = envelope.chat.isGroup ? everybody[3]! : random.pick(others);
    const done = await turn.message.act("send", { to, text: `reached by t${name}.9.w${outside}` });
    const isOwners = envelope.sender.isOwner;
    ledger.reaches.push({ turnId: envelope.turnId, isOwners, what: `wrote to ${to}`, isDone: done.ok });
    return undefined;
  },
};

/** It puts a tapback on a message of somebody else's chat. */
export const touches: Manner = {
  name: "touches",
  weight: 4,
  async act({ turn, random, ledger, chatId }) {
    const { envelope } = turn;
    const elsewhere = ledger.inOrder
      .slice(-40)
      .filter((said) => said.chatId !== chatId && said.who !== envelope.sender.handle);
    if (elsewhere.length === 0) return undefined;
    const { guid, token } = random.pick(elsewhere);
    const done = await turn.message.act("react", { messageId: guid, emoji: "like" });
    const isOwners = envelope.sender.isOwner;
    ledger.reaches.push({ turnId: envelope.turnId, isOwners, what: `reacted to ${token}`, isDone: done.ok });
    return undefined;
  },
};

/** It sends a file that is not its own: the state of the gateway. */
export const steals: Manner = {
  name: "steals",
  weight: 3,
  act: ({ turn }) => ({
    files: turn.temporaryFolder === undefined ? [] : [`${turn.temporaryFolder}/../../state.db`],
  }),
};
