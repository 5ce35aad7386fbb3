import * as z from "zod";
import { meantChat } from "../../events/index.js";
import { replyFacts } from "../../facts/index.js";
import { unknown } from "../refusals.js";
import { route } from "../route.js";
import { send } from "../schemas.js";

export const sendRoutes = [
  route({
    id: "getSend",
    method: "get",
    path: "/v1/sends/{send}",
    scope: "send",
    summary: "Tell what became of something that this token sent.",
    parameters: {
      path: z.strictObject({
        send: z.coerce.number().int().min(1).describe("The `id` of a part of `Sent`."),
      }),
    },
    result: send,
    async handle({ path, reach, by, api }) {
      const item = await api.store.outbox.get(path.send);
      if (!item) throw unknown();
      const { account, target } = item;
      const meant = await meantChat(account, item, api.store);
      if (!reach.hasTarget(account, target, await reach.chats(account), meant)) throw unknown();
      // What others sent is for those who may read.
      if ((await api.store.actions.askerOf(item.account, item.id)) !== by) throw unknown();
      return replyFacts(item, (text) => text);
    },
  }),
];
