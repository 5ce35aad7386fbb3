import type { Envelope, EnvelopeAttachment } from "../conversation/index.js";

/** A file that an agent can read. */
export type ReadableFile = EnvelopeAttachment & { path: string };

/** The files of a turn that can be read: those of its messages and of what they answer, then those of what was said before. */
export function readableFiles({ messages, context }: Envelope): ReadableFile[] {
  const answered = messages.flatMap(({ replyTo }) => replyTo ?? []);
  return [...messages, ...answered, ...context]
    .flatMap(({ attachments = [] }) => attachments)
    .filter((file): file is ReadableFile => file.path !== undefined);
}
