import type { Envelope, EnvelopeAttachment } from "../../conversation/index.js";

/** The same envelope with its files put elsewhere, one after the other. @param put gives a file's new path; undefined where it is lost */
export async function withFilesPut(
  envelope: Envelope,
  put: (path: string) => Promise<string | undefined>,
): Promise<Envelope> {
  const moved = async (files: EnvelopeAttachment[]): Promise<EnvelopeAttachment[]> => {
    const all: EnvelopeAttachment[] = [];
    for (const { path, ...file } of files) {
      const now = path === undefined ? undefined : await put(path);
      const isLost = path !== undefined && now === undefined;
      all.push({
        ...file,
        ...(now !== undefined && { path: now }),
        ...(isLost && { note: "the file was lost" }),
      });
    }
    return all;
  };
  const messages: Envelope["messages"] = [];
  for (const message of envelope.messages) {
    const { replyTo, attachments } = message;
    const answered = replyTo?.attachments && {
      replyTo: { ...replyTo, attachments: await moved(replyTo.attachments) },
    };
    messages.push({ ...message, attachments: await moved(attachments), ...answered });
  }
  const context: Envelope["context"] = [];
  for (const earlier of envelope.context)
    context.push(
      earlier.attachments ? { ...earlier, attachments: await moved(earlier.attachments) } : earlier,
    );
  return { ...envelope, messages, context };
}

/**
 * Whether a turn may have files: with what was written, with what that answers, or with what was said before.
 * @param withAnswered whether files of a message that is answered count
 */
export function mayHaveFiles({ messages, context }: Envelope, withAnswered = true): boolean {
  return (
    messages.some(
      ({ attachments, replyTo }) => attachments.length > 0 || (withAnswered && replyTo !== undefined),
    ) || context.some(({ attachments }) => attachments !== undefined && attachments.length > 0)
  );
}
