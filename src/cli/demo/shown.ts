/** What Messages holds of a message beside its words. */
export interface Extras {
  /** Apple's id of the effect that it was sent with. */
  effect?: string | undefined;
  /** GUID of the first message of its thread. */
  thread?: string | undefined;
  poll?: { question: string; options: string[] } | undefined;
  /** Paths of its files. */
  attachments: string[];
}

/**
 * A message as text that shows what Messages would draw: the message that it replies to, the poll, the effect, its files.
 * @param quoted finds the text of a message by its GUID
 */
export function shownText(
  text: string,
  extras: Extras,
  quoted: (guid: string) => string | undefined,
): string {
  const { effect, thread, poll, attachments } = extras;
  const replied = thread === undefined ? undefined : quoted(thread);
  return [
    ...(thread === undefined ? [] : [replied === undefined ? "↪ in a thread" : `↪ “${replied}”`]),
    ...(poll === undefined ? [] : [`Poll: ${poll.question}`, ...poll.options.map((option) => `○ ${option}`)]),
    ...(text === "" ? [] : [text]),
    ...attachments.map((path) => `[file ${path.split("/").at(-1)}]`),
    ...(effect === undefined ? [] : [`(sent with ${effectName(effect)})`]),
  ].join("\n");
}

/** `com.apple.messages.effect.CKConfettiEffect` is `confetti`. */
function effectName(id: string): string {
  const last = id.split(".").at(-1)!;
  return (/^CK(.+)Effect$/.exec(last)?.[1] ?? last).toLowerCase();
}
