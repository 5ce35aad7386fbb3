import { homedir } from "node:os";
import type { Logger } from "pino";
import { loadPackage } from "../load-package.js";
import type { Log } from "../log.js";
import { censor, fieldWords, secretKeys } from "./field-words.js";
import { fileOutput, type LogOutput, streamOutput } from "./log-outputs.js";
import { type RotatedLog, rotatedOutput } from "./log-rotation.js";

export interface LogSettings {
  level: "trace" | "debug" | "info" | "warn" | "error";
  format: "text" | "json";
  /** Gets the log too; `~` is the home folder. */
  file?: string;
}

/**
 * Makes the gateway's log: one line per event on stderr with a level word, for people or as JSON lines (behaviour 17.2).
 * @param colours whether a terminal reads it
 * @param rotated the file behind stderr, where it is to be kept small
 */
export function createLog(settings: LogSettings, colours: boolean, rotated?: RotatedLog): Log {
  let logger: Logger | undefined;
  const at =
    (level: "debug" | "info" | "warn" | "error") =>
    (message: string, fields: Record<string, unknown> = {}) => {
      // Loaded with the first line: that comes while imsg is starting, which takes longer.
      logger ??= openLogger(settings, colours, rotated);
      logger[level](fields, message);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function openLogger(settings: LogSettings, colours: boolean, rotated: RotatedLog | undefined): Logger {
  const { pino } = loadPackage("pino");
  const stream = streamOutput(process.stderr);
  const stderr = rotated ? rotatedOutput(stream, rotated) : stream;
  const shown: LogOutput =
    settings.format === "json" ? stderr : { write: (line) => stderr.write(textLine(line, colours)) };
  const outputs = [shown];
  if (settings.file)
    outputs.push(
      fileOutput(settings.file.replace(/^~(?=\/)/, homedir()), (msg) =>
        shown.write(`${JSON.stringify({ level: "warn", time: new Date(), msg })}\n`),
      ),
    );
  return pino(
    {
      level: settings.level,
      base: null,
      formatters: { level: (level) => ({ level }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretKeys, censor },
    },
    { write: (line: string) => outputs.forEach((output) => void output.write(line)) },
  );
}

const colourOf: Record<string, string> = {
  debug: "\x1b[2m",
  info: "\x1b[32m",
  warn: "\x1b[33m",
  error: "\x1b[31m",
};

/** `18:04:11 info  message dropped: dm_not_allowed chat=7` in the local zone. */
function textLine(json: string, colours: boolean): string {
  const { level, time, msg, ...fields } = JSON.parse(json) as Record<string, unknown> & {
    level: string;
    time: string;
  };
  // Not toLocaleTimeString: that loads all of ICU's formats, 20 ms of a start.
  const clock = new Date(time).toTimeString().slice(0, 8);
  const word = level.padEnd(5);
  return `${clock} ${colours ? `${colourOf[level] ?? ""}${word}\x1b[0m` : word} ${String(msg)}${fieldWords(fields)}\n`;
}
