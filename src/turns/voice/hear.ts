import {
  type Attachment,
  type EnvelopeAttachment,
  isRecording,
  isVoiceMessage,
} from "../../conversation/index.js";
import { messageOf } from "../../platform/index.js";
import type { Transcript } from "./transcribe.js";

/** What is known of the words in a file, and what an agent is told of it. */
export interface Hearing {
  /** Absent where nobody was asked. */
  transcript?: Transcript;
  note?: string;
}

/**
 * Finds the words of a file that was made ready: those that Messages wrote down, else those of a program (behaviour 18.6).
 * @param words of its message; "" where it has none
 * @param transcribe absent where no program is configured
 */
export async function hear(
  file: Attachment,
  { path, mimeType }: EnvelopeAttachment,
  words: string,
  transcribe: ((recording: string) => Promise<Transcript>) | undefined,
): Promise<Hearing> {
  const isVoice = isVoiceMessage(file);
  if (path === undefined || !(isVoice || isRecording(mimeType))) return {};
  if (isVoice && words !== "") return { note: "a voice message; the text is its transcription" };
  const what = isVoice ? "a voice message" : "a recording";
  if (!transcribe) return isVoice ? { note: `${what} without a transcription` } : {};
  const transcript = await transcribe(path).catch(
    (error): Transcript => ({
      ok: false,
      detail: messageOf(error),
      brief: "the recording could not be kept",
    }),
  );
  const known = words === "" ? "; the text is its transcription" : "; the text ends with its transcription";
  return { transcript, note: `${what}${transcript.ok ? known : " without a transcription"}` };
}
