import { execFile } from "node:child_process";
import { rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { findProgram } from "../../platform/index.js";

/** A large photo takes a Mac about a second. */
const convertMs = 20_000;

/** What a file is turned into, and the programs that can: sips and afconvert come with macOS. */
interface Recipe {
  mimeType: string;
  ending: string;
  programs: { name: string; args: (from: string, to: string) => string[] }[];
}

/** The format is named, so that ffmpeg never guesses one that reads other files, and no other protocol is open to it. */
const ffmpeg = (format: string, from: string, ...how: string[]) =>
  ["-nostdin", "-v", "error", "-protocol_whitelist", "file", "-f", format, "-i", from, ...how].flat();

const recipes: Record<string, Recipe> = {
  "image/heic": {
    mimeType: "image/jpeg",
    ending: ".jpg",
    programs: [
      { name: "sips", args: (from, to) => ["-s", "format", "jpeg", from, "--out", to] },
      {
        name: "ffmpeg",
        args: (from, to) => ffmpeg("mov", from, "-frames:v", "1", "-q:v", "3", "-update", "1", to),
      },
    ],
  },
  "audio/x-caf": {
    mimeType: "audio/mp4",
    ending: ".m4a",
    programs: [
      { name: "afconvert", args: (from, to) => ["-f", "m4af", "-d", "aac", from, to] },
      { name: "ffmpeg", args: (from, to) => ffmpeg("caf", from, "-vn", "-c:a", "aac", to) },
    ],
  },
};

/** What files of a type should be turned into; undefined when they are fine as they are. */
export function easierType(mimeType: string): { mimeType: string; ending: string } | undefined {
  return recipes[mimeType];
}

/** A file that is turned into its easier type. */
export interface Conversion {
  mimeType: string;
  /** Absolute. */
  from: string;
  /** Absolute; does not exist yet. */
  to: string;
  maxBytes: number;
  /** Where PATH leads to the programs. */
  env: Record<string, string | undefined>;
}

/**
 * Turns a file into its easier type with a program of this machine, where there is one.
 * @returns whether it was done, within `maxBytes`
 */
export async function convert(
  { mimeType, from, to, maxBytes, env }: Conversion,
  signal: AbortSignal,
): Promise<boolean> {
  for (const { name, args } of recipes[mimeType]?.programs ?? []) {
    // A turn that was stopped starts nothing more.
    if (signal.aborted) return false;
    const program = findProgram(name, env);
    if (program === undefined) continue;
    const ran = await run(program, args(from, to), { cwd: dirname(to), env, signal });
    const made = ran ? await stat(to).catch(() => undefined) : undefined;
    if (made?.isFile() && made.size > 0 && made.size <= maxBytes) return true;
    await rm(to, { force: true });
  }
  return false;
}

function run(
  program: string,
  args: string[],
  { cwd, env, signal }: Pick<Conversion, "env"> & { cwd: string; signal: AbortSignal },
): Promise<boolean> {
  const { PATH, HOME, TMPDIR } = env;
  const options = {
    cwd,
    env: { PATH, HOME, TMPDIR },
    timeout: convertMs,
    killSignal: "SIGKILL",
    signal,
  } as const;
  return new Promise((resolve) => {
    execFile(program, args, options, (error) => resolve(error === null));
  });
}
