import { cutText, shownText, untypedCommands } from "../conversation/index.js";
import { ownerNotices, showable } from "../outbound/index.js";
import { draftWords, ownersOf } from "../turns/index.js";
import type { ChatCommand } from "./contract.js";

/** Sent drafts that are looked through for the one that is answered. */
const lookedThrough = 200;
/** An owner reads it on a phone, UTF-16 code units. */
const longest = 3000;

/** What somebody who was let in nowhere answers to an owner's message: it goes to that owner (behaviour 10.3a). */
export const forwardCommand: ChatCommand = {
  name: untypedCommands.forward,
  quick: true,
  who: "anyone",
  async run({ store, entry, handle, chatKeys, config }) {
    const { account, row } = entry;
    const sent = await store.drafts.list({ account, states: ["sent"], limit: lookedThrough });
    const answered = sent.find(({ approves, chatKey }) => approves && chatKeys.includes(chatKey));
    const owners = await ownersOf(config, account, store);
    const asked = owners.filter((owner) => owner === answered?.forOwner);
    const words = cutText(shownText(row), longest);
    const text = draftWords.forwarded({ name: row.senderName, handle }, words, row.attachments.length);
    return { text: "", notices: ownerNotices(asked.length > 0 ? asked : owners, showable(text)) };
  },
};
