import type { ChildRecords } from "../../agents/index.js";
import { expandHome, type VoiceCommand } from "../../config/index.js";
import { findProgram, messageOf, type ProgramRun, runProgram, startProgram } from "../../platform/index.js";

/** How long a program of `voice` may take over one recording or one answer, milliseconds (behaviour 18.6). */
export const voiceMs = 60_000;
/** Of what a program says while it fails, UTF-16 code units. */
const mostWords = 300;

/** Where programs of `voice` run, whatever for. */
export interface VoicePlace {
  env: Record<string, string | undefined>;
  /** For `~`. */
  home: string;
  /** Writes down what runs, so that the next process ends what this one left behind (behaviour 6.2a). */
  records?: Pick<ChildRecords, "keep" | "forget">;
  /** Milliseconds; {@link voiceMs} when absent. */
  timeoutMs?: number;
}

/** What a program of `voice` is run with. */
export interface VoiceRun extends VoicePlace {
  /** The file that it reads or writes, absolute; no part of its name comes from a chat. */
  file: string;
  /** The folder that it works in, and where its temporary files go: removed after the run. */
  folder: string;
  /** What it reads on stdin. */
  input?: string;
  signal: AbortSignal;
}

/** What it printed, or why it failed: in full for the log, in a few words without a path for an agent. */
export type VoiceOutcome = { ok: true; stdout: string } | { ok: false; detail: string; brief: string };

/** Runs a program of `voice` once, without a shell; what it started ends with it. Never rejects. */
export async function runVoiceCommand(
  { command, args }: VoiceCommand,
  { file, folder, input, signal, env, home, records, timeoutMs = voiceMs }: VoiceRun,
): Promise<VoiceOutcome> {
  // Looked for here: a path that is relative to the gateway is not relative to the folder of the run.
  const program = findProgram(expandHome(command, home), env);
  if (program === undefined)
    return failed(`${command} is not there, or may not be run`, "the program is not there");
  const named = args.map((arg) => arg.split("{file}").join(file));
  const given = args.some((arg) => arg.includes("{file}")) ? named : [...named, file];
  const started = { end: () => {}, forget: async () => {} };
  const start = () => {
    const child = startProgram(program, given, { ...env, TMPDIR: folder }, folder);
    const { pid } = child.child;
    const kept = pid === undefined ? undefined : records?.keep(pid);
    started.end = () => child.signal("SIGKILL");
    started.forget = async () => {
      await kept;
      if (pid !== undefined) records?.forget(pid);
    };
    return child;
  };
  const run = await runProgram(program, given, {
    timeoutMs,
    start,
    signal,
    ...(input !== undefined && { input }),
  });
  started.end();
  await started.forget();
  return outcomeOf(run, command, timeoutMs);
}

function outcomeOf(run: ProgramRun, command: string, timeoutMs: number): VoiceOutcome {
  switch (run.state) {
    case "ended":
      if (run.exitCode === 0) return { ok: true, stdout: run.stdout };
      return failed(
        `${command} ended with ${run.exitCode ?? "a signal"}: ${run.stderr.trim().slice(-mostWords)}`,
        "the program failed",
      );
    case "timeout": {
      const late = `it did not end within ${timeoutMs / 1000} s`;
      return failed(`${command}: ${late}`, late);
    }
    case "aborted":
      return failed(`${command} was stopped with its turn`, "it was stopped");
    case "failed":
      return failed(`${command}: ${messageOf(run.error)}`, "the program could not be started");
  }
}

function failed(detail: string, brief: string): VoiceOutcome {
  return { ok: false, detail, brief };
}
