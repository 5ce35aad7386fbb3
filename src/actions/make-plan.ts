import { chatKeyOf } from "../conversation/index.js";
import { removeStaged } from "../outbound/index.js";
import { err, type Result, TapbackError } from "../platform/index.js";
import type { ActionContext } from "./context.js";
import { readyFile } from "./files.js";
import type { NamedMessage } from "./message-id.js";
import type { ActionRequest } from "./parameters.js";
import { rowInChat } from "./past.js";
import type { Plan, PlanContext } from "./plan.js";
import { recentMessages } from "./recent.js";
import { nothingLeft } from "./refuse.js";
import { rowOf } from "./rows/index.js";
import { messageFor } from "./scope.js";
import { originOf, textItems } from "./sends.js";
import { ownTapback } from "./tapback.js";

/** Makes the plan of an action; nothing has happened yet when it is an error. */
export async function planOf(
  { action, ...parameters }: ActionRequest,
  context: ActionContext,
): Promise<Result<Plan, TapbackError>> {
  const row = rowOf(action);
  if (!row.begins && context.where.chat === undefined)
    return err(
      new TapbackError("CHAT_NOT_FOUND", "there is no conversation with this person yet", {
        hint: "Send a plain message first.",
      }),
    );
  const plan = await row.plan(parameters, planContext(context));
  return plan.ok && "sends" in plan.value && plan.value.sends.length === 0 ? nothingLeft() : plan;
}

function planContext(context: ActionContext): PlanContext {
  const { bridge, account, actor, settings, where } = context;
  const { target, chat = { id: 0, guid: "" } } = where;
  const origin = originOf(actor);
  return {
    region: settings().region,
    messages: {
      named: (messageId) => messageFor(messageId, context),
      own: (messageId) => ownMessage(messageId, context),
      newest: (limit) => recentMessages(context, limit),
      ownTapback: (guid) => ownTapback(context, account, chat.id, guid),
      poll: (guid) => pollOf(guid, context),
    },
    files: {
      ready: (given, asVoice) => readyFile(given, actor.files, asVoice),
      remove: removeStaged,
    },
    item: (content) => ({ target, chatKey: chatKeyOf(target), origin, ...content }),
    texts: (text, extras) => textItems(target, origin, text, settings(), extras),
    queued: (name, parameters) => ({
      ...{ target, chatKey: chatKeyOf(target), origin, act: { name, parameters: { ...parameters } } },
      ...(chat.guid !== "" && { chatGuid: chat.guid }),
    }),
    onMac: (action, parameters) => ({
      run: () => bridge.actions.act(action, chat, parameters),
      act: { name: action, parameters: { ...parameters } },
    }),
  };
}

/** Only what we wrote can be changed (behaviour 11.1): what nothing here knows is looked for in the chat. */
async function ownMessage(
  messageId: string,
  context: ActionContext,
): Promise<Result<NamedMessage, TapbackError>> {
  const message = await messageFor(messageId, context);
  if (!message.ok || message.value.fromMe) return message;
  const { guid, fromMe } = message.value;
  const chatId = context.where.chat?.id ?? 0;
  const row = fromMe === undefined ? await rowInChat(guid, context.bridge, chatId) : undefined;
  if (row?.fromMe) return message;
  return err(
    new TapbackError("MESSAGE_NOT_OURS", "only our own messages can be edited or unsent", {
      hint: "The action `read` lists the conversation's messages with their ids.",
    }),
  );
}

/** A poll that is older than the journal, or was made a moment ago, is looked for in the chat. */
async function pollOf(
  guid: string,
  { bridge, store, account, where }: ActionContext,
): Promise<Record<string, unknown> | undefined> {
  const known = (await store.journal.findByGuid(guid, account))?.row.poll;
  return known ?? (await rowInChat(guid, bridge, where.chat?.id ?? 0))?.poll;
}
