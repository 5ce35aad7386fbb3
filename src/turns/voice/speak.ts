import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { VoiceCommand } from "../../config/index.js";
import { isRecording } from "../../conversation/index.js";
import { type StagedFile, stageFile } from "../../outbound/index.js";
import { err, errnoOf, ok, type Result, TapbackError } from "../../platform/index.js";
import { inspect } from "../media/inspect.js";
import { runVoiceCommand, type VoicePlace } from "./voice-command.js";

/** Where a spoken answer is made, and where it waits to be sent. */
export interface SpeechPlaces {
  /** Of this answer alone: removed afterwards. */
  folder: string;
  /** Of files that wait to be sent. */
  outgoing: string;
  maxMb: number;
  /** The name that people see, without its ending. */
  name: string;
}

/**
 * Has a program speak a text into a file (behaviour 18.6), and keeps that to be sent. The text goes on stdin.
 * @returns `SPEAK_FAILED`, or why the file cannot be sent
 */
export async function speak(
  text: string,
  command: VoiceCommand,
  { folder, outgoing, maxMb, name }: SpeechPlaces,
  where: VoicePlace,
  signal: AbortSignal,
): Promise<Result<StagedFile, TapbackError>> {
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${name}.m4a`);
    const run = await runVoiceCommand(command, { ...where, file, folder, signal, input: `${text}\n` });
    if (!run.ok) return failed(run.detail);
    const made = await inspect(file, "").catch((error) => {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    });
    if (made === undefined) return failed(`${command.command} wrote no file`);
    if (!isRecording(made.type.mimeType)) return failed(`${command.command} wrote no recording`);
    // Many programs write WAV whatever they are asked for; Messages goes by the ending.
    const named = join(folder, `${name}${made.type.ending}`);
    await rename(file, named);
    return ok(await staged(named, outgoing, maxMb));
  } catch (error) {
    return error instanceof TapbackError ? err(error) : failed("the recording cannot be kept", error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function staged(path: string, outgoing: string, maxMb: number): Promise<StagedFile> {
  const done = await stageFile(path, outgoing, maxMb);
  if (!done.ok) throw done.error;
  return done.value;
}

function failed(message: string, cause?: unknown): Result<never, TapbackError> {
  return err(new TapbackError("SPEAK_FAILED", message, cause === undefined ? {} : { cause }));
}
