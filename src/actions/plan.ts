import type { Ability, ActionOutcome, ChatRef } from "../bridge/index.js";
import { chatKeyOf, effectFor, effectNames, parseTarget } from "../conversation/index.js";

import { removeStaged } from "../outbound/index.js";
import { err, ok, type Result, TapbackError } from "../platform/index.js";
import type { NewOutboxItem } from "../store/index.js";
import type { PlanContext } from "./context.js";
import type { Conversation } from "./conversation.js";
import { readyFile } from "./files.js";
import type { NamedMessage } from "./message-id.js";
import type { ActionRequest } from "./parameters.js";
import { rowOf } from "./past.js";
import { recentMessages } from "./recent.js";
import { messageFor } from "./scope.js";
import { originOf, textItems } from "./sends.js";
import { ownTapback, readTapback } from "./tapback.js";
import { voteFor } from "./vote.js";

/** How an action is done: by looking, by sending through the outbox, or by one call of the bridge. */
export type Plan =
  | { look: () => Promise<Result<Record<string, unknown>, TapbackError>> }
  | { sends: NewOutboxItem[]; needs?: Ability }
  | { run: () => Promise<ActionOutcome> };

type Planned = Result<Plan, TapbackError>;

/** Makes the plan of an action; nothing has happened yet when it is an error. */
export async function planOf(request: ActionRequest, context: PlanContext): Promise<Planned> {
  const { bridge, where, actor, settings } = context;
  const { target } = where;
  const origin = originOf(actor);
  switch (request.action) {
    case "send":
      return send(request, context);
    case "read":
      return ok({ look: () => recentMessages(context, request.limit) });
    case "upload-file":
      return upload(request, context);
  }
  const { chat } = where;
  if (chat === undefined)
    return err(
      new TapbackError("CHAT_NOT_FOUND", "there is no conversation with this person yet", {
        hint: "Send a plain message first.",
      }),
    );
  switch (request.action) {
    case "sendWithEffect": {
      const effect = effectFor(request.effect);
      if (effect === undefined)
        return refuse(`there is no effect ${request.effect}; use ${effectNames.join(", ")}`);
      const sends = textItems(target, origin, request.text, settings(), { effect, strict: true });
      return ok({ sends, needs: "effect" });
    }
    case "reply": {
      const message = await messageFor(request.messageId, context);
      if (!message.ok) return message;
      const extras = { replyTo: message.value.guid, strict: true };
      return ok({ sends: textItems(target, origin, request.text, settings(), extras), needs: "reply" });
    }
    case "react":
      return react(request, chat, context);
    case "edit":
    case "unsend": {
      const message = await ownMessage(request.messageId, context);
      if (!message.ok) return message;
      const { guid } = message.value;
      return ok({
        run: () =>
          request.action === "edit"
            ? bridge.actions.act("edit", chat, { message: guid, text: request.text })
            : bridge.actions.act("unsend", chat, { message: guid }),
      });
    }
    case "setGroupIcon": {
      const file = await readyFile(request, actor.files);
      if (!file.ok) return file;
      const icon = file.value;
      // Messages has read it when it answers; the outbox, which clears up after itself, never had it.
      const run = () =>
        bridge.actions.act("setGroupIcon", chat, { file: icon }).finally(() => removeStaged(icon));
      return ok({ run });
    }
    case "renameGroup":
      return ok({
        run: () => bridge.actions.act("renameGroup", chat, { name: request.name }),
      });
    case "addParticipant":
    case "removeParticipant": {
      const person = parseTarget(request.address, settings().region);
      if (!person.ok || person.value.kind !== "handle")
        return refuse(`${request.address} is not a phone number or an e-mail address`);
      const address = person.value.handle;
      return ok({ run: () => bridge.actions.act(request.action, chat, { address }) });
    }
    case "leaveGroup":
      return ok({ run: () => bridge.actions.act("leaveGroup", chat, {}) });
    case "poll": {
      const message =
        request.messageId === undefined ? undefined : await messageFor(request.messageId, context);
      if (message && !message.ok) return message;
      const { question, options } = request;
      const replyTo = message?.value.guid;
      return ok({
        run: () => bridge.actions.act("poll", chat, { question, options, replyTo }),
      });
    }
    case "poll-vote": {
      const message = await messageFor(request.messageId, context);
      if (!message.ok) return message;
      const option = voteFor(request, await pollOf(message.value.guid, context));
      if (!option.ok) return option;
      return ok({
        run: () => bridge.actions.act("pollVote", chat, { poll: message.value.guid, option: option.value }),
      });
    }
  }
}

async function send(
  { text, media }: Extract<ActionRequest, { action: "send" }>,
  { where: { target }, actor, settings }: PlanContext,
): Promise<Planned> {
  if (text === undefined && media.length === 0) return refuse("send needs text or media");
  const origin = originOf(actor);
  const sends = text === undefined ? [] : textItems(target, origin, text, settings());
  for (const path of media) {
    const file = await readyFile({ path }, actor.files);
    if (!file.ok) return file;
    sends.push({ target, chatKey: chatKeyOf(target), origin, file: file.value });
  }
  return ok({ sends });
}

async function upload(
  request: Extract<ActionRequest, { action: "upload-file" }>,
  context: PlanContext,
): Promise<Planned> {
  const { where, actor, settings } = context;
  const message = request.messageId === undefined ? undefined : await messageFor(request.messageId, context);
  if (message && !message.ok) return message;
  const file = await readyFile(request, actor.files, request.asVoice);
  if (!file.ok) return file;
  const { target } = where;
  const item: NewOutboxItem = {
    target,
    chatKey: chatKeyOf(target),
    origin: originOf(actor),
    file: file.value,
    ...(message && { replyTo: message.value.guid }),
    ...(request.asVoice && { voice: true, strict: true }),
  };
  const caption = request.text === undefined ? [] : textItems(target, item.origin, request.text, settings());
  return ok({ sends: [item, ...caption], needs: request.asVoice ? "voice" : "attachment" });
}

async function react(
  request: Extract<ActionRequest, { action: "react" }>,
  chat: ChatRef,
  context: PlanContext,
): Promise<Planned> {
  const { bridge, store, account, where } = context;
  const message = await messageFor(request.messageId, context);
  if (!message.ok) return message;
  const { guid } = message.value;
  const given = request.emoji === undefined ? undefined : readTapback(request.emoji);
  if (given && !given.ok) return given;
  if (given === undefined && !request.remove) return refuse("react needs emoji");
  const reaction = given?.value ?? (await ownTapback(store, account, chatIdOf(where), guid));
  if (reaction === undefined)
    return err(new TapbackError("TAPBACK_UNKNOWN", "there is no tapback of ours on this message"));
  return ok({
    run: () => bridge.actions.act("react", chat, { message: guid, reaction, remove: request.remove }),
  });
}

/** Only what we wrote can be changed (behaviour 11.1): what nothing here knows is looked for in the chat. */
async function ownMessage(
  messageId: string,
  context: PlanContext,
): Promise<Result<NamedMessage, TapbackError>> {
  const message = await messageFor(messageId, context);
  if (!message.ok || message.value.fromMe) return message;
  const { guid, fromMe } = message.value;
  const row = fromMe === undefined ? await rowOf(guid, context.bridge, chatIdOf(context.where)) : undefined;
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
  { bridge, store, account, where }: PlanContext,
): Promise<Record<string, unknown> | undefined> {
  const known = store.journal.findByGuid(guid, account)?.row.poll;
  return known ?? (await rowOf(guid, bridge, chatIdOf(where)))?.poll;
}

function chatIdOf({ chat }: Conversation): number {
  return chat?.id ?? 0;
}

function refuse(message: string): { ok: false; error: TapbackError } {
  return err(new TapbackError("ACTION_PARAMETERS", message));
}
