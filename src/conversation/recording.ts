import { splitName } from "./file-name.js";
import type { Attachment } from "./message.js";

/** What recordings of Apple's and of other phones are where nobody declared their type, by uti and by ending. */
const byUti = new Map([
  ["com.apple.coreaudio-format", "audio/x-caf"],
  ["com.apple.m4a-audio", "audio/mp4"],
  ["org.3gpp.adaptive-multi-rate-audio", "audio/amr"],
]);
const byEnding = new Map([
  [".caf", "audio/x-caf"],
  [".m4a", "audio/mp4"],
  [".amr", "audio/amr"],
]);

/** The type that a file came with; Apple leaves it empty on many recordings. @returns "" where nothing tells */
export function declaredOf({
  mimeType,
  uti,
  name,
  path,
}: Pick<Attachment, "mimeType" | "uti" | "name" | "path">): string {
  return mimeType || byUti.get(uti) || byEnding.get(splitName(name || path).ending.toLowerCase()) || "";
}

/** Whether Messages recorded it, so that its text is what was said: it calls such a file so, or keeps it as CAF (protocol reference 4.7). */
export function isVoiceMessage(file: Pick<Attachment, "mimeType" | "uti" | "name" | "path">): boolean {
  if (file.uti === "com.apple.coreaudio-format") return true;
  return declaredOf(file) === "audio/x-caf" || /^Audio Message\./.test(file.name);
}

/** Whether somebody speaks, or sings, in a file of this type. */
export function isRecording(mimeType: string): boolean {
  return mimeType.startsWith("audio/");
}
