import { cutText } from "../../conversation/index.js";
import { chunkText, showable } from "../../outbound/index.js";
import type { Draft } from "../../store/index.js";

/** Longest message of a draft, UTF-16 code units: it is read on a phone. */
const maxBubble = 3000;
/** Most that is shown of a draft; of a longer one nobody would read all. */
const maxShown = 24_000;
/** Longest name of a draft in a list. */
const maxTitle = 120;

/** A poll with the choices of a draft. */
export interface DraftPoll {
  question: string;
  options: string[];
}

function howTo(id: string): string {
  return `1. Send\n2. Drop\nAnswer with a number, yes or no, 👍 or 👎, or reply to this with better words. Or: /drafts send ${id}`;
}

/** Everything that people and agents read about drafts (behaviour 18.1). */
export const draftWords = {
  /**
   * A draft as owners are asked about it, over several messages where it is long; the choices are in the last.
   * @param lines what it would send and do, in order
   * @returns none when it is too long to be shown, and so to be approved by a number
   */
  asked({ id, to }: Pick<Draft, "id" | "to">, lines: readonly string[]): string[] {
    const body = showable(lines.join("\n"));
    if (body.length > maxShown) return [];
    const how = howTo(id);
    const whole = `${showable(`To ${to}:`)}${lines.length === 1 ? " " : "\n"}${body}\n${how}`;
    if (whole.length <= maxBubble) return [whole];
    const parts = chunkText(body, { limit: maxBubble });
    return [
      ...parts.map((part, index) => `${showable(`To ${to}`)}, ${index + 1} of ${parts.length}:\n${part}`),
      `${showable(`The draft to ${to}`)} is all above.\n${how}`,
    ];
  },

  /** The same where the choices go as a poll: all that it would send, and the poll with what stands in its place. */
  polled(
    draft: Pick<Draft, "id" | "to">,
    lines: readonly string[],
  ): { shown: string[]; choices: string; poll: DraftPoll } {
    const { id, to } = draft;
    const body = showable(lines.join("\n"));
    const shown =
      body.length <= maxBubble
        ? [`${showable(`To ${to}:`)}${lines.length === 1 ? " " : "\n"}${body}`]
        : draftWords.asked(draft, lines).slice(0, -1);
    const question = showable(cutText(`Send this to ${to}?`, maxTitle));
    return { shown, choices: `${question}\n${howTo(id)}`, poll: { question, options: ["Send", "Drop"] } };
  },

  tooLong({ id, to }: Pick<Draft, "id" | "to">, length: number): string {
    return `${showable(`A draft to ${to}`)} is too long to be shown here (${length} characters). Read it with \`tapback drafts show ${id}\`; then /drafts send ${id} or /drafts drop ${id}.`;
  },

  /** One line that names a draft. */
  title({ to }: Pick<Draft, "to">, lines: readonly string[]): string {
    return showable(cutText(`To ${to}: ${lines.join(" ").replace(/\s+/g, " ")}`, maxTitle));
  },

  /** A draft in a list. */
  listed({ id, overtakenAt }: Pick<Draft, "id" | "overtakenAt">, title: string): string {
    return `${id}: ${title}${overtakenAt === undefined ? "" : " (overtaken by a newer message)"}`;
  },

  noneWait: "No draft waits.",

  unknown(id: string): string {
    return `There is no draft ${cutText(id, 20)}. /drafts lists those that wait.`;
  },

  sent({ to }: Pick<Draft, "to">, inOtherWords: boolean): string {
    return showable(`Sent to ${to}${inOtherWords ? ", in your words" : ""}.`);
  },

  dropped({ to }: Pick<Draft, "to">): string {
    return showable(`Dropped: nothing goes to ${to}.`);
  },

  reworded({ to }: Pick<Draft, "to">): string {
    return showable(`The draft to ${to} reads so now, and waits.`);
  },

  /** Better words of which nothing is left to be read. */
  wordless({ to }: Pick<Draft, "to">): string {
    return showable(`Nothing is left to be read of these words: the draft to ${to} waits as it is.`);
  },

  /** A decision that comes after the first, or after the time is over. */
  tooLate({ state, to, decidedBy }: Pick<Draft, "state" | "to" | "decidedBy">): string {
    const by = decidedBy === undefined ? "" : ` (${decidedBy})`;
    switch (state) {
      case "sent":
        return showable(`That was sent to ${to} already${by}.`);
      case "dropped":
        return showable(`That draft to ${to} was dropped already${by}.`);
      default:
        return showable(`That draft to ${to} was dropped: nobody said yes in time.`);
    }
  },

  /** An answer to a draft as it was shown before it got other words. */
  readsOtherwise({ id, to }: Pick<Draft, "id" | "to">): string {
    return showable(
      `The draft to ${to} reads otherwise by now, so that does not count: answer the newer message, or /drafts show ${id}.`,
    );
  },

  /** A bare number or word that would mean a draft which a newer message overtook. */
  needsName({ id, to }: Pick<Draft, "id" | "to">): string {
    return showable(
      `${to} has written again since, so say which draft: /drafts send ${id}, /drafts drop ${id}, or reply to it.`,
    );
  },

  overtaken({ id, to }: Pick<Draft, "id" | "to">): string {
    return showable(
      `There is a newer message in the chat with ${to}, so the draft ${id} may not fit any more. It is not sent unless you say so: /drafts send ${id}, /drafts drop ${id}, or reply to it.`,
    );
  },

  expired({ to }: Pick<Draft, "to">, title: string): string {
    return `Nobody said yes in time, so nothing went to ${showable(to)}. ${title}`;
  },

  /** To an owner: what came back from somebody to whom one message of theirs went. */
  forwarded(
    { name, handle }: { name: string | undefined; handle: string },
    words: string,
    files: number,
  ): string {
    const who = name === undefined ? handle : `${name} (${handle})`;
    const more =
      files === 0 ? "" : ` (with ${files === 1 ? "a file" : `${files} files`}: see \`tapback inbox\`)`;
    return `${who} answers you: ${words}${more}`;
  },

  /** To the agent, before it answers. */
  isReviewed: "What you write and do in this chat waits as a draft until an owner says yes to it.",

  /** To the agent, at its next turn. */
  waitsStill({ id, to }: Pick<Draft, "id" | "to">): string {
    return `What you wrote to ${to} last waits for an owner's yes (draft ${id}).`;
  },

  toldSent({ id, to }: Pick<Draft, "id" | "to">, words: readonly string[] | undefined): string {
    if (words === undefined) return `An owner said yes to the draft ${id}: it went to ${to}.`;
    return `An owner sent other words to ${to} in the place of the draft ${id}: ${words.join("\n")}`;
  },

  toldDropped({ id, to }: Pick<Draft, "id" | "to">): string {
    return `An owner dropped the draft ${id}: nothing of it went to ${to}.`;
  },

  toldExpired({ id, to }: Pick<Draft, "id" | "to">): string {
    return `No owner said yes to the draft ${id} in time: nothing of it went to ${to}.`;
  },
};
