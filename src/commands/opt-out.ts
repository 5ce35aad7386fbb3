import { type ForgeableService, untypedCommands } from "../conversation/index.js";
import { ownerNotices, showable } from "../outbound/index.js";
import { ownersOf } from "../turns/index.js";
import type { ChatCommand } from "./contract.js";

/** How an owner reads over what it came. */
const by: Record<ForgeableService, string> = {
  sms: "by SMS",
  rcs: "by RCS",
  unknown: "over a service that nothing tells",
};

/** STOP: ends everything to its sender, and says so once; of one that could be forged an owner hears (behaviour 3.7). */
export const optOutCommand: ChatCommand = {
  name: untypedCommands.optOut,
  quick: true,
  who: "anyone",
  async run({ handle, silent, over, entry, config, store }) {
    const text = "You will get no more messages from here. Write START to change that.";
    const done = { origin: "opt-out", urgent: true, optOut: { handle, value: true } } as const;
    const answer = { text: silent ? "" : text, ...done };
    if (over === undefined) return answer;
    const name = entry.row.senderName;
    const who = name ? `${name} (${handle})` : handle;
    const news = `STOP came from ${who} ${by[over]}, where a sender can be forged. Nothing goes there any more until they write START.`;
    const owners = await ownersOf(config, entry.account, store);
    return { ...answer, notices: ownerNotices(owners, showable(news)) };
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
