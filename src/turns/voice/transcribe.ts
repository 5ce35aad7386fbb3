import { constants } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Config, VoiceCommand } from "../../config/index.js";
import { cutText, readableText } from "../../conversation/index.js";
import { inspect } from "../media/inspect.js";
import { runVoiceCommand, type VoiceOutcome, type VoicePlace } from "./voice-command.js";

/** Of what was said, UTF-16 code units: half an hour of speech. */
const longestTranscript = 20_000;

/** What is said in a recording, or why nobody knows. */
export type Transcript = { ok: true; words: string } | Extract<VoiceOutcome, { ok: false }>;

/** Has a recording written down. @param place the recording, and a folder for it: in a private one, need not exist */
export type Transcriber = (
  place: { recording: string; folder: string },
  signal: AbortSignal,
) => Promise<Transcript>;

/** @returns what writes recordings down as the configuration has it now; undefined where nothing does */
export function transcriberOf({ voice }: Pick<Config, "voice">, where: VoicePlace): Transcriber | undefined {
  const { transcribe: command } = voice;
  return command && ((place, signal) => transcribe(place, command, where, signal));
}

/**
 * Has a program write down what is said in a recording (behaviour 18.6). It gets the recording under a name of our own in a folder
 * of its own, which is gone afterwards with all that it left there.
 * @param recording absolute
 * @param folder in a private one; need not exist
 */
export async function transcribe(
  { recording, folder }: { recording: string; folder: string },
  command: VoiceCommand,
  where: VoicePlace,
  signal: AbortSignal,
): Promise<Transcript> {
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    const { type } = await inspect(recording, "");
    const file = join(folder, `recording${type.ending}`);
    await copyFile(recording, file, constants.COPYFILE_FICLONE);
    const run = await runVoiceCommand(command, { ...where, file, folder, signal });
    if (!run.ok) return run;
    const words = cutText(readableText(run.stdout), longestTranscript);
    return words === ""
      ? { ok: false, detail: `${command.command} gave no words`, brief: "no words were heard" }
      : { ok: true, words };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
