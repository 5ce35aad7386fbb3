import type { ErrorTexts } from "./error-text.js";

/** Why a message was not sent, or is not known to be. */
export const sendingErrors = {
  RECIPIENT_REFUSED: {
    happened: "No rule lets a message out to this conversation.",
    remedy: "Let the person in (docs/access.md); who said STOP has to write START.",
  },
  PACED: {
    happened: "The message waits, since enough was sent for now.",
    remedy: "Nothing: it goes out by itself; the limits are under channels.imessage.outbound.",
  },
  UNANSWERED: {
    happened: "Too many messages in a row got no answer from this person.",
    remedy:
      "Nothing: it goes on when the person writes; channels.imessage.outbound.unansweredLimit says how many.",
  },
  FIRST_MESSAGE: {
    happened: "An agent's first messages to somebody who has not written yet carry no links and files.",
    remedy:
      'Let it write without them first, send it yourself (`tapback message send`), or set channels.imessage.outbound.firstMessage to "any".',
  },
  EXPIRED: {
    happened: "The message could not be sent in time and is not sent late.",
    remedy: "Mend what kept it back, then send it again; outbound.ttlMinutes says how late is too late.",
  },
  NOT_SENT: {
    happened: "The message was not sent.",
    remedy: "Look at `tapback channels status`, then send it again.",
  },
  OUTCOME_UNKNOWN: {
    happened: "Nobody can tell whether it was done, so it was not repeated.",
    remedy: "Look in Messages on the Mac before you repeat it.",
  },
  NOT_FOUND_IN_HISTORY: {
    happened: "The message never reached its chat.",
    remedy: "Nothing while it is tried again; else look in Messages on the Mac, and send it once more.",
  },
  NOT_DELIVERED: {
    happened: "Messages says that the message was not delivered.",
    remedy: "Look at the chat on the Mac.",
  },
  STOPPED: {
    happened: "The answer was stopped before this part of it went out.",
    remedy: "Nothing: somebody wrote /stop, /new or /reset; ask again.",
  },
  EARLIER_PART_FAILED: {
    happened: "An earlier part of the same answer or message was not sent, so this part was not sent either.",
    remedy: "See what is wrong with the earlier part.",
  },
  DRAFT_UNKNOWN: {
    happened: "There is no draft of this name.",
    remedy: "List those that wait with `tapback drafts list`.",
  },
  DRAFT_WORDLESS: {
    happened: "Nothing of the words that a draft was to get is left to be read.",
    remedy: "Write words that can be read; what is to go to nobody is dropped with `tapback drafts drop ID`.",
  },
  DRAFT_SETTLED: {
    happened: "The draft does not wait any more: it was sent or dropped.",
    remedy:
      "See what became of it with `tapback drafts show ID`; ask the agent again for what is still wanted.",
  },
  QUESTION_SETTLED: {
    happened: "What the agent asked is not open any more: it was answered, or its time or its turn is over.",
    remedy: "See in the inbox what became of the message; ask the agent again for what is still wanted.",
  },
  NOT_APPROVED: {
    happened:
      "No owner said yes to this draft: it was dropped, its time was over, or other words went in its place.",
    remedy: "See `tapback drafts show ID`; ask the agent again for what is still wanted.",
  },
} satisfies ErrorTexts;
