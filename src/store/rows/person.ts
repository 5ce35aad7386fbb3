import type { Envelope } from "../../conversation/index.js";
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

/** The envelope of a turn of others without what a person said in it, as context and in what it answered. */
export function withoutPerson(envelope: string, own: ReadonlySet<string>): object {
  const told = JSON.parse(envelope) as Partial<Envelope>;
  const messages = (told.messages ?? []).map(({ replyTo, ...message }) =>
    replyTo === undefined || own.has(replyTo.sender ?? "") ? message : { ...message, replyTo },
  );
  return {
    ...told,
    messages,
    context: (told.context ?? []).filter(({ sender }) => !own.has(sender)),
    notes: [],
    text: messages.map(({ text }) => text).join("\n"),
    chat: {
      ...told.chat,
      participants: (told.chat?.participants ?? []).filter((each) => !own.has(each)),
    },
  };
}
