import { appendFileSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf, messageOf } from "../errors.js";
import { makeFolder } from "../folder.js";

/** Where lines of the log go. What cannot be written is lost; what serves people goes on. */
export interface LogOutput {
  /** @param line with its line feed */
  write(line: string): void;
}

/** Most that waits for a reader who is slow, characters: a stopped one must not fill the memory. */
const mostWaiting = 1_000_000;

/** @param stream a standard stream of this process; whoever read it may be gone, or the disk behind it full */
export function streamOutput(stream: NodeJS.WriteStream): LogOutput {
  // Without a listener, Node ends the process; the one of the command line does that too.
  stream.removeAllListeners("error");
  stream.on("error", () => {});
  return {
    write: (line) => {
      if (stream.writableLength < mostWaiting) stream.write(line);
    },
  };
}

/**
 * A file that is opened for each line: it is there again when it was moved away, and when its disk has space again.
 * @param onTrouble told once when it cannot be written, and again after it could be meanwhile
 */
export function fileOutput(path: string, onTrouble: (message: string) => void): LogOutput {
  let isWell = true;
  return {
    write: (line) => {
      try {
        append(path, line);
        isWell = true;
      } catch (error) {
        if (isWell) onTrouble(`logging.file cannot be written: ${messageOf(error)}`);
        isWell = false;
      }
    },
  };
}

function append(path: string, line: string): void {
  try {
    appendFileSync(path, line, { mode: 0o600 });
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    makeFolder(dirname(path));
    appendFileSync(path, line, { mode: 0o600 });
  }
}
