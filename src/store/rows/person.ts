import {
  type Envelope,
  type EnvelopeMessage,
  type MessageRow,
  readableText,
  replyLine,
} from "../../conversation/index.js";
import type { IsPerson } from "../people.js";

/**
 * Whether a session in which nobody else is known to have written is one with the person alone.
 * @param untold some of its turns tell of nobody: the peer in its key decides
 */
export function isOfPersonAlone(key: string, untold: boolean, isPerson: IsPerson): boolean {
  return !untold || isPerson(key.split(":direct:").at(1)?.replace(/^raw:/, "") ?? "");
}

/** The target in the place of one that named a person who was forgotten, as JSON. */
export const nobodysTarget = JSON.stringify({ kind: "handle", handle: "", service: "auto" });

/** So many code units of a quoted text tell whose it is: a note may cut the rest. */
const quoted = 40;

/**
 * Whether a note of an agent is about what a person did, or quotes what was said by or to them.
 * @param bodies rows of the journal as JSON
 * @param sent texts of sends to the person
 */
export function notesAbout(
  own: ReadonlySet<string>,
  bodies: readonly string[],
  sent: readonly string[],
): (note: string) => boolean {
  const rows = bodies.map((body) => JSON.parse(body) as Partial<MessageRow>);
  const names = new Set(rows.flatMap(({ senderName }) => senderName || []));
  const texts = rows.flatMap(({ text, poll }) => [text, poll?.question]);
  const said = new Set(
    [...texts, ...sent].flatMap((text) =>
      typeof text === "string" ? readableText(text).split(/\r?\n/, 1)[0]!.slice(0, quoted) || [] : [],
    ),
  );
  return (note) =>
    [...own].some((handle) => note.includes(handle)) ||
    [...names].some((name) => note.startsWith(`${name} `)) ||
    [...said].some((words) => note.includes(`"${words}`));
}

/**
 * The envelope of a turn of others without what a person said in it: among their messages, as context and in what they answered.
 * @param isAbout of a turn that has not ended: which of its notes go; absent: all
 */
export function withoutPerson(
  envelope: string,
  own: ReadonlySet<string>,
  isAbout: (note: string) => boolean = () => true,
): object {
  const told = JSON.parse(envelope) as Partial<Envelope>;
  const all = told.messages ?? [];
  const messages = all
    .filter(({ sender }) => !own.has(sender?.handle ?? ""))
    .map(({ replyTo, ...message }) =>
      replyTo === undefined || own.has(replyTo.sender ?? "") ? message : { ...message, replyTo },
    );
  return {
    ...told,
    messages,
    context: (told.context ?? []).filter(({ sender }) => !own.has(sender)),
    notes: (told.notes ?? []).filter((note) => !isAbout(note)),
    text: textOf(messages),
    chat: {
      ...told.chat,
      participants: (told.chat?.participants ?? []).filter((each) => !own.has(each)),
    },
  };
}

/** Messages as one text: each with its writer where they are of several people. */
function textOf(messages: readonly Pick<EnvelopeMessage, "sender" | "text" | "replyTo">[]): string {
  const named = new Set(messages.map(({ sender }) => sender?.handle)).size > 1;
  return messages
    .map(({ sender, text, replyTo }) => {
      const line = named && sender ? `${sender.name ?? sender.handle}: ${text}` : text;
      return replyTo?.text ? `${replyLine(replyTo)}\n${line}` : line;
    })
    .join("\n");
}
