import type { SendRequest } from "../bridge/index.js";
import { remedyOf } from "../platform/error-codes/index.js";
import { type ErrorCode, messageOf, ok, type Result, TapbackError } from "../platform/index.js";
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

interface Why {
  code: ErrorCode;
  message: string;
}

/**
 * What goes of a send: with its file as that lies ready; of a recording whose file may not go out, the text that it says (behaviour 18.6).
 * @returns the result's error where nothing goes; an error where the file cannot be had ready now, say because the disk is full
 */
export async function whatGoes(
  item: OutboxItem,
  fileOf: (item: OutboxItem) => Promise<Result<string, Why>>,
): Promise<Result<OutboxItem, Why> | TapbackError> {
  if (item.file === undefined) return ok(item);
  const file = await fileOf(item).catch(notReady);
  if (file instanceof TapbackError) return file;
  if (file.ok) return ok({ ...item, file: file.value });
  const { file: _, voice, ...rest } = item;
  return voice && !rest.strict && rest.text ? ok(rest) : file;
}

function notReady(cause: unknown): TapbackError {
  const hint = remedyOf("FILE_UNREADABLE")!;
  return new TapbackError("FILE_UNREADABLE", messageOf(cause), { hint, cause });
}

/** An error as it is kept with a send: what happened, and what to do. */
export function withHint(error: { message: string; hint?: string }): string {
  return error.hint ? `${error.message} (${error.hint})` : error.message;
}
