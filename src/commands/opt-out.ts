import { untypedCommands } from "../conversation/index.js";
import type { ChatCommand } from "./contract.js";

/** STOP: ends everything to its sender, and says so once (behaviour 3.7). */
export const optOutCommand: ChatCommand = {
  name: untypedCommands.optOut,
  quick: true,
  who: "anyone",
  async run({ handle, silent }) {
    const text = "You will get no more messages from here. Write START to change that.";
    return { text: silent ? "" : text, origin: "opt-out", urgent: true, optOut: { handle, value: true } };
  },
};

/** START: takes STOP back. */
export const optInCommand: ChatCommand = {
  name: untypedCommands.optIn,
  quick: true,
  who: "anyone",
  async run({ handle, silent }) {
    const text = "Welcome back. You will get answers again.";
    return { text: silent ? "" : text, origin: "opt-out", optOut: { handle, value: false } };
  },
};
