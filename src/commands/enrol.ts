import { readPhrase } from "../access/index.js";
import { untypedCommands } from "../conversation/index.js";
import { youAreApproved } from "./approval/text.js";
import type { ChatCommand } from "./contract.js";
import { sharedMemoryWarning, sharedSessions } from "./shared-sessions.js";

/** The phrase of `tapback pair`: its writer is let in, and told so (behaviour 3.6). */
export const enrolCommand: ChatCommand = {
  name: untypedCommands.enrol,
  quick: true,
  who: "anyone",
  async run({ store, entry, handle, clock, log, config }) {
    const open = await store.enrolment.current(entry.account, clock.now());
    // Another one may have been opened since the gates judged the row; its phrase, and its rights, are not this writer's.
    if (!open || open.phrase !== readPhrase(entry.row.text)) return "";
    log.info(`let in by a phrase: ${handle}${open.owner ? ", as an owner" : ""}`, { account: entry.account });
    const joining = { account: entry.account, handle };
    const warning = sharedMemoryWarning(await sharedSessions(config, store, joining));
    if (warning) log.warn(warning, { account: entry.account });
    const enrolled = { enrolment: open.id, handle, chatId: entry.row.chat.id };
    return { text: youAreApproved(open.owner), origin: "approval", enrolled };
  },
};
