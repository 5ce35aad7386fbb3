import { ok } from "../../platform/index.js";
import { voteFor } from "../vote.js";
import { messageId } from "./parameter.js";
import { row } from "./row.js";

export const pollRows = {
  poll: row({
    toggle: "polls",
    ability: "poll",
    writes: true,
    parameters: {
      question: { kind: "text", about: "what is asked", otherNames: ["pollQuestion"], required: true },
      options: {
        kind: "list",
        about: "the answers, two or more",
        least: 2,
        most: 12,
        otherNames: ["pollOption", "option"],
        option: "option",
        value: "text",
        required: true,
      },
      messageId,
    },
    command: {
      words: "poll",
      about: "send a poll",
      examples: [
        'tapback message poll --target chat_id:42 --question "When?" --option Friday --option Saturday',
      ],
    },
    async plan({ question, options, messageId }, { messages, queued }) {
      const message = messageId === undefined ? undefined : await messages.named(messageId);
      if (message && !message.ok) return message;
      const poll = { question, options, ...(message && { replyTo: message.value.guid }) };
      return ok({ sends: [queued("poll", poll)], needs: "poll" });
    },
  }),
  "poll-vote": row({
    toggle: "polls",
    ability: "pollVote",
    parameters: {
      messageId: { ...messageId, required: true },
      option: {
        kind: "word",
        about: "the answer, by its text or number",
        otherNames: ["pollOption"],
        value: "text",
      },
      optionId: { kind: "word", about: "the answer by its id", otherNames: ["pollOptionId"], value: "id" },
      optionIndex: {
        kind: "number",
        about: "the answer by its number, from 1",
        otherNames: ["pollOptionIndex"],
      },
    },
    command: {
      words: "poll-vote",
      about: "vote in a poll",
      examples: ["tapback message poll-vote --target chat_id:42 --message-id 7k --option Friday"],
    },
    async plan({ messageId, ...given }, { messages, onMac }) {
      const message = await messages.named(messageId);
      if (!message.ok) return message;
      const { guid } = message.value;
      const option = voteFor(given, await messages.poll(guid));
      return option.ok ? ok(onMac("pollVote", { poll: guid, option: option.value })) : option;
    },
  }),
};
