import type { SendRequest } from "../bridge/index.js";
import type { OutboxItem } from "../store/index.js";
import type { SenderSettings } from "./sender-settings.js";

/** What the bridge is asked to send of an item, beside where to. */
export function requestOf(item: OutboxItem, settings: SenderSettings): Omit<SendRequest, "target"> {
  return {
    transport: settings.transport,
    region: settings.region,
    text: item.text,
    attemptId: item.attemptId,
    file: item.file,
    replyTo: item.replyTo,
    runs: item.runs,
    effect: item.effect,
    voice: item.voice,
    strict: item.strict,
  };
}

/** What goes of a send whose file may not: of a recording the text that it says (behaviour 18.6). @returns undefined where nothing does */
export function withoutFile({ file: _, voice, ...rest }: OutboxItem): OutboxItem | undefined {
  return voice && !rest.strict && rest.text ? rest : undefined;
}

/** An error as it is kept with a send: what happened, and what to do. */
export function withHint(error: { message: string; hint?: string }): string {
  return error.hint ? `${error.message} (${error.hint})` : error.message;
}
