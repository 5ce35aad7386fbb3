import type { Manner } from "./manner.js";

/** It reads the past, and looks for words in it. */
export const looksBack: Manner = {
  name: "looks-back",
  weight: 8,
  async act({ turn, name, chatId, ledger, random }) {
    const { history } = turn;
    if (history === undefined) return undefined;
    const told = await (random.chance(0.5) ? history.recent(20) : history.search("asks", 20)).catch(() => []);
    ledger.looks.push({ name, chatId, texts: told.map(({ text }) => text) });
    return undefined;
  },
};
