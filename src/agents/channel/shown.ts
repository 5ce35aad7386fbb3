import type { Envelope } from "../../conversation/index.js";
import type { AgentTurn } from "../contract.js";
import { renderTurn } from "../rendering.js";
import type { ChannelEvent } from "./event.js";

/** Most that a turn is rendered to, UTF-16 code units. */
const maxTurnText = 100_000;

type Push = ChannelEvent & { type: "push" };

/** A turn as it is pushed into a session: its rendering, and what tells it from others as attributes. */
export function pushOf({ envelope, attempt }: Pick<AgentTurn, "envelope" | "attempt">): Push {
  const { turnId, systemPrompt, sender } = envelope;
  const rules = systemPrompt === undefined ? [] : [`<instructions>\n${systemPrompt}\n</instructions>`];
  const again =
    attempt > 1
      ? [
          "This may have been pushed before; it was not answered. Do not do again what is done, and answer it once.",
        ]
      : [];
  return {
    type: "push",
    turnId,
    content: unclosed([...rules, ...again, renderTurn(envelope, maxTurnText)].join("\n\n")),
    meta: {
      turn_id: turnId,
      ...placeOf(envelope),
      sender: plain(sender.handle),
      from_owner: String(sender.isOwner),
      ...(attempt > 1 && { attempt: String(attempt) }),
    },
  };
}

/** Says that a message that was pushed is over without an answer. */
export function overPush(envelope: Envelope, why: string): Push {
  const content = `The message with turn_id ${envelope.turnId} ${why}. Do not answer it any more.`;
  return { type: "push", content, meta: { over: envelope.turnId, ...placeOf(envelope) } };
}

/** Says that people of a conversation began anew. */
export function freshPush(chat: string): Push {
  const content = `The conversation ${plain(chat)} was started over: what was said in it before does not count any more.`;
  return { type: "push", content, meta: { chat: plain(chat) } };
}

/** Says that another session took the place of this one. */
export const replacedPush: Push = {
  type: "push",
  content:
    "Another session is attached in place of this one. No messages come here any more, and answers from here are refused.",
  meta: { replaced: "true" },
};

function placeOf({ chat, accountId }: Envelope): Record<string, string> {
  return { chat: plain(chat.target), account: plain(accountId) };
}

/** Attributes are told with quotes around them. */
function plain(text: string): string {
  return text.replace(/[\s"<>&]+/g, " ").trim();
}

/** Text of a chat never closes the frame in which a client shows it. */
function unclosed(text: string): string {
  return text.replace(/<(?=\/?\s*channel\b)/gi, "‹");
}
