import type { ChatRow } from "../../messages-app/chats.js";
import { deliver } from "../../messages-app/deliver.js";
import type { Written } from "../../messages-app/insert.js";
import { createPoll, pollNamed, vote } from "../../messages-app/poll.js";
import { overBridge, passBridge } from "../bridge-gate.js";
import { invalidParams } from "../errors.js";
import type { Call, Method } from "../method.js";
import { addressed, dylibError, existing, targetAnd } from "../target.js";
import { replyOf } from "./rich.js";

/** Sends a poll. */
export const sendPoll = overBridge(async (call: Call) => {
  const { params, world } = call;
  if (params.raw("comment") !== undefined && params.raw("suppress_comment", "suppressComment") === true)
    throw invalidParams("comment and suppress_comment cannot be combined");
  const [where, { question, options }] = targetAnd(call, () => {
    const asked = params.text("question");
    if (!asked) throw invalidParams("question is required");
    return { question: asked, options: optionsOf(call) };
  });
  await passBridge(call, "send-poll");
  const chat = existing(call, where, "send-poll");
  const { replyTo } = replyOf(call, "send-poll");
  const created = createPoll(world, { chat, from: "me" }, question, options, replyTo);
  const { poll } = created;
  const described = {
    kind: "created",
    event: "imessage.poll.created",
    question,
    options: poll.options,
    sessionIdentifier: created.guid,
  };
  // It goes with the poll since 0.12.3, and is told of since 0.15 (protocol reference 3.3).
  const comment = world.since("0.12.3") ? sendCaption(call, chat, question) : undefined;
  const told = world.since("0.15.0") ? { comment } : {};
  return { chat, written: created as Written, poll: described, ...told };
});

/** What may be chosen; blank ones are none. */
function optionsOf({ params }: Call): string[] {
  const given = params.raw("options", "option");
  // One text is one option here, also with commas in it.
  const list = typeof given === "string" ? [given] : params.list("options", "option");
  if (list === undefined) throw invalidParams("options is required");
  const options = list.map((option) => option.trim()).filter((option) => option !== "");
  if (options.length < 2) throw invalidParams("at least two poll options are required");
  return options;
}

/** The caption follows as a message of its own, and is told in three states (protocol reference 20). */
function sendCaption(call: Call, chat: ChatRow, question: string): Record<string, unknown> {
  const { params, world } = call;
  const comment = params.text("comment");
  const suppressed = params.flag("suppress_comment", "suppressComment") ?? false;
  if (suppressed) return { requested: false, sent: false };
  const fault = world.faults.fires("caption", call.method);
  const failed = (disposition: string, sent: boolean | null) => ({
    requested: true,
    sent,
    error: "The caption was not seen",
    disposition,
    retry_safe: disposition === "not_started",
  });
  if (fault && !fault.stored && !fault.inFlight) return failed("not_started", false);
  if (fault?.inFlight) return failed("still_in_flight", null);
  const { guid } = deliver(world, { chat, from: "me", text: comment || question }, call.method);
  if (fault) return { ...failed("may_have_completed", null), verified: false, message_guid: guid };
  return { requested: true, sent: true, verified: true, message_guid: guid };
}

/** Votes in a poll, or takes the vote back. */
export const votePoll = overBridge(
  async (
    call: Call,
    remove: boolean,
  ): Promise<{
    chat: ChatRow;
    written: Written;
    poll: string;
    option: { id: string; text: string };
    remaining: string[];
  }> => {
    const { params, world } = call;
    const action = remove ? "send-poll-unvote" : "send-poll-vote";
    const guid = params.text("poll_guid", "pollGuid", "poll_message_guid", "message_guid", "message_id");
    if (!guid) throw invalidParams("poll_guid is required");
    const id = params.text("option_id", "optionId", "optionIdentifier");
    const index = world.since("0.14.0") ? params.integer("option_index", "optionIndex") : undefined;
    const text = world.since("0.14.0") ? params.text("option") : undefined;
    const named = [id, index, text].filter((given) => given !== undefined).length;
    if (named === 0) throw invalidParams("option_id is required");
    if (named > 1) throw invalidParams("use exactly one of option_id, option_index and option");
    const where = addressed(call);
    await passBridge(call, action);
    const chat = existing(call, where, action);
    const poll = pollNamed(world, guid);
    if (poll === undefined) throw dylibError(call, action, `Poll not found: ${guid}`);
    const option = poll.options.find(
      (known, i) => known.id === id || i + 1 === index || known.text.toLowerCase() === text?.toLowerCase(),
    );
    if (option === undefined) throw dylibError(call, action, `Option not found in poll ${guid}`);
    const { remaining, ...written } = vote(world, { chat, from: "me" }, guid, option.id, remove);
    return { chat, written, poll: guid, option, remaining };
  },
);

const send: Method = {
  lane: "mutation",
  run: async (call) => {
    const { written, poll, comment } = await sendPoll(call);
    const { guid } = written;
    return { ok: true, event: poll.event, guid, message_id: guid, poll, ...(comment && { comment }) };
  },
};

function voting(remove: boolean): Method {
  return {
    lane: "mutation",
    run: async (call) => {
      const { written, poll, option, remaining } = await votePoll(call, remove);
      return {
        ok: true,
        event: `imessage.poll.${remove ? "unvoted" : "voted"}`,
        poll_guid: poll,
        option_id: option.id,
        option_text: option.text,
        guid: written.guid,
        message_id: written.guid,
        ...(remove ? { remaining_option_ids: remaining } : {}),
      };
    },
  };
}

export const pollMethods: Record<string, Method> = {
  "poll.send": send,
  "messages.poll.send": send,
  "poll.vote": voting(false),
  "messages.poll.vote": voting(false),
  "poll.unvote": voting(true),
  "polls.unvote": voting(true),
  "messages.poll.unvote": voting(true),
};
