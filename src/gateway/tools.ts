import { createHash } from "node:crypto";
import type { MessageTool, ScheduleTool } from "../agents/index.js";
import { parseTarget } from "../conversation/index.js";
import { chatKeyOf } from "../inbound/index.js";
import { type Clock, err, TapbackError } from "../platform/index.js";
import type { Store, Turn } from "../store/index.js";

/** What an agent may do while its turn runs, bound to the conversation of that turn. */
export function toolsFor(
  turn: Turn,
  store: Store,
  clock: Clock,
): { message: MessageTool; schedule: ScheduleTool } {
  const { sessionKey, account } = turn;
  const target = parseTarget(turn.envelope.chat.target);
  if (!target.ok) throw target.error;
  const chatKey = chatKeyOf(target.value);
  let scheduled = 0;
  const mine = () => store.schedule.list(sessionKey).filter((message) => message.item.chatKey === chatKey);
  return {
    message: {
      act: async (action) =>
        err(
          new TapbackError("ACTION_UNAVAILABLE", `iMessage ${action} requires the imsg private API bridge`, {
            hint: "Run `imsg launch` on the Mac.",
          }),
        ),
      offered: () => [],
    },
    schedule: {
      add: async (dueAt, text) => {
        // The same for the same turn, however often a crash makes it run.
        const id = createHash("sha256").update(`${turn.id} ${scheduled++}`).digest("hex").slice(0, 10);
        const item = { target: target.value, chatKey, origin: "schedule" as const, text };
        await store.schedule.add({ id, account, sessionKey, dueAt, createdAt: clock.now(), item });
        return id;
      },
      list: async () => mine().map(({ id, dueAt, item }) => ({ id, dueAt, text: item.text ?? "" })),
      cancel: async (id) => (mine().some((message) => message.id === id) ? store.schedule.cancel(id) : false),
    },
  };
}
