import { decodePlist, encodePlist, isDictionary } from "../chat-db/binary-plist.js";

/** `attachment.user_info` of a voice message whose words macOS wrote down: a binary property list (protocol reference 8.1). */
export function transcriptionInfo(words: string): Uint8Array {
  return encodePlist({ "audio-transcription": words });
}

/** @returns the words of {@link transcriptionInfo}; undefined for anything else */
export function transcriptionIn(info: unknown): string | undefined {
  const held = info instanceof Uint8Array ? decodePlist(info) : undefined;
  const words = isDictionary(held) ? held["audio-transcription"] : undefined;
  return typeof words === "string" ? words : undefined;
}
